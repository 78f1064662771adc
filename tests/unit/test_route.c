/* SPDX-License-Identifier: MIT */
/*
 * A request reaches the row whose path and method it has, if it may ask at
 * all and asks well, and is told what is wrong otherwise.
 */
#include "http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "posted.h"
#include "request.h"

static int handle(struct http_exchange *x)
{
	(void)x;
	return 0;
}

static const struct route table[] = {
	{"/", "GET", "rows columns", ROUTE_LOAD, handle, "page", NULL},
	{"/loads", "GET", "", 0, handle, "loads", NULL},
	{"/loads", "POST", "rows", ROUTE_LOAD, handle, "begin one", NULL},
	{"/loads", "DELETE", "", ROUTE_CHANGES, handle, "release all", NULL},
	{"/loads/ID", "GET", NULL, 0, handle, "one", NULL},
	{"/loads/ID", "DELETE", NULL, ROUTE_CHANGES, handle, "release one",
		NULL},
	{0},
};

static const struct {
	const char *method, *path, *query;
	int row, status;	  /* index in table, or -1 and the status */
	const char *tail_or_said; /* the ID, or part of what is said */
	const char *allow;
} cases[] = {
	{"GET", "/", "", 0, 0, "", ""},
	{"GET", "/", "rows=5&columns=2", 0, 0, "", ""},
	{"HEAD", "/", "", -1, 405, "HEAD is not for /", "GET"},
	{"POST", "/", "", -1, 405, "POST", "GET"},
	{"GET", "/loads", "", 1, 0, "", ""},
	{"HEAD", "/loads", "", 1, 0, "", ""},
	{"POST", "/loads", "", 2, 0, "", ""},
	{"DELETE", "/loads", "", 3, 0, "", ""},
	{"PUT", "/loads", "", -1, 405, "PUT", "GET, HEAD, POST, DELETE"},
	{"", "/loads", "", -1, 405, "", "GET, HEAD, POST, DELETE"},
	{"G", "/loads", "", -1, 405, "G ", "GET, HEAD, POST, DELETE"},
	{"GET POST", "/loads", "", -1, 405, "", "GET, HEAD, POST, DELETE"},
	{"GET", "/loads/" REQUEST_ID, "", 4, 0, REQUEST_ID, ""},
	{"DELETE", "/loads/" REQUEST_ID, "", 5, 0, REQUEST_ID, ""},
	{"POST", "/loads/" REQUEST_ID, "", -1, 405, "POST",
		"GET, HEAD, DELETE"},
	{"GET", "/loads/" REQUEST_ID "0", "", -1, 404, "/help", ""},
	{"GET", "/loads/" REQUEST_ID "/", "", -1, 404, "/help", ""},
	{"GET", "/loads/0123456789ABCDEF0123456789ABCDEF", "", -1, 404, "/help",
		""},
	{"GET", "/loads/ID", "", -1, 404, "/help", ""},
	{"GET", "/loads/", "", -1, 404, "/help", ""},
	{"GET", "/Loads", "", -1, 404, "/help", ""},
	{"GET", "", "", -1, 404, "/help", ""},
	{"GET", "//", "", -1, 404, "/help", ""},
	{"GET", "/\x1b[2J", "", -1, 404, "\\x1b[2J", ""},
	{"GET", "/", "rows=", -1, 400, "rows", ""},
	{"GET", "/loads", "rows=5", -1, 400, "rows", ""},
	{"GET", "/", "format=bogus", -1, 400, "html json text", ""},
};

static void each_request_finds_its_row_or_hears_why_not(void **state)
{
	const struct http_rules rules = {NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		FCGX_Request fcgi = {.envp = NULL};
		struct http_exchange x;
		int result;

		http_exchange_open(&x, &fcgi);
		x.method = cases[i].method;
		x.path = cases[i].path;
		x.query = cases[i].query;
		result = http_route(&x, table, &rules);
		if (result != (cases[i].row < 0 ? -1 : 0) ||
			x.problem.status != cases[i].status)
			fail_msg("%s %s?%s: %d, %d %s", x.method, x.path,
				x.query, result, x.problem.status,
				x.problem.detail);
		assert_string_equal(x.problem.allow, cases[i].allow);
		if (result == 0) {
			assert_ptr_equal(x.route, &table[cases[i].row]);
			assert_string_equal(x.tail, cases[i].tail_or_said);
		} else if (!strstr(x.problem.detail, cases[i].tail_or_said)) {
			fail_msg("%s says %s", x.path, x.problem.detail);
		}
	}
}

static void parameters_come_with_the_route(void **state)
{
	char *envp[] = {"REQUEST_METHOD=GET", "DOCUMENT_URI=/",
		"QUERY_STRING=rows=7&format=%6ason", "HTTP_ACCEPT=text/plain",
		"REQUEST_ID=" REQUEST_ID, NULL};
	const struct http_rules rules = {""};
	FCGX_Request fcgi = {.envp = envp};
	struct http_exchange x;

	(void)state;
	http_exchange_open(&x, &fcgi);
	assert_int_equal(http_route(&x, table, &rules), 0);
	assert_int_equal(params_value(&x.params, "rows")->integer, 7);
	assert_true(params_value(&x.params, "rows")->given);
	assert_int_equal(params_value(&x.params, "columns")->integer, 100);
	assert_int_equal(x.format, HTTP_JSON); /* hidden from the raw query */
}

/* The words of ?format= are those of the enum, in its order. */
static void the_words_of_format_are_the_formats(void **state)
{
	static const char *const words[] = {[HTTP_HTML] = "html",
		[HTTP_JSON] = "json",
		[HTTP_TEXT] = "text"};
	const struct param *row = params_find("format");

	(void)state;
	for (int i = HTTP_HTML; i <= HTTP_TEXT; i++)
		assert_string_equal(row->words[i], words[i]);
	assert_null(row->words[HTTP_TEXT + 1]);
}

static void what_must_come_is_asked_for(void **state)
{
	struct posted hold = {.method = "GET", .query = "for=1s"};
	struct posted post = {.query = ""};
	struct posted consume = {
		.path = "/ConsumeMem", .query = "durationSec=5"};
	struct posted other = {.path = "/ConsumeMem", .query = "megabytes=5"};

	(void)state;
	posted_refused(&hold, 400, "size", "", "10000%", "size is missing");
	posted_refused(&post, 400, "size", "", "10000%", "size is missing");
	posted_refused(&consume, 400, "megabytes", "", "0..2147483647",
		"megabytes is missing");
	posted_refused(&other, 400, "durationSec", "", "0..2147483647",
		"durationSec is missing");
}

/* Kubernetes' clients of /ConsumeMem read text and the status 400. */
static void a_plain_route_is_plain(void **state)
{
	struct posted wrong = {.method = "GET",
		.path = "/ConsumeMem",
		.query = "megabytes=1&durationSec=1&format=json"};
	struct posted right = wrong;
	struct http_exchange x;

	(void)state;
	assert_int_equal(posted_route(&wrong, &x), -1);
	assert_int_equal(x.problem.status, 400);
	assert_int_equal(x.format, HTTP_TEXT);
	assert_string_equal(x.problem.allow, "POST");
	right.method = "POST";
	assert_int_equal(posted_route(&right, &x), 0);
	assert_int_equal(x.format, HTTP_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_finds_its_row_or_hears_why_not),
		cmocka_unit_test(parameters_come_with_the_route),
		cmocka_unit_test(the_words_of_format_are_the_formats),
		cmocka_unit_test(what_must_come_is_asked_for),
		cmocka_unit_test(a_plain_route_is_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
