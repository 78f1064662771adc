/* SPDX-License-Identifier: MIT */
/*
 * A JSON body is an object of strings and numbers; numbers count as they are
 * written, and whatever else stands there is refused by its name.
 */
#include "http/json_members.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "posted.h"

static const struct {
	const char *text;
	const char *names[3], *values[3];
	const char *fault; /* a part, of the last one; NULL: none has one */
} read[] = {
	{"{}", {NULL}, {NULL}, NULL},
	{"{\"size\":\"256M\",\"for\":10}", {"size", "for"}, {"256M", "10"},
		NULL},
	{" \r\n{ \"a\" : -1.50 ,\t\"b\":\"\\u0041\\n\" }\n", {"a", "b"},
		{"-1.50", "A\n"}, NULL},
	{"{\"a\":9007199254740993,\"b\":18446744073709551617,\"c\":1e30}",
		{"a", "b", "c"},
		{"9007199254740993", "18446744073709551617", "1e30"}, NULL},
	{"{\"a\":1,\"a\":2}", {"a", "a"}, {"1", "2"}, NULL},
	{"{\"a,}\\\"{\":\"},:\\\"\",\"\":0}", {"a,}\"{", ""}, {"},:\"", "0"},
		NULL},
	{"{\"a\":\"\\\\u0000\"}", {"a"}, {"\\u0000"}, NULL},
	{"{\"a\":1,\"b\":null}", {"a", "b"}, {"1", "null"}, "neither"},
	{"{\"a\":true }", {"a"}, {"true"}, "neither"},
	{"{\"a\": [1, \"]\", {\"b\":2}] }", {"a"}, {"[1, \"]\", {\"b\":2}]"},
		"neither"},
	{"{\"a\":{\"b\":[]}}", {"a"}, {"{\"b\":[]}"}, "neither"},
	{"{\"a\":\"1\\u0000Q\"}", {"a"}, {"\"1\\u0000Q\""}, "NUL"},
	{"{\"a\\u0000b\":1}", {"a"}, {"1"}, "NUL"},
};

static void members_come_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		struct json_member member = {.fault = NULL};
		struct json_members members;
		size_t count = 0;
		char text[128];

		strcpy(text, read[i].text);
		assert_int_equal(
			json_members_open(&members, text, strlen(text)), 0);
		while (json_members_next(&members, &member)) {
			if (count >= 3 || !read[i].names[count])
				fail_msg("%s has too many", read[i].text);
			assert_string_equal(member.name, read[i].names[count]);
			assert_string_equal(
				member.value, read[i].values[count]);
			count++;
		}
		assert_true(count == 3 || !read[i].names[count]);
		assert_int_equal(!member.fault, !read[i].fault);
		if (member.fault)
			assert_non_null(strstr(member.fault, read[i].fault));
		json_members_close(&members);
	}
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const texts[] = {"", " ", "size=1M", "[]", "1",
		"\"{}\"", "null", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
		"{\"a\":1,}", "{\"a\":1}}", "{} x", "{\"a\":1 2}", "{a:1}",
		"{\"a\":nan}", "{\"a\":0x10}", "{\"a\":1.2.3}", "{\"a\":-}",
		"{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\",
		"{\"a\":'1'}", "\"", "\xff"};
	struct json_members members;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		strcpy(text, texts[i]);
		errno = 0;
		if (json_members_open(&members, text, strlen(text)) != -1 ||
			errno != EINVAL)
			fail_msg("%s: %d", texts[i], errno);
	}
	memcpy(text, "{}\0{}", 6);
	assert_int_equal(json_members_open(&members, text, 5), -1);
}

/* Half a megabyte of brackets would be 32 MB of tree. */
static void a_tree_is_bounded_before_it_is_made(void **state)
{
	static char text[100000];
	struct json_members members;

	(void)state;
	memset(text, '[', sizeof(text) - 1);
	assert_int_equal(
		json_members_open(&members, text, sizeof(text) - 1), -1);
	assert_int_equal(errno, E2BIG);
	text[JSON_ITEMS_MAX] = '\0';
	assert_int_equal(json_members_open(&members, text, JSON_ITEMS_MAX), -1);
	assert_int_equal(errno, EINVAL);
}

static void a_body_at_fault_is_refused_by_name(void **state)
{
	static const struct {
		const char *body, *parameter, *got, *allowed, *said;
	} cases[] = {
		{"{\"size\":[1]}", "size", "[1]", "256M", "neither a string"},
		{"{\"size\":{}}", "size", "{}", "256M", "neither a string"},
		{"{\"size\":null}", "size", "null", "256M", "neither a string"},
		{"{\"size\":1,\"for\":true}", "for", "true", "ms", "neither"},
		{"{\"size\":1e30}", "size", "1e30", "256M", "neither a quan"},
		{"{\"size\":18446744073709551617}", "size",
			"18446744073709551617", "256M", "out of range"},
		{"{\"size\":-1}", "size", "-1", "256M", "neither a quantity"},
		{"{\"size\":\"\"}", "size", "", "256M", "has no value"},
		{"{\"size\":\"1M\\u0000Q\"}", "size", "\"1M\\\\u0000Q\"",
			"256M", "NUL"},
		{"{\"size\":1,\"size\":2}", "size", "2", "256M", "once"},
		{"{\"Size\":1}", "Size", "1", "size kind", "not a parameter"},
		{"{\"colour\":null}", "colour", "null", "size kind", "not a"},
		{"{\"for\":10}", "size", "", "256M", "missing"},
		{"[\"size\"]", "body", "[\"size\"]", "JSON object", "not a"},
		{"size=1M", "body", "size=1M", "JSON object", "not a JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct posted posted = {
			.type = POSTED_JSON, .body = cases[i].body};

		posted_refused(&posted, 400, cases[i].parameter, cases[i].got,
			cases[i].allowed, cases[i].said);
	}
}

static void numbers_are_exact(void **state)
{
	struct posted posted = {.type = POSTED_JSON "; charset=utf-8",
		.body = "{\"size\": 9007199254740993, \"for\": 1.5,"
			" \"score\": -7, \"kind\": \"shm\"}"};
	struct http_exchange x;

	(void)state;
	assert_int_equal(posted_route(&posted, &x), 0);
	assert_true(params_value(&x.params, "size")->integer ==
		    INT64_C(9007199254740993));
	assert_int_equal(params_value(&x.params, "for")->integer, 1500);
	assert_int_equal(params_value(&x.params, "score")->integer, -7);
	assert_string_equal(params_word(&x.params, "kind"), "shm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_their_order),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(a_tree_is_bounded_before_it_is_made),
		cmocka_unit_test(a_body_at_fault_is_refused_by_name),
		cmocka_unit_test(numbers_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
