/* SPDX-License-Identifier: MIT */
/*
 * No page of another site, no prefetch and nobody without the token makes
 * oomlab take memory or change anything; curl and its own pages do.
 */
#include "http/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HOST "HTTP_HOST=localhost:5000"

static const struct {
	const char *header, *second; /* as FastCGI parameters, or NULL */
	const char *host;
	const char *token;
	int status; /* 0: admitted */
} cases[] = {
	{NULL, NULL, HOST, NULL, 0}, /* curl */
	{"HTTP_SEC_FETCH_SITE=none", NULL, HOST, NULL, 0},
	{"HTTP_SEC_FETCH_SITE=same-origin", "HTTP_ORIGIN=http://localhost:5000",
		HOST, NULL, 0},
	{"HTTP_SEC_FETCH_SITE=cross-site", NULL, HOST, NULL, 403},
	{"HTTP_SEC_FETCH_SITE=same-site", NULL, HOST, NULL, 403},
	{"HTTP_SEC_FETCH_SITE=none, cross-site", NULL, HOST, NULL, 403},
	{"HTTP_SEC_FETCH_SITE=", NULL, HOST, NULL, 0}, /* nginx' "absent" */
	{"HTTP_ORIGIN=http://localhost:5000", NULL, HOST, NULL, 0},
	{"HTTP_ORIGIN=http://LOCALHOST:5000", NULL, HOST, NULL, 0},
	{"HTTP_ORIGIN=http://localhost", NULL, HOST, NULL, 403},
	{"HTTP_ORIGIN=http://localhost:50000", NULL, HOST, NULL, 403},
	{"HTTP_ORIGIN=http://localhost:5000.evil.example", NULL, HOST, NULL,
		403},
	{"HTTP_ORIGIN=http://evil.example", NULL, HOST, NULL, 403},
	{"HTTP_ORIGIN=null", NULL, HOST, NULL, 403},
	{"HTTP_ORIGIN=localhost:5000", NULL, HOST, NULL, 403},
	{"HTTP_ORIGIN=http://localhost:5000", NULL, NULL, NULL, 403},
	{"HTTP_ORIGIN=http://lab", NULL, "HTTP_HOST=lab:80", NULL, 0},
	{"HTTP_ORIGIN=https://lab", NULL, "HTTP_HOST=lab:443", NULL, 0},
	{"HTTP_ORIGIN=https://lab", NULL, "HTTP_HOST=lab", NULL, 0},
	{"HTTP_ORIGIN=https://lab", NULL, "HTTP_HOST=lab:80", NULL, 403},
	{"HTTP_ORIGIN=http://[::1]:5000", NULL, "HTTP_HOST=[::1]:5000", NULL,
		0},
	{"HTTP_SEC_PURPOSE=prefetch", NULL, HOST, NULL, 403},
	{"HTTP_SEC_PURPOSE=prefetch;prerender", NULL, HOST, NULL, 403},
	{"HTTP_PURPOSE=Prefetch", NULL, HOST, NULL, 403},
	{"HTTP_PURPOSE=else", NULL, HOST, NULL, 0},
	{NULL, NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer secret", NULL, HOST, "secret", 0},
	{"HTTP_AUTHORIZATION=bearer  secret", NULL, HOST, "secret", 0},
	{"HTTP_AUTHORIZATION=Bearer secre", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer secrets", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer secretsecret", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer ", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Basic secret", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=secret", NULL, HOST, "secret", 401},
	{"HTTP_AUTHORIZATION=Bearer secret", "HTTP_ORIGIN=http://evil.example",
		HOST, "secret", 403},
	{NULL, NULL, HOST, "", 0}, /* an empty one is none */
};

static int handle(struct http_exchange *x)
{
	(void)x;
	return 0;
}

/* Any NULL ends the list of parameters, so those that are there go first. */
static void open_case(
	struct http_exchange *x, FCGX_Request *fcgi, size_t i, char **envp)
{
	const char *const given[] = {
		cases[i].header, cases[i].second, cases[i].host};
	size_t count = 0;

	for (size_t j = 0; j < sizeof(given) / sizeof(given[0]); j++)
		if (given[j])
			envp[count++] = (char *)(uintptr_t)given[j];
	envp[count] = NULL;
	memset(fcgi, 0, sizeof(*fcgi));
	fcgi->envp = envp;
	http_exchange_open(x, fcgi);
}

static void only_who_may_is_admitted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct http_rules rules = {cases[i].token};
		struct http_exchange x;
		FCGX_Request fcgi;
		char *envp[4];
		int result;

		open_case(&x, &fcgi, i, envp);
		result = http_admit(&x, &rules);
		if (x.problem.status != cases[i].status ||
			result != (cases[i].status ? -1 : 0))
			fail_msg("case %zu, %s: %d %s", i,
				cases[i].header ? cases[i].header : "none",
				x.problem.status, x.problem.detail);
		assert_string_equal(x.problem.authenticate,
			cases[i].status == 401 ? "Bearer" : "");
		assert_null(strstr(x.problem.detail, "secret"));
	}
}

static void what_only_reads_asks_nobody(void **state)
{
	static const struct route table[] = {
		{"/load", "GET", "", ROUTE_LOAD, handle, "takes memory", NULL},
		{"/change", "GET", "", ROUTE_CHANGES, handle, "changes", NULL},
		{"/read", "GET", "", 0, handle, "reads", NULL},
		{0},
	};
	const struct http_rules rules = {"secret"};
	char *envp[] = {
		"REQUEST_METHOD=GET", "HTTP_SEC_FETCH_SITE=cross-site", NULL};
	FCGX_Request fcgi = {.envp = envp};
	struct http_exchange x;

	(void)state;
	for (const struct route *row = table; row->path; row++) {
		http_exchange_open(&x, &fcgi);
		x.path = row->path;
		assert_int_equal(
			http_route(&x, table, &rules), row->flags ? -1 : 0);
		assert_int_equal(x.problem.status, row->flags ? 403 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_who_may_is_admitted),
		cmocka_unit_test(what_only_reads_asks_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
