/* SPDX-License-Identifier: MIT */
/*
 * A refusal says the same in HTML, JSON and text: status, reason, and for bad
 * input the parameter, what came and what is allowed; nothing that a client
 * sent comes back raw.
 */
#include "http/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "request.h"
#include "views/view.h"

static const struct {
	const char *text;
	size_t size;
	const char *shown;
} shown[] = {
	{"", 8, ""}, {"abc", 8, "abc"}, {"a b\"<&>", 16, "a b\"<&>"},
	{"\\x", 16, "\\\\x"},
	{"\x1b\x7f\xc3\xa4\n", 32, "\\x1b\\x7f\\xc3\\xa4\\x0a"},
	{"12345678901234567890", 12, "12345678..."},
	{"1234567\x1b", 12, "1234567..."}, /* never half an escape */
};

static void what_came_is_shown_fit_to_be_seen(void **state)
{
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		http_show(shown[i].text, out, shown[i].size);
		assert_string_equal(out, shown[i].shown);
		assert_true(strlen(out) < shown[i].size);
	}
}

static void every_status_has_a_reason(void **state)
{
	static const int statuses[] = {200, 202, 204, 400, 401, 403, 404, 405,
		410, 413, 414, 421, 422, 500, 502, 503, 507};

	(void)state;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		assert_string_not_equal(http_reason(statuses[i]), "Unknown");
	assert_string_equal(http_reason(299), "Unknown");
}

/* What is answered to a problem, in one format. */
static void answer(const struct http_problem *problem, enum http_format format,
	char *out, size_t size)
{
	const char *const params[] = {
		"REQUEST_METHOD=GET", "REQUEST_ID=" REQUEST_ID, NULL};
	struct http_exchange x;
	struct request request;

	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	x.format = format;
	x.problem = *problem;
	view_problem(&x);
	request_close(&request, out, size);
}

static void assert_says(const char *answer, const char *part)
{
	if (!strstr(answer, part))
		fail_msg("no %s in %s", part, answer);
}

static void bad_input_is_told_in_every_format(void **state)
{
	struct http_problem problem;
	char out[8192];

	(void)state;
	assert_int_equal(http_problem_parameter(&problem, "rows", "<b>&\xff",
				 "0..100", "not a whole number"),
		-1);
	answer(&problem, HTTP_JSON, out, sizeof(out));
	assert_says(out, "Status: 400 Bad Request\r\n");
	assert_says(out, "Content-Type: application/problem+json\r\n");
	assert_says(out,
		"\r\n\r\n{\"type\":\"about:blank\",\"title\":\"Bad Request\","
		"\"status\":400,\"detail\":\"Parameter rows=<b>&\\\\xff: not a "
		"whole number; allowed: 0..100\",\"instance\":null,"
		"\"parameter\":\"rows\",\"got\":\"<b>&\\\\xff\","
		"\"allowed\":\"0..100\",\"id\":\"" REQUEST_ID "\"}\n");
	answer(&problem, HTTP_TEXT, out, sizeof(out));
	assert_says(out, "Content-Type: text/plain; charset=utf-8\r\n");
	assert_says(out,
		"\r\n\r\n400 Bad Request\n\nParameter rows=<b>&\\xff: not a "
		"whole number; allowed: 0..100.\n\nparameter: rows\n"
		"got:       <b>&\\xff\nallowed:   0..100\n"
		"request:   " REQUEST_ID "\nhelp:      /help\n");
	answer(&problem, HTTP_HTML, out, sizeof(out));
	assert_says(out, "Content-Type: text/html; charset=utf-8\r\n");
	assert_says(out, "\r\n\r\n<!DOCTYPE html>\n<html");
	assert_says(out, "<code>&lt;b&gt;&amp;\\xff</code>");
	assert_null(strstr(out, "<b>"));
	assert_null(strstr(out, "{{"));
}

/* `rows=`: what came is nothing, and that is told. */
static void nothing_is_null_and_not_left_out(void **state)
{
	struct http_problem problem;
	char out[8192];

	(void)state;
	http_problem_parameter(&problem, "rows", "", "0..100", "has no value");
	answer(&problem, HTTP_JSON, out, sizeof(out));
	assert_says(out, "\"parameter\":\"rows\",\"got\":null,\"allowed\":");
	answer(&problem, HTTP_TEXT, out, sizeof(out));
	assert_says(out, "\ngot:       nothing\n");
	answer(&problem, HTTP_HTML, out, sizeof(out));
	assert_says(out, "<dd>nothing</dd>");
}

static void what_is_no_input_names_no_parameter(void **state)
{
	struct http_problem problem;
	char out[8192];

	(void)state;
	http_problem(&problem, 503, "All %d workers are busy", 4);
	strcpy(problem.outcome, "busy");
	problem.retry_after_s = 1;
	answer(&problem, HTTP_JSON, out, sizeof(out));
	assert_says(out, "\r\nRetry-After: 1\r\n");
	assert_says(out, "\"instance\":null,\"outcome\":\"busy\",\"id\"");
	assert_null(strstr(out, "parameter"));
	answer(&problem, HTTP_TEXT, out, sizeof(out));
	assert_says(out, "All 4 workers are busy.\n\noutcome:   busy\n");
}

static void a_405_says_what_is_allowed(void **state)
{
	struct http_problem problem;
	char out[8192];

	(void)state;
	http_problem(&problem, 405, "No");
	strcpy(problem.allow, "GET, POST");
	strcpy(problem.authenticate, "Bearer");
	answer(&problem, HTTP_HTML, out, sizeof(out));
	assert_says(out, "\r\nAllow: GET, POST\r\n");
	assert_says(out, "\r\nWWW-Authenticate: Bearer\r\n");
}

static int load_templates(void **state)
{
	(void)state;
	return views_load("templates");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_is_shown_fit_to_be_seen),
		cmocka_unit_test(every_status_has_a_reason),
		cmocka_unit_test(bad_input_is_told_in_every_format),
		cmocka_unit_test(nothing_is_null_and_not_left_out),
		cmocka_unit_test(what_is_no_input_names_no_parameter),
		cmocka_unit_test(a_405_says_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, load_templates, NULL);
}
