/* SPDX-License-Identifier: MIT */
/*
 * Rows become JSON: lists arrays, absent null, and whatever bytes a name or a
 * path holds, it stays JSON.
 */
#include "views/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_json(
	const struct field *rows, const void *data, const char *expected)
{
	size_t length;
	char *body;

	assert_int_equal(json_render(rows, data, &body, &length), 0);
	assert_string_equal(body, expected);
	assert_int_equal(length, strlen(expected));
	free(body);
}

struct mixed {
	char text[32];
	int32_t yes;
	const void *names, *pages;
	int32_t names_count, pages_count;
};

static const struct field text_fields[] = {
	FIELD_ROW(struct mixed, text, "text", FIELD_TEXT),
	FIELD_END,
};

static const struct field mixed_fields[] = {
	FIELD_ROW(struct mixed, yes, "yes", FIELD_BOOL),
	FIELD_ROW(struct mixed, names, "names", FIELD_LIST, .stride = 3,
		.count_offset = offsetof(struct mixed, names_count)),
	FIELD_ROW(struct mixed, pages, "pages", FIELD_LIST, .rows = text_fields,
		.stride = sizeof(struct mixed),
		.count_offset = offsetof(struct mixed, pages_count)),
	FIELD_END,
};

static void lists_are_arrays(void **state)
{
	const struct mixed pages[] = {{.text = "a"}, {.text = ""}};
	struct mixed mixed = {"", 1, "ab\0cd", pages, 2, 2};

	(void)state;
	assert_json(mixed_fields, &mixed,
		"{\"yes\":true,\"names\":[\"ab\",\"cd\"],"
		"\"pages\":[{\"text\":\"a\"},{\"text\":null}]}\n");
	mixed = (struct mixed){"", 0, NULL, NULL, 0, -1};
	assert_json(mixed_fields, &mixed,
		"{\"yes\":false,\"names\":[],\"pages\":null}\n");
}

#define FFFD "\xef\xbf\xbd"

static const struct {
	const char *text, *shown;
} bytes[] = {
	{"plain", "plain"}, {"a\"b\\c\n\x01", "a\\\"b\\\\c\\n\\u0001"},
	{"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
	{"\xff", FFFD}, {"a\xc3", "a" FFFD},	   /* cut short */
	{"\xe2\x82z", FFFD FFFD "z"},		   /* cut short within */
	{"\x80", FFFD},				   /* goes on from nothing */
	{"\xc0\xaf", FFFD FFFD},		   /* overlong / */
	{"\xe0\x80\x80", FFFD FFFD FFFD},	   /* overlong */
	{"\xf0\x80\x80\x80", FFFD FFFD FFFD FFFD}, /* overlong */
	{"\xed\xa0\x80", FFFD FFFD FFFD},	   /* a surrogate */
	{"\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD}, /* beyond U+10FFFF */
	{"\xf5\x80\x80\x80", FFFD FFFD FFFD FFFD},
	{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"}, /* U+10FFFF */
};

static void any_bytes_are_valid_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		struct mixed mixed = {.yes = -1};
		char expected[128];

		strcpy(mixed.text, bytes[i].text);
		(void)snprintf(expected, sizeof(expected),
			"{\"text\":\"%s\"}\n", bytes[i].shown);
		assert_json(text_fields, &mixed, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_arrays),
		cmocka_unit_test(any_bytes_are_valid_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
