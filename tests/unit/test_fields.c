/* SPDX-License-Identifier: MIT */
/*
 * A value is shown with its unit to a person and bare to a machine, absent is
 * never zero, and text for a terminal has every field, nested ones too.
 */
#include "views/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "views/text.h"

static const char *const words[] = {NULL, "own", "host"};

static const struct {
	enum field_type type;
	int64_t value;
	const char *text, *plain;
} cases[] = {
	{FIELD_INTEGER, 0, "0", "0"},
	{FIELD_INTEGER, -1, "-1", "-1"},
	{FIELD_INTEGER, INT64_MAX, "9223372036854775807",
		"9223372036854775807"},
	{FIELD_INTEGER, FIELD_ABSENT, "-", ""},
	{FIELD_BYTES, 0, "0 B", "0"},
	{FIELD_BYTES, 1023, "1023 B", "1023"},
	{FIELD_BYTES, 1024, "1.0 KiB", "1024"},
	{FIELD_BYTES, 536870912, "512.0 MiB", "536870912"},
	{FIELD_BYTES, (1 << 20) - 1, "1.0 MiB", "1048575"},
	{FIELD_BYTES, INT64_MAX - 1, "8.0 EiB", "9223372036854775806"},
	{FIELD_BYTES, INT64_MAX, "-", ""}, /* no limit */
	{FIELD_BYTES, -1, "-", ""},
	{FIELD_BYTES, FIELD_ABSENT, "-", ""},
	{FIELD_DELTA, -2048, "-2.0 KiB", "-2048"},
	{FIELD_DELTA, -1, "-1 B", "-1"},
	{FIELD_DELTA, FIELD_ABSENT, "-", ""},
	{FIELD_SECONDS, 1204000, "1.204 s", "1.204"},
	{FIELD_SECONDS, 0, "0.000 s", "0.000"},
	{FIELD_SECONDS, -1, "-", ""},
	{FIELD_TIME, 1, "1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.001Z"},
	{FIELD_TIME, 1769860800123, "2026-01-31T12:00:00.123Z",
		"2026-01-31T12:00:00.123Z"},
	{FIELD_TIME, 0, "-", ""},
	{FIELD_BOOL, 1, "yes", "true"},
	{FIELD_BOOL, 0, "no", "false"},
	{FIELD_BOOL, -1, "-", ""},
	{FIELD_WORD, 1, "own", "own"},
	{FIELD_WORD, 0, "-", ""},
	{FIELD_WORD, -1, "-", ""},
	{FIELD_WORD, 3, "-", ""}, /* beyond the list: a damaged file */
	{FIELD_WORD, INT32_MAX, "-", ""},
};

static void each_type_has_its_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct field row = {
			.name = "x", .type = cases[i].type, FIELD_WORDS(words)};
		int32_t small = (int32_t)cases[i].value;
		bool is_small =
			row.type == FIELD_BOOL || row.type == FIELD_WORD;
		const void *at = is_small ? (const void *)&small
					  : (const void *)&cases[i].value;
		char out[64];

		assert_int_equal(
			field_absent(&row, at), cases[i].plain[0] == '\0');
		field_text(&row, at, out, sizeof(out));
		assert_string_equal(out, cases[i].text);
		field_plain(&row, at, out, sizeof(out));
		assert_string_equal(out, cases[i].plain);
	}
}

struct inner {
	int64_t bytes;
	char path[32];
};

struct outer {
	char id[8];
	struct inner limit, own;
	const void *list;
	int32_t count;
	const void *names;
	int32_t name_count;
	int64_t maybe;
};

static const struct field inner_fields[] = {
	FIELD_ROW(struct inner, bytes, "bytes", FIELD_BYTES),
	FIELD_ROW(struct inner, path, "path", FIELD_TEXT),
	FIELD_END,
};

static const struct field outer_fields[] = {
	FIELD_ROW(struct outer, id, "id", FIELD_TEXT),
	FIELD_ROW(struct outer, limit, "limit", FIELD_OBJECT,
		.rows = inner_fields),
	FIELD_ROW(struct outer, own, "", FIELD_OBJECT, .rows = inner_fields),
	FIELD_ROW(struct outer, list, "levels", FIELD_LIST,
		.rows = inner_fields,
		.count_offset = offsetof(struct outer, count),
		.stride = sizeof(struct inner)),
	FIELD_ROW(struct outer, names, "unreadable", FIELD_LIST,
		.count_offset = offsetof(struct outer, name_count),
		.stride = 4),
	FIELD_ROW(
		struct outer, maybe, "maybe", FIELD_INTEGER, .optional = true),
	FIELD_END,
};

static const struct inner levels[] = {{1024, "/a"}, {-1, ""}};

static const struct {
	struct outer data;
	const char *text;
} texts[] = {
	{{"x1", {2048, "/\x1b[2J\xc2\x9b"}, {3072, "own"}, levels, 2,
		 "abc\0def", 2, 7},
		"id:          x1\n"
		"limit.bytes: 2.0 KiB\n"
		"limit.path:  /\\x1b[2J\\x9b\n"
		"bytes:       3.0 KiB\n"
		"path:        own\n"
		"levels:\n"
		"- bytes:     1.0 KiB\n"
		"  path:      /a\n"
		"- bytes:     -\n"
		"  path:      -\n"
		"unreadable:\n"
		"- abc\n"
		"- def\n"
		"maybe:       7\n"},
	{{"", {-1, ""}, {-1, ""}, NULL, 0, NULL, -1, FIELD_ABSENT},
		"id:          -\n"
		"limit.bytes: -\n"
		"limit.path:  -\n"
		"bytes:       -\n"
		"path:        -\n"
		"levels:      none\n"
		"unreadable:  -\n"},
};

static void text_is_aligned_and_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t length;
		char *body;

		assert_int_equal(text_render(outer_fields, &texts[i].data,
					 &body, &length),
			0);
		assert_string_equal(body, texts[i].text);
		assert_int_equal(length, strlen(texts[i].text));
		free(body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_has_its_form),
		cmocka_unit_test(text_is_aligned_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
