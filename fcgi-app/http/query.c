/* SPDX-License-Identifier: MIT */
/*
 * The check before the dissection. A lone % at the end of a value is itself,
 * for people type size=50% (docs/API.md); anything else that two hex digits
 * do not follow is refused rather than guessed at.
 */
#include "http/query.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HEX "0123456789abcdefABCDEF"

/* What is wrong with the escape at the %, or NULL. */
static const char *escape_fault(const char *at, const char *end, bool in_value)
{
	if (in_value && at + 1 == end)
		return NULL;
	if (end - at < 3 || !strchr(HEX, at[1]) || !strchr(HEX, at[2]))
		return "a % that two hex digits do not follow";
	if (at[1] == '0' && at[2] == '0')
		return "holds a NUL (%00)";
	return NULL;
}

static int segment_check(
	const char *segment, const char *end, struct http_problem *problem)
{
	const char *equals = memchr(segment, '=', (size_t)(end - segment));
	const char *name_end = equals ? equals : end;
	const char *value = equals ? equals + 1 : end;
	char name[sizeof(problem->parameter)], got[sizeof(problem->got)];

	for (const char *at = segment; at < end; at++) {
		const char *fault;

		if (*at != '%')
			continue;
		fault = escape_fault(at, end, equals && at > equals);
		if (!fault)
			continue;
		(void)snprintf(name, sizeof(name), "%.*s",
			(int)(name_end - segment), segment);
		(void)snprintf(
			got, sizeof(got), "%.*s", (int)(end - value), value);
		return http_problem_parameter(problem, name, got,
			"%XX with two hex digits, %25 for a percent sign",
			fault);
	}
	return 0;
}

int query_dissect(
	const char *query, UriQueryListA **list, struct http_problem *problem)
{
	size_t length = strlen(query);
	const char *at = query, *end;
	int count;

	*list = NULL;
	if (length > QUERY_MAX)
		return http_problem(problem, 414,
			"The query has %zu bytes; at most %d are taken", length,
			QUERY_MAX);
	do {
		end = at + strcspn(at, "&");
		if (segment_check(at, end, problem) < 0)
			return -1;
		at = end + 1;
	} while (*end);
	if (uriDissectQueryMallocExA(list, &count, query, query + length,
		    URI_TRUE, URI_BR_DONT_TOUCH) != URI_SUCCESS)
		return http_problem(
			problem, 500, "No memory to read the query");
	return 0;
}
