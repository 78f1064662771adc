/* SPDX-License-Identifier: MIT */
/*
 * The format of an answer is known from the request's head alone, and what
 * nginx did not send is "" and never NULL.
 */
#include "http/exchange.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "request.h"

static const struct {
	const char *accept, *query;
	enum http_format format;
} cases[] = {
	{"", "", HTTP_HTML},
	{"*/*", "", HTTP_HTML}, /* curl */
	{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "",
		HTTP_HTML}, /* a browser */
	{"application/json", "", HTTP_JSON},
	{"Application/JSON", "", HTTP_JSON},
	{"application/json; charset=utf-8", "", HTTP_JSON},
	{"application/problem+json", "", HTTP_JSON},
	{"application/json, text/plain, */*", "", HTTP_JSON}, /* axios */
	{"text/plain", "", HTTP_TEXT},
	{"text/plain;q=0.5, application/json;q=0.4", "", HTTP_TEXT},
	{"text/plain;q=0.5,application/json;q=0.51", "", HTTP_JSON},
	{"text/plain ; q=0.5 , text/html;q=0.4", "", HTTP_TEXT},
	{"application/json, text/html", "", HTTP_HTML}, /* a tie */
	{"application/json;q=0.5, */*", "", HTTP_HTML},
	{"text/html;q=0, */*", "", HTTP_JSON},
	{"application/json;level=1;q=0.1, text/plain;q=0.2", "", HTTP_TEXT},
	{"application/*", "", HTTP_JSON},
	{"text/*;q=0.3", "", HTTP_HTML},
	{"image/png", "", HTTP_HTML}, /* none of ours */
	{"application/json;q=0", "", HTTP_HTML},
	{"application/jsonx", "", HTTP_HTML},
	{"application/json;q=", "", HTTP_JSON}, /* as if without */
	{"application/json;q=1.000", "", HTTP_JSON},
	{",,;q=,", "", HTTP_HTML},
	{"text/csv", "", HTTP_HTML}, /* beside them: see below */
	{"application/json", "format=csv", HTTP_TEXT},
	{"application/json", "format=text", HTTP_TEXT},
	{"application/json", "rows=5&format=html&columns=1", HTTP_HTML},
	{"application/json", "format=bogus", HTTP_JSON},
	{"application/json", "xformat=text", HTTP_JSON},
	{"application/json", "format=texts", HTTP_JSON},
	{"application/json", "format=", HTTP_JSON},
};

static void the_format_is_the_querys_then_accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char accept[256], query[256];
		char *envp[] = {accept, query, NULL};
		FCGX_Request fcgi = {.envp = envp};
		struct http_exchange x;

		(void)snprintf(accept, sizeof(accept), "HTTP_ACCEPT=%s",
			cases[i].accept);
		(void)snprintf(query, sizeof(query), "QUERY_STRING=%s",
			cases[i].query);
		http_exchange_open(&x, &fcgi);
		if (x.format != cases[i].format)
			fail_msg("Accept: %s, ?%s: %d", cases[i].accept,
				cases[i].query, (int)x.format);
	}
}

static void csv_is_wanted_by_name_alone(void **state)
{
	static const struct {
		const char *accept;
		bool wanted;
	} rows[] = {
		{"text/csv", true},
		{"text/csv, */*", true},
		{"text/csv;q=0.9, application/json;q=0.8", true},
		{"text/csv, text/html", false},
		{"text/csv;q=0.5, text/html", false},
		{"text/csv;q=0", false},
		{"text/*", false},
		{"*/*", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char accept[128];
		char *envp[] = {accept, NULL};
		FCGX_Request fcgi = {.envp = envp};
		struct http_exchange x;

		(void)snprintf(accept, sizeof(accept), "HTTP_ACCEPT=%s",
			rows[i].accept);
		http_exchange_open(&x, &fcgi);
		if (x.wants_csv != rows[i].wanted)
			fail_msg("Accept: %s", rows[i].accept);
	}
}

static void what_is_missing_is_empty(void **state)
{
	char *envp[] = {NULL};
	FCGX_Request fcgi = {.envp = envp};
	struct http_exchange x;

	(void)state;
	http_exchange_open(&x, &fcgi);
	assert_string_equal(x.method, "");
	assert_string_equal(x.path, "");
	assert_string_equal(x.query, "");
	assert_string_equal(x.id, "");
	assert_int_equal(x.format, HTTP_HTML);
	assert_null(http_param(&x, "HTTP_ORIGIN"));
}

static void an_id_is_32_hex_digits_or_none(void **state)
{
	static const char *const ids[] = {REQUEST_ID, "", "0123",
		"0123456789ABCDEF0123456789ABCDEF", REQUEST_ID "0",
		"0123456789abcdef0123456789abcde/"};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char id[64];
		char *envp[] = {id, NULL};
		FCGX_Request fcgi = {.envp = envp};
		struct http_exchange x;

		(void)snprintf(id, sizeof(id), "REQUEST_ID=%s", ids[i]);
		http_exchange_open(&x, &fcgi);
		assert_string_equal(x.id, i == 0 ? REQUEST_ID : "");
	}
}

static void an_answer_goes_out_whole(void **state)
{
	static char body[100000], answer[sizeof(body) + 1024];
	const char *const params[] = {"REQUEST_METHOD=GET", NULL};
	struct http_exchange x;
	struct request request;

	(void)state;
	memset(body, 'b', sizeof(body));
	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	x.problem.retry_after_s = 3;
	assert_int_equal(http_respond(&x, 503, "text/plain", "X-More: 1\r\n",
				 body, sizeof(body)),
		0);
	request_close(&request, answer, sizeof(answer));
	assert_ptr_equal(
		strstr(answer, "Status: 503 Service Unavailable\r\n"), answer);
	assert_non_null(strstr(answer, "\r\nContent-Type: text/plain\r\n"));
	assert_non_null(strstr(answer, "\r\nContent-Length: 100000\r\n"));
	assert_non_null(strstr(answer, "\r\nCache-Control: no-store\r\n"));
	assert_non_null(
		strstr(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(answer, "\r\nRetry-After: 3\r\n"));
	assert_non_null(strstr(answer, "\r\nX-More: 1\r\n\r\nbbb"));
	assert_null(strstr(answer, "Allow:"));
	assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), sizeof(body));
}

static void head_gets_the_head_alone(void **state)
{
	const char *const params[] = {"REQUEST_METHOD=HEAD", NULL};
	struct http_exchange x;
	struct request request;
	char answer[1024];

	(void)state;
	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	assert_int_equal(
		http_respond(&x, 200, "text/plain", NULL, "body", 4), 0);
	request_close(&request, answer, sizeof(answer));
	assert_non_null(strstr(answer, "Content-Length: 4\r\n"));
	assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

static void a_client_that_has_gone_is_told_to_the_caller(void **state)
{
	const char *const params[] = {"REQUEST_METHOD=GET", NULL};
	struct http_exchange x;
	struct request request;
	char answer[64];

	(void)state;
	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	assert_int_equal(shutdown(request.client, SHUT_RDWR), 0);
	errno = 0;
	assert_int_equal(http_respond(&x, 200, "text/plain", NULL, "a", 1), -1);
	assert_int_equal(errno, EPIPE);
	request_close(&request, answer, sizeof(answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_format_is_the_querys_then_accepts),
		cmocka_unit_test(csv_is_wanted_by_name_alone),
		cmocka_unit_test(what_is_missing_is_empty),
		cmocka_unit_test(an_id_is_32_hex_digits_or_none),
		cmocka_unit_test(an_answer_goes_out_whole),
		cmocka_unit_test(head_gets_the_head_alone),
		cmocka_unit_test(a_client_that_has_gone_is_told_to_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
