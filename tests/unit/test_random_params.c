/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand random strings each as query, form and JSON: never a crash, and
 * whatever is refused names its parameter. The seed is fixed, so that a
 * failure comes again.
 */
#include "http/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "posted.h"

#define STRINGS 10000

/* Knuth's MMIX generator; the low bits are the poor ones. */
static size_t below(uint64_t *seed, size_t bound)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (size_t)(*seed >> 33) % bound;
}

#define PICK(seed, list) list[below(seed, sizeof(list) / sizeof(list[0]))]

static const char *const names[] = {"size", "kind", "for", "rate", "first",
	"leave", "fill", "touch", "score", "within", "dies", "format", "rows",
	"siz%65", "s\xc3\xbcze", "%", "x y"};

static const char *const values[] = {"1", "0", "256M", "50%", "1.5GiB", "30s",
	"500ms", "50M/s", "-1000", "1000", "random", "zero", "container", "shm",
	"json", "", "nan", "1e30", "0x10", "1.2.3", "5Q", "10001%", "10%%",
	"18446744073709551617", "9223372036854775807h", "%00", "%zz", "\xff",
	"-", ".", "=", "\"", "\\", "\\u0000"};

/* Any byte but NUL and & somewhere, in one string of four. */
static void spoil(uint64_t *seed, char *text)
{
	size_t length = strlen(text);

	if (length > 0 && below(seed, 4) == 0) {
		char c = (char)(below(seed, 255) + 1);

		text[below(seed, length)] = c == '&' ? '+' : c;
	}
}

static void query_make(uint64_t *seed, char *text, size_t size)
{
	size_t used =
		(size_t)snprintf(text, size, "size=%s", PICK(seed, values));

	for (size_t i = below(seed, 5); i > 0; i--)
		used += (size_t)snprintf(text + used, size - used, "&%s=%s",
			PICK(seed, names), PICK(seed, values));
	spoil(seed, text);
}

static void json_make(uint64_t *seed, char *text, size_t size)
{
	static const struct {
		const char *before, *after;
	} forms[] = {{"\"", "\""}, {"\"", "\""}, {"", ""}, {"[", "]"}};
	size_t used = (size_t)snprintf(text, size, "{\"size\":\"1M\"");

	for (size_t i = below(seed, 4); i > 0; i--) {
		size_t form = below(seed, 4);

		used += (size_t)snprintf(text + used, size - used,
			",\"%s\":%s%s%s", PICK(seed, names), forms[form].before,
			PICK(seed, values), forms[form].after);
	}
	(void)snprintf(text + used, size - used, "}");
	spoil(seed, text);
}

/* A name may have been spoilt into nothing: "=1M". */
static bool names_nothing(const char *text)
{
	return text[0] == '=' || strstr(text, "&=") || strstr(text, "\"\":");
}

static void check(const struct http_exchange *x, int result, const char *text)
{
	const struct http_problem *problem = &x->problem;

	if (result == 0) {
		assert_true(params_value(&x->params, "size")->given);
		assert_non_null(params_word(&x->params, "kind"));
		return;
	}
	if (problem->status != 400 || !problem->allowed[0] ||
		!strstr(problem->detail, problem->parameter) ||
		(!problem->parameter[0] && !names_nothing(text)))
		fail_msg("%s: %d %s", text, problem->status, problem->detail);
}

static void a_query_and_a_form_are_one(void **state)
{
	int accepted = 0;
	uint64_t seed = 4;

	(void)state;
	for (int i = 0; i < STRINGS; i++) {
		char text[256];
		struct posted query = {.method = "GET", .query = text};
		struct posted form = {.type = POSTED_FORM};
		struct http_exchange x, y;
		char copy[256];
		int result;

		query_make(&seed, text, sizeof(text));
		strcpy(copy, text);
		form.body = copy;
		form.piece = below(&seed, 20);
		result = posted_route(&query, &x);
		check(&x, result, text);
		assert_int_equal(posted_route(&form, &y), result);
		assert_string_equal(x.problem.detail, y.problem.detail);
		if (result == 0)
			assert_memory_equal(
				&x.params, &y.params, sizeof(x.params));
		accepted += result == 0;
	}
	assert_in_range(accepted, STRINGS / 100, STRINGS / 2);
}

static void an_object_is_taken_or_refused_by_name(void **state)
{
	int accepted = 0;
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < STRINGS; i++) {
		char text[600];
		struct posted posted = {.type = POSTED_JSON, .body = text};
		struct http_exchange x;
		int result;

		json_make(&seed, text, sizeof(text));
		posted.piece = below(&seed, 20);
		result = posted_route(&posted, &x);
		check(&x, result, text);
		accepted += result == 0;
	}
	assert_in_range(accepted, STRINGS / 100, STRINGS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_and_a_form_are_one),
		cmocka_unit_test(an_object_is_taken_or_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
