/* SPDX-License-Identifier: MIT */
/*
 * The table of parameters, and what reads it: one parser whose refusals are
 * worded from the row at fault, so that text and bounds cannot drift apart.
 */
#include "http/params.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "http/quantity.h"
#include "http/query.h"
#include "http/words.h"

/* A percentage's own bounds (docs/API.md): above 0 to 10000 %. */
#define MILLIPERCENT_MIN 1
#define MILLIPERCENT_MAX (INT64_C(10000) * 1000)

/* In the order of enum http_format. */
static const char *const format_words[] = {"html", "json", "text", NULL};

static const char *const kind_words[] = {"anon", "huge", "rows", "shm", "file", "locked", "pipe", "pagetable", NULL};
static const char *const fill_words[] = {"zero", "random", NULL};
static const char *const dies_words[] = {"worker", "container", NULL};
const struct param params_table[] = {
	/* clang-format off */
	/* name, type, min, max, preset, words, help */
	{"rows", PARAM_INTEGER, 0, 100000000, "1000000", NULL,
		"rows of the list of lists that GET / builds"},
	{"columns", PARAM_INTEGER, 1, 100000, "100", NULL,
		"integers in each of its rows"},
	{"size", PARAM_SHARE, 1, INT64_MAX, "", NULL, "size"},
	{"kind", PARAM_WORD, 0, 0, "anon", kind_words, "kind"},
	{"for", PARAM_DURATION, 0, 86400000, "", NULL, "for"},
	{"rate", PARAM_RATE, 1, INT64_MAX, "", NULL, "rate"},
	{"first", PARAM_QUANTITY, 0, INT64_MAX, "0", NULL, "first"},
	{"leave", PARAM_SHARE, 1, INT64_MAX, "", NULL, "leave"},
	{"fill", PARAM_WORD, 0, 0, "zero", fill_words, "fill"},
	{"touch", PARAM_DURATION, 10, 86400000, "", NULL, "touch"},
	{"score", PARAM_INTEGER, -1000, 1000, "1000", NULL, "score"},
	{"within", PARAM_DURATION, 1, 86400000, "", NULL, "within"},
	{"dies", PARAM_WORD, 0, 0, "worker", dies_words, "dies"},
	{"megabytes", PARAM_INTEGER, 0, INT32_MAX, "", NULL, "mb"},
	{"durationSec", PARAM_INTEGER, 0, INT32_MAX, "", NULL, "s"},
	{"format", PARAM_WORD, 0, 0, "", format_words,
		"form of the answer; beats the Accept header"},
	{NULL, PARAM_INTEGER, 0, 0, NULL, NULL, NULL},
	/* clang-format on */
};

#define ROWS (sizeof(params_table) / sizeof(params_table[0]) - 1)
_Static_assert(ROWS <= PARAMS_MAX, "struct params has no room for the table");

/* What a type is called, and how its bounds are told. */
static const struct {
	int (*parse)(const char *text, int64_t *out);
	const char *not_one;
	const char *unit;
} types[PARAM_TYPES] = {
	[PARAM_INTEGER] = {integer_parse, "not a whole number", ""},
	[PARAM_QUANTITY] = {quantity_parse, "not a quantity",
		" bytes, as 512, 64K, 256M, 1.5GiB, 2GB"},
	[PARAM_SHARE] = {quantity_parse, "neither a quantity nor a percentage",
		" bytes, as 256M or 1.5GiB, or above 0% to 10000%"},
	[PARAM_RATE] = {rate_parse, "not a rate",
		" bytes a second, as 50M or 50M/s"},
	[PARAM_DURATION] = {duration_parse, "not a duration",
		" ms, as 30 (seconds), 500ms, 30s, 5m, 1h"},
	[PARAM_WORD] = {NULL, "not one of the words", ""},
};

const struct param *params_find(const char *name)
{
	for (const struct param *row = params_table; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

const struct param_value *params_value(
	const struct params *params, const char *name)
{
	static const struct param_value none = {.integer = -1};
	const struct param *row = params_find(name);

	return row ? &params->values[row - params_table] : &none;
}

/* Appends a word to a list with blanks between; what does not fit is left. */
static void words_append(char *out, size_t size, const char *word)
{
	size_t used = strlen(out);

	(void)snprintf(out + used, size - used, "%s%s", used ? " " : "", word);
}

void params_allowed(const struct param *row, char *out, size_t size)
{
	out[0] = '\0';
	if (row->type == PARAM_WORD) {
		for (const char *const *word = row->words; *word; word++)
			words_append(out, size, *word);
		return;
	}
	(void)snprintf(out, size, "%" PRId64 "..%" PRId64 "%s", row->min,
		row->max, types[row->type].unit);
}

static int word_parse(const struct param *row, const char *text, int64_t *out)
{
	for (int i = 0; row->words[i]; i++) {
		if (strcmp(row->words[i], text) == 0) {
			*out = i;
			return 0;
		}
	}
	errno = EINVAL;
	return -1;
}

/* What is wrong with text as a value of row, or NULL with *value set. */
static const char *value_fault(
	const struct param *row, const char *text, struct param_value *value)
{
	int64_t min = row->min, max = row->max;
	size_t length = strlen(text);
	int failed;

	value->percent = row->type == PARAM_SHARE && length > 0 &&
			 text[length - 1] == '%';
	if (value->percent) {
		min = MILLIPERCENT_MIN;
		max = MILLIPERCENT_MAX;
		failed = percent_parse(text, &value->integer);
	} else if (row->type == PARAM_WORD) {
		return word_parse(row, text, &value->integer) < 0
			       ? types[PARAM_WORD].not_one
			       : NULL;
	} else {
		failed = types[row->type].parse(text, &value->integer);
	}
	if (failed)
		return errno == ERANGE ? "out of range"
				       : types[row->type].not_one;
	return value->integer < min || value->integer > max ? "out of range"
							    : NULL;
}

int param_parse_value(const struct param *row, const char *text,
	struct param_value *value, struct http_problem *problem)
{
	struct param_value parsed = {.given = true, .integer = -1};
	const char *fault = value_fault(row, text, &parsed);
	char allowed[sizeof(problem->allowed)];

	if (!fault) {
		*value = parsed;
		return 0;
	}
	params_allowed(row, allowed, sizeof(allowed));
	return http_problem_parameter(problem, row->name, text, allowed, fault);
}

static void params_preset(struct params *params)
{
	for (size_t i = 0; i < PARAMS_MAX; i++) {
		struct param_value *value = &params->values[i];

		*value = (struct param_value){.integer = -1};
		if (i < ROWS && params_table[i].preset[0])
			(void)value_fault(&params_table[i],
				params_table[i].preset, value);
	}
}

static int name_unknown(const char *name, const char *value,
	const char *accepts, struct http_problem *problem)
{
	char allowed[sizeof(problem->allowed)];

	(void)snprintf(allowed, sizeof(allowed), "%s", accepts);
	if (!words_have(accepts, "format"))
		words_append(allowed, sizeof(allowed), "format");
	return http_problem_parameter(problem, name, value ? value : "",
		allowed, "not a parameter of this route");
}

static int params_take(const UriQueryListA *item, const char *accepts,
	struct params *params, struct http_problem *problem)
{
	const struct param *row = params_find(item->key);
	const char *fault = NULL;
	char allowed[sizeof(problem->allowed)];
	struct param_value *value;

	if (!row || (strcmp(row->name, "format") != 0 &&
			    !words_have(accepts, row->name)))
		return name_unknown(item->key, item->value, accepts, problem);
	value = &params->values[row - params_table];
	if (value->given)
		fault = "given more than once";
	else if (!item->value || !item->value[0])
		fault = "has no value";
	else
		return param_parse_value(row, item->value, value, problem);
	params_allowed(row, allowed, sizeof(allowed));
	return http_problem_parameter(problem, row->name,
		item->value ? item->value : "", allowed, fault);
}

int params_parse(const char *query, const char *accepts, struct params *params,
	struct http_problem *problem)
{
	UriQueryListA *list;
	int failed = 0;

	params_preset(params);
	if (query_dissect(query, &list, problem) < 0)
		return -1;
	for (const UriQueryListA *item = list; item && !failed;
		item = item->next)
		failed = params_take(item, accepts, params, problem);
	uriFreeQueryListA(list);
	return failed;
}

const char *params_word(const struct params *params, const char *name)
{
	const struct param *row = params_find(name);
	return row->words[params_value(params, name)->integer];
}
