/* SPDX-License-Identifier: MIT */
/*
 * Each type of parameter takes what docs/API.md says and refuses the rest by
 * name, and the table itself is whole.
 */
#include "http/params.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const fills[] = {"zero", "random", NULL};

/* Rows as later parameters have them: a type each. */
static const struct param size = {
	"size", PARAM_SHARE, false, 1, INT64_MAX, "", NULL, "bytes or a share"};
static const struct param first = {
	"first", PARAM_QUANTITY, false, 0, 1 << 30, "0", NULL, "bytes"};
static const struct param rate = {
	"rate", PARAM_RATE, false, 1, INT64_MAX, "", NULL, "bytes a second"};
static const struct param hold = {
	"for", PARAM_DURATION, false, 0, 3600000, "0s", NULL, "how long"};
static const struct param score = {
	"score", PARAM_INTEGER, false, -1000, 1000, "1000", NULL, "badness"};
static const struct param fill = {
	"fill", PARAM_WORD, false, 0, 0, "zero", fills, "what with"};

static const struct param since = {
	"since", PARAM_TIME, false, 0, 86400000, "", NULL, "not before"};
static const struct param before = {
	"before", PARAM_PLACE, false, 0, INT64_MAX, "", NULL, "behind"};

static const struct {
	const struct param *row;
	const char *text;
	bool percent;
	int64_t value; /* -1: refused */
} values[] = {
	{&size, "256M", false, 268435456},
	{&size, "50%", true, 50000},
	{&size, "12.5%", true, 12500},
	{&size, "10000%", true, 10000000},
	{&size, "0", false, -1},
	{&size, "-1", false, -1},
	{&size, "0%", false, -1},
	{&size, "0.0001%", false, -1},
	{&size, "10001%", false, -1},
	{&size, "10%%", false, -1},
	{&size, "1e30", false, -1},
	{&size, "18446744073709551617", false, -1},
	{&size, "nan", false, -1},
	{&size, "0x10", false, -1},
	{&size, "1.2.3", false, -1},
	{&size, "5Q", false, -1},
	{&size, "", false, -1},
	{&first, "1G", false, 1 << 30},
	{&first, "50%", false, -1},
	{&first, "1073741825", false, -1},
	{&rate, "50M/s", false, 52428800},
	{&rate, "0", false, -1},
	{&hold, "1h", false, 3600000},
	{&hold, "3601", false, -1},
	{&score, "1000", false, 1000},
	{&score, "1001", false, -1},
	{&score, "-1001", false, -1},
	{&since, "10m", false, 600000},
	{&since, "1970-01-01T00:00:01Z", false, 1000},
	{&since, "25h", false, -1},
	{&since, "1769860800", false, -1}, /* Unix seconds: 56 years */
	{&since, "2026-01-31", false, -1},
	{&since, "yesterday", false, -1},
	{&before, "1000-0123456789abcdef0123456789abcdef", false, 1000},
	{&before, "1000-0123456789abcdef0123456789abcde", false, -1},
	{&before, "1000-0123456789abcdef0123456789abcdef0", false, -1},
	{&before, "1000-0123456789ABCDEF0123456789ABCDEF", false, -1},
	{&before, "-0123456789abcdef0123456789abcdef", false, -1},
	{&before, "99999999999999999999-0123456789abcdef0123456789abcdef",
		false, -1},
	{&before, "1000", false, -1},
	{&fill, "random", false, 1},
	{&fill, "rand", false, -1},
	{&fill, "randomly", false, -1},
	{&fill, "Zero", false, -1},
};

static void each_type_reads_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct param *row = values[i].row;
		struct param_value value = {.integer = -1};
		struct http_problem problem = {0};
		int result = param_parse_value(
			row, values[i].text, &value, &problem);

		if (value.integer != values[i].value ||
			value.percent != values[i].percent ||
			value.given != (values[i].value >= 0) ||
			result != (values[i].value >= 0 ? 0 : -1))
			fail_msg("%s=%s: %d, %" PRId64, row->name,
				values[i].text, result, value.integer);
		if (result == 0)
			continue;
		assert_int_equal(problem.status, 400);
		assert_string_equal(problem.parameter, row->name);
		assert_string_equal(problem.got, values[i].text);
		assert_int_not_equal(problem.allowed[0], '\0');
		assert_non_null(strstr(problem.detail, problem.allowed));
	}
}

static void bounds_are_told_in_the_types_own_words(void **state)
{
	char allowed[256];

	(void)state;
	params_allowed(&fill, allowed, sizeof(allowed));
	assert_string_equal(allowed, "zero random");
	params_allowed(&score, allowed, sizeof(allowed));
	assert_string_equal(allowed, "-1000..1000");
	params_allowed(&size, allowed, sizeof(allowed));
	assert_non_null(strstr(allowed, "10000%"));
	params_allowed(&hold, allowed, 8); /* cut, never overrun */
	assert_string_equal(allowed, "0..3600");
}

static void preset_is_within_bounds(const struct param *row)
{
	struct param_value value;
	struct http_problem problem;

	if (row->preset[0] &&
		param_parse_value(row, row->preset, &value, &problem) != 0)
		fail_msg("%s: %s", row->name, problem.detail);
}

static void every_row_of_the_table_is_whole(void **state)
{
	(void)state;
	for (const struct param *row = params_table; row->name; row++) {
		assert_ptr_equal(params_find(row->name), row); /* unique */
		assert_int_not_equal(row->help[0], '\0');
		assert_int_not_equal(row->help[strlen(row->help) - 1], '.');
		assert_true(row->min <= row->max);
		assert_true(row->type < PARAM_TYPES);
		assert_int_equal(row->type == PARAM_WORD, row->words != NULL);
		assert_null(strchr(row->name, ' '));
		preset_is_within_bounds(row);
		/* What must come has no use for a default. */
		assert_false(row->required && row->preset[0]);
	}
	assert_null(params_find(""));
	assert_null(params_find("row"));
	assert_null(params_find("rowss"));
}

/* C says FILL_RANDOM where a person says random. */
static void words_are_what_the_enums_say(void **state)
{
	static const char *const words[] = {
		[FILL_ZERO] = "zero", [FILL_RANDOM] = "random"};
	static const char *const ends[] = {
		[DIES_WORKER] = "worker", [DIES_CONTAINER] = "container"};
	struct http_problem problem;
	struct params params;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_string_equal(params_find("fill")->words[i], words[i]);
		assert_string_equal(params_find("dies")->words[i], ends[i]);
	}
	assert_null(params_find("fill")->words[2]);
	assert_null(params_find("dies")->words[2]);
	assert_int_equal(
		params_parse("kind=pagetable", "kind fill", &params, &problem),
		0);
	assert_string_equal(params_word(&params, "kind"), "pagetable");
	assert_string_equal(params_word(&params, "fill"), "zero");
	assert_null(params_word(&params, "format"));
}

static void csv_is_a_format_where_a_route_has_it(void **state)
{
	struct http_problem problem;
	struct params params;

	(void)state;
	assert_int_equal(params_parse("format=csv", "limit format=csv", &params,
				 &problem),
		0);
	assert_string_equal(params_word(&params, "format"), "csv");
	assert_int_equal(params_parse("format=xml", "limit format=csv", &params,
				 &problem),
		-1);
	assert_string_equal(problem.allowed, "html json text csv");
	assert_int_equal(
		params_parse("x=1", "limit format=csv", &params, &problem), -1);
	assert_string_equal(problem.allowed, "limit format");
	assert_int_equal(
		params_parse("format=csv", "limit", &params, &problem), -1);
	assert_string_equal(problem.allowed, "html json text");
}

static void a_time_ago_is_told_from_a_point_in_time(void **state)
{
	struct http_problem problem;
	struct params params;

	(void)state;
	assert_int_equal(
		params_parse("since=5s", "since", &params, &problem), 0);
	assert_true(params_value(&params, "since")->ago);
	assert_int_equal(params_parse("since=2026-01-31T12:00:00Z", "since",
				 &params, &problem),
		0);
	assert_false(params_value(&params, "since")->ago);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_reads_its_own),
		cmocka_unit_test(bounds_are_told_in_the_types_own_words),
		cmocka_unit_test(every_row_of_the_table_is_whole),
		cmocka_unit_test(words_are_what_the_enums_say),
		cmocka_unit_test(csv_is_a_format_where_a_route_has_it),
		cmocka_unit_test(a_time_ago_is_told_from_a_point_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
