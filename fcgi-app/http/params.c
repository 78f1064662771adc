/* SPDX-License-Identifier: MIT */
/*
 * What reads the table: one parser whose refusals are worded from the row at
 * fault, so that text and bounds cannot drift apart. Query, form and JSON come
 * here alike, name by name.
 */
#include "http/params.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "http/quantity.h"
#include "http/query.h"
#include "http/time.h"
#include "http/words.h"

/* A percentage's own bounds (docs/API.md): above 0 to 10000 %. */
#define MILLIPERCENT_MIN 1
#define MILLIPERCENT_MAX (INT64_C(10000) * 1000)

/* Among what a route takes: format, and CSV is one. */
#define FORMAT_CSV "format=csv"

#define AMOUNT "[0-9]+(\\.[0-9]+)?"
#define UNIT   "[KkMmGgTt][Ii]?[Bb]?"
#define SPAN   AMOUNT "([Mm]?[Ss]|[MmHh])?"
#define TIME                                                                   \
	"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?" \
	"([Zz]|[+-][0-9]{2}:[0-9]{2})"

/* What a type is called, how it is written, and how its bounds are told. */
static const struct {
	const char *name;
	int (*parse)(const char *text, int64_t *out);
	const char *not_one;
	const char *unit;
	const char *pattern;
} types[PARAM_TYPES] = {
	[PARAM_INTEGER] = {"integer", integer_parse, "not a whole number", "",
		NULL},
	[PARAM_QUANTITY] = {"quantity", quantity_parse, "not a quantity",
		" bytes, as 512, 64K, 256M, 1.5GiB, 2GB",
		"^" AMOUNT "(" UNIT ")?$"},
	[PARAM_SHARE] = {"share", quantity_parse,
		"neither a quantity nor a percentage",
		" bytes, as 256M or 1.5GiB, or above 0% to 10000%",
		"^" AMOUNT "(" UNIT "|%)?$"},
	[PARAM_RATE] = {"rate", rate_parse, "not a rate",
		" bytes a second, as 50M or 50M/s",
		"^" AMOUNT "(" UNIT ")?(/s)?$"},
	[PARAM_DURATION] = {"duration", duration_parse, "not a duration",
		" ms, as 30 (seconds), 500ms, 30s, 5m, 1h", "^" SPAN "$"},
	[PARAM_WORD] = {"word", NULL, "not one of the words", "", NULL},
	[PARAM_TIME] = {"time", duration_parse, "neither a time nor a duration",
		" ms ago, as 10m or 2h; or a time, as 2026-01-31T12:00:00Z",
		"^(" SPAN "|" TIME ")$"},
	[PARAM_PLACE] = {"place", NULL, "not a place in the list",
		"what next of the page before has", "^[0-9]+-[0-9a-f]{32}$"},
};

const char *params_type_name(enum param_type type)
{
	return types[type].name;
}

const char *params_type_pattern(enum param_type type)
{
	return types[type].pattern;
}

const struct param *params_row(const char *name, const char *accepts)
{
	if (strcmp(name, "format") == 0 && words_have(accepts, FORMAT_CSV))
		return &params_format_csv;
	return params_find(name);
}

const struct param_value *params_value(
	const struct params *params, const char *name)
{
	static const struct param_value none = {.integer = -1};
	const struct param *row = params_find(name);

	return row ? &params->values[row - params_table] : &none;
}

int64_t params_time(const struct params *params, const char *name,
	int64_t now_ms, int64_t none_ms)
{
	const struct param_value *value = params_value(params, name);

	if (!value->given)
		return none_ms;
	return value->ago ? now_ms - value->integer : value->integer;
}

/* What is allowed is that row's but for format, of which CSV is spoken only
 * here and there. */
static const struct param *row_read(
	const struct param *row, const struct params *params)
{
	return params->csv && strcmp(row->name, "format") == 0
		       ? &params_format_csv
		       : row;
}

const char *params_word(const struct params *params, const char *name)
{
	int64_t index = params_value(params, name)->integer;

	return index < 0 ? NULL
			 : row_read(params_find(name), params)->words[index];
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
	if (row->type == PARAM_PLACE)
		(void)snprintf(out, size, "%s", types[row->type].unit);
	else
		(void)snprintf(out, size, "%" PRId64 "..%" PRId64 "%s",
			row->min, row->max, types[row->type].unit);
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

/* "1769860800123-" and 32 hex digits. */
static int place_parse(const char *text, struct param_value *value)
{
	size_t digits = strspn(text, "0123456789");
	const char *id = text + digits + 1;
	char number[24];

	errno = EINVAL;
	if (digits >= sizeof(number) || text[digits] != '-' ||
		strspn(id, "0123456789abcdef") != sizeof(value->id) - 1 ||
		id[sizeof(value->id) - 1] != '\0')
		return -1;
	(void)snprintf(number, sizeof(number), "%.*s", (int)digits, text);
	if (integer_parse(number, &value->integer) < 0)
		return -1;
	memcpy(value->id, id, sizeof(value->id));
	return 0;
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
	} else if (row->type == PARAM_PLACE) {
		failed = place_parse(text, value);
	} else if (row->type == PARAM_TIME &&
		   time_parse(text, &value->integer) == 0) {
		return NULL; /* any point in time is one */
	} else {
		value->ago = row->type == PARAM_TIME;
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
		(void)snprintf(parsed.came, sizeof(parsed.came), "%s", text);
		*value = parsed;
		return 0;
	}
	params_allowed(row, allowed, sizeof(allowed));
	return http_problem_parameter(problem, row->name, text, allowed, fault);
}

static void params_preset(struct params *params)
{
	for (size_t i = 0; i < PARAMS_MAX; i++)
		params->values[i] = (struct param_value){.integer = -1};
	for (const struct param *row = params_table; row->name; row++)
		if (row->preset[0])
			(void)value_fault(row, row->preset,
				&params->values[row - params_table]);
}

/* The row of that name if the route takes it, else NULL. */
static const struct param *row_taken(const char *name, const char *accepts)
{
	const struct param *row = params_find(name);

	return row && (words_have(accepts, name) || words_have("format", name))
		       ? row
		       : NULL;
}

static int refuse(const struct param *row, const char *got, const char *why,
	struct http_problem *problem)
{
	char allowed[sizeof(problem->allowed)];

	params_allowed(row, allowed, sizeof(allowed));
	return http_problem_parameter(problem, row->name, got, allowed, why);
}

static int name_unknown(const char *name, const char *got, const char *accepts,
	struct http_problem *problem)
{
	char allowed[sizeof(problem->allowed)];

	(void)snprintf(allowed, sizeof(allowed), "%s", accepts);
	if (words_have(allowed, FORMAT_CSV)) /* it is the last */
		strstr(allowed, FORMAT_CSV)[strlen("format")] = '\0';
	if (!words_have(allowed, "format"))
		words_append(allowed, sizeof(allowed), "format");
	return http_problem_parameter(
		problem, name, got, allowed, "not a parameter of this route");
}

int params_refuse(const char *name, const char *got, const char *accepts,
	const char *why, struct http_problem *problem)
{
	const struct param *row = row_taken(name, accepts);

	if (!row)
		return name_unknown(name, got, accepts, problem);
	return refuse(row, got, why, problem);
}

int params_take(const char *name, const char *value, const char *accepts,
	struct params *params, struct http_problem *problem)
{
	const struct param *row = row_taken(name, accepts);
	const char *got = value ? value : "";
	struct param_value *slot;

	if (!row)
		return name_unknown(name, got, accepts, problem);
	slot = &params->values[row - params_table];
	row = row_read(row, params);
	if (slot->given)
		return refuse(row, got, "given more than once", problem);
	if (!got[0])
		return refuse(row, got, "has no value", problem);
	return param_parse_value(row, got, slot, problem);
}

static int query_too_long(size_t length, struct http_problem *problem)
{
	char got[32], allowed[32];

	(void)snprintf(got, sizeof(got), "%zu bytes", length);
	(void)snprintf(allowed, sizeof(allowed), "at most %d bytes", QUERY_MAX);
	http_problem_parameter(problem, "query", got, allowed, "too long");
	problem->status = 414;
	return -1;
}

int params_parse(const char *query, const char *accepts, struct params *params,
	struct http_problem *problem)
{
	size_t length = strlen(query);
	char copy[QUERY_MAX + 1];
	struct query_text text = {copy, copy + length};
	const char *name, *value;
	int left;

	params_preset(params);
	params->csv = words_have(accepts, FORMAT_CSV);
	if (length > QUERY_MAX)
		return query_too_long(length, problem);
	memcpy(copy, query, length + 1);
	while ((left = query_next(&text, &name, &value, problem)) > 0)
		if (params_take(name, value, accepts, params, problem) < 0)
			return -1;
	return left;
}

int params_require(const char *accepts, const struct params *params,
	struct http_problem *problem)
{
	const struct param *row = params_table;
	char allowed[sizeof(problem->allowed)];

	while (row->name && !(row->required && words_have(accepts, row->name) &&
				    !params->values[row - params_table].given))
		row++;
	if (!row->name)
		return 0;
	params_allowed(row, allowed, sizeof(allowed));
	http_problem(problem, 400, "Parameter %s is missing; allowed: %s",
		row->name, allowed);
	(void)snprintf(problem->parameter, sizeof(problem->parameter), "%s",
		row->name);
	(void)snprintf(
		problem->allowed, sizeof(problem->allowed), "%s", allowed);
	return -1;
}
