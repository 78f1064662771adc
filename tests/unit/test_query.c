/* SPDX-License-Identifier: MIT */
/*
 * A query gives a route exactly what its rows name, and whatever else comes is
 * refused with the parameter, what came and what is allowed.
 */
#include "http/params.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/query.h"

#define ACCEPTS "rows columns"

static const struct {
	const char *query;
	int64_t rows, columns, format; /* -1: not given */
} taken[] = {
	{"", 1000000, 100, -1},
	{"rows=5", 5, 100, -1},
	{"rows=0&columns=100000&format=text", 0, 100000, 2},
	{"&&rows=5&", 5, 100, -1},
	{"%72ows=%35", 5, 100, -1},
	{"format=json", 1000000, 100, 1},
};

static const struct {
	const char *query, *parameter, *got, *allowed; /* parts of them */
	int status;
} refused[] = {
	{"rowz=5", "rowz", "5", "rows columns format", 400},
	{"row=5", "row", "5", "rows columns format", 400},
	{"=5", "", "5", "rows columns format", 400},
	{"kind", "kind", "", "rows columns format", 400},
	{"rows", "rows", "", "0..100000000", 400},
	{"rows=", "rows", "", "0..100000000", 400},
	{"rows=abc", "rows", "abc", "0..100000000", 400},
	{"rows=-1", "rows", "-1", "0..100000000", 400},
	{"rows=100000001", "rows", "100000001", "0..100000000", 400},
	{"rows=18446744073709551617", "rows", "18446744073709551617",
		"0..100000000", 400},
	{"columns=0", "columns", "0", "1..100000", 400},
	{"columns=1+0", "columns", "1 0", "1..100000", 400},
	{"rows=5&rows=6", "rows", "6", "0..100000000", 400},
	{"rows=5&%72ows=5", "rows", "5", "0..100000000", 400},
	{"rows=5%", "rows", "5%", "0..100000000", 400},
	{"rows=%zz", "rows", "%zz", "%25", 400},
	{"rows=5%%", "rows", "5%%", "%25", 400},
	{"rows=5%2", "rows", "5%2", "%25", 400},
	{"rows=5%2&columns=1", "rows", "5%2", "%25", 400},
	{"rows%=5", "rows%", "5", "%25", 400},
	{"rows=5%00", "rows", "5%00", "%25", 400},
	{"rows=%1b[2J%ff\x80", "rows", "\\x1b[2J\\xff\\x80", "0..", 400},
	{"format=xml", "format", "xml", "html json text", 400},
	{"format=JSON", "format", "JSON", "html json text", 400},
};

static void what_is_not_given_is_the_default(void **state)
{
	struct http_problem problem;
	struct params params;

	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		assert_int_equal(params_parse(taken[i].query, ACCEPTS, &params,
					 &problem),
			0);
		assert_int_equal(
			params_value(&params, "rows")->integer, taken[i].rows);
		assert_int_equal(params_value(&params, "columns")->integer,
			taken[i].columns);
		assert_int_equal(params_value(&params, "format")->integer,
			taken[i].format);
	}
	assert_true(params_value(&params, "format")->given);
	assert_false(params_value(&params, "rows")->given);
}

static void what_is_refused_is_named(void **state)
{
	struct http_problem problem;
	struct params params;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (params_parse(
			    refused[i].query, ACCEPTS, &params, &problem) != -1)
			fail_msg("%s was taken", refused[i].query);
		assert_int_equal(problem.status, refused[i].status);
		assert_string_equal(problem.parameter, refused[i].parameter);
		assert_string_equal(problem.got, refused[i].got);
		if (!strstr(problem.allowed, refused[i].allowed))
			fail_msg("%s allows %s", refused[i].query,
				problem.allowed);
	}
}

static void a_route_takes_its_own_rows_alone(void **state)
{
	struct http_problem problem;
	struct params params;

	(void)state;
	assert_int_equal(params_parse("rows=5", "", &params, &problem), -1);
	assert_string_equal(problem.allowed, "format");
	assert_int_equal(params_parse("format=json", "", &params, &problem), 0);
	/* A name within a name is none. */
	assert_int_equal(params_parse("rows=5", "xrows rowsx columns", &params,
				 &problem),
		-1);
}

static void a_query_has_four_kib_at_most(void **state)
{
	char query[QUERY_MAX + 2] = "rows=";
	struct http_problem problem;
	struct params params;

	(void)state;
	memset(query + 5, '0', QUERY_MAX - 5);
	assert_int_equal(params_parse(query, ACCEPTS, &params, &problem), 0);
	memset(query + 5, '9', QUERY_MAX - 5);
	assert_int_equal(params_parse(query, ACCEPTS, &params, &problem), -1);
	assert_int_equal(problem.status, 400);
	assert_true(strlen(problem.got) < sizeof(problem.got));
	assert_string_equal(problem.got + strlen(problem.got) - 4, "9...");
	query[QUERY_MAX] = '9';
	assert_int_equal(params_parse(query, ACCEPTS, &params, &problem), -1);
	assert_int_equal(problem.status, 414);
	assert_string_equal(problem.parameter, "query");
}

/* Ten thousand strings out of what queries are made of: no crash, and every
 * refusal says something. */
static void random_queries_are_taken_or_refused(void **state)
{
	static const char *const parts[] = {"rows", "columns", "format", "=",
		"&", "%", "%2", "%25", "%00", "+", "1", "0", "json", "\xff",
		"-", ".", "%72ows", "999999999999999999999", "=&", "%%"};
	struct http_problem problem;
	struct params params;

	(void)state;
	srandom(1);
	for (int i = 0; i < 10000; i++) {
		char query[512] = "";

		for (long n = random() % 12; n > 0; n--)
			strcat(query,
				parts[(size_t)random() %
					(sizeof(parts) / sizeof(*parts))]);
		problem.status = 0;
		if (params_parse(query, ACCEPTS, &params, &problem) == 0)
			continue;
		assert_int_equal(problem.status, 400);
		assert_int_not_equal(problem.allowed[0], '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_given_is_the_default),
		cmocka_unit_test(what_is_refused_is_named),
		cmocka_unit_test(a_route_takes_its_own_rows_alone),
		cmocka_unit_test(a_query_has_four_kib_at_most),
		cmocka_unit_test(random_queries_are_taken_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
