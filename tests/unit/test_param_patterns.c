/* SPDX-License-Identifier: MIT */
/*
 * The patterns that the OpenAPI document has for a type let through what its
 * parser takes, out of range or not, and nothing else.
 */
#include "http/params.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const texts[] = {"0", "1", "512", "007", "1.5", "1.", ".5",
	"1.2.3", "+1", "-1", " 1", "1 ", "1e3", "0x10", "nan", "1K", "1k",
	"1Ki", "1KiB", "1KB", "1kb", "1iB", "1B", "1M/s", "1M/S", "1/s", "/s",
	"1M/", "2T", "2P", "50%", "0.5%", "50%%", "%", "1%/s", "30", "500ms",
	"500MS", "1m", "1M", "1h", "1d", "1hm", "s", "10s", "10S",
	"99999999999999999999", "2026-01-31T12:00:00Z", "2026-01-31t12:00:00z",
	"2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.Z",
	"2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00+0200",
	"2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-01-31",
	"12:00:00Z", "1769860800123-0123456789abcdef0123456789abcdef",
	"1769860800123-0123456789ABCDEF0123456789ABCDEF",
	"1769860800123-0123456789abcdef0123456789abcde", "-1-", "1-2"};

/* A value out of range is one that is written well. */
static bool is_written_well(const struct param *row, const char *text)
{
	struct http_problem problem;
	struct param_value value;

	return param_parse_value(row, text, &value, &problem) == 0 ||
	       strstr(problem.detail, "out of range");
}

static int check_type(const struct param *row)
{
	const char *pattern = params_type_pattern(row->type);
	int matches = 0;
	regex_t regex;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bool matched = regexec(&regex, texts[i], 0, NULL, 0) == 0;

		if (matched != is_written_well(row, texts[i]))
			fail_msg("%s, a %s: %s %s match %s", row->name,
				params_type_name(row->type), texts[i],
				matched ? "does" : "does not", pattern);
		matches += matched;
	}
	regfree(&regex);
	return matches;
}

static void a_pattern_is_what_the_parser_takes(void **state)
{
	(void)state;
	for (const struct param *row = params_table; row->name; row++)
		if (params_type_pattern(row->type))
			assert_true(check_type(row) > 0);
}

static void every_type_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < PARAM_TYPES; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				params_type_name((enum param_type)i),
				params_type_name((enum param_type)j));
}

static void where_csv_is_spoken_format_says_so(void **state)
{
	(void)state;
	assert_ptr_equal(
		params_row("format", "limit format=csv"), &params_format_csv);
	assert_ptr_equal(params_row("format", "limit"), params_find("format"));
	assert_ptr_equal(params_row("limit", ""), params_find("limit"));
	assert_null(params_row("nothing", "nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_is_what_the_parser_takes),
		cmocka_unit_test(every_type_has_a_name_of_its_own),
		cmocka_unit_test(where_csv_is_spoken_format_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
