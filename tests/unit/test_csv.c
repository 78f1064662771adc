/* SPDX-License-Identifier: MIT */
/*
 * A list as RFC 4180 has it, and nothing in it that a spreadsheet runs.
 */
#include "views/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const words[] = {"none", "one"};

struct thing {
	char name[32];
	int32_t word;
	int64_t bytes, at_ms, delta;
};

struct things {
	int32_t count;
	const struct thing *list;
};

/* clang-format off */
static const struct field thing_fields[] = {
	FIELD_ROW(struct thing, name, "name", FIELD_TEXT),
	FIELD_ROW(struct thing, word, "word", FIELD_WORD, FIELD_WORDS(words)),
	FIELD_ROW(struct thing, bytes, "bytes", FIELD_BYTES),
	FIELD_ROW(struct thing, at_ms, "at", FIELD_TIME),
	FIELD_ROW(struct thing, delta, "delta", FIELD_DELTA),
	FIELD_END
};

static const struct field fields[] = {
	FIELD_ROW(struct things, list, "things", FIELD_LIST,
		.rows = thing_fields, .stride = sizeof(struct thing),
		.count_offset = offsetof(struct things, count)),
	FIELD_END
};
/* clang-format on */

static void assert_csv(const struct things *things, const char *expected)
{
	size_t length;
	char *body;

	assert_int_equal(
		csv_render(fields, "things", things, &body, &length), 0);
	assert_string_equal(body, expected);
	free(body);
}

static void an_empty_list_is_a_line_of_names(void **state)
{
	(void)state;
	assert_csv(&(struct things){0}, "name,word,bytes,at,delta\r\n");
}

static void values_are_bare_and_texts_are_quoted(void **state)
{
	const struct thing list[] = {
		{"a \"b\", c\r\nd", 1, 2048, 1769860800123, -5},
		{"", 7, -1, 0, FIELD_ABSENT},
	};

	(void)state;
	assert_csv(&(struct things){2, list},
		"name,word,bytes,at,delta\r\n"
		"\"a \"\"b\"\", c\r\nd\",\"one\",2048,"
		"2026-01-31T12:00:00.123Z,-5\r\n"
		",,,,\r\n");
}

static void no_text_is_a_formula(void **state)
{
	static const char *const texts[] = {
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct thing one = {
			.word = -1, .bytes = -1, .delta = FIELD_ABSENT};
		char expected[128];

		(void)snprintf(one.name, sizeof(one.name), "%s", texts[i]);
		(void)snprintf(expected, sizeof(expected),
			"name,word,bytes,at,delta\r\n\"'%s\",,,,\r\n",
			texts[i]);
		assert_csv(&(struct things){1, &one}, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_list_is_a_line_of_names),
		cmocka_unit_test(values_are_bare_and_texts_are_quoted),
		cmocka_unit_test(no_text_is_a_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
