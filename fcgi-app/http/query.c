/* SPDX-License-Identifier: MIT */
/*
 * uriparser decodes, once the percent escapes are known to be whole: it passes
 * over broken ones in silence, and a %00 would cut its C strings short. A lone
 * % at the end of a value is itself, for people type size=50% (docs/API.md);
 * anything else that two hex digits do not follow is refused rather than
 * guessed at. Its dissection of a whole query is not used: a body of 1 MiB
 * would become half a million list items, in a process that is to be small.
 */
#include "http/query.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <uriparser/Uri.h>

/* strchr() would find the NUL, too. */
static bool is_hex(char c)
{
	return c && strchr("0123456789abcdefABCDEF", c);
}

/* What is wrong with the escape at the %, or NULL. */
static const char *escape_fault(const char *at, const char *end, bool in_value)
{
	if (in_value && at + 1 == end)
		return NULL;
	if (end - at < 3 || !is_hex(at[1]) || !is_hex(at[2]))
		return "a % that two hex digits do not follow";
	if (at[1] == '0' && at[2] == '0')
		return "holds a NUL (%00)";
	return NULL;
}

/* What is wrong with the segment whose value, if any, follows equals. */
static const char *segment_fault(
	const char *segment, const char *equals, const char *end)
{
	const char *fault = NULL;

	for (const char *at = segment; at < end && !fault; at++) {
		if (*at == '%')
			fault = escape_fault(at, end, equals && at > equals);
		else if (!*at)
			fault = "holds a NUL";
	}
	return fault;
}

int query_next(struct query_text *text, const char **name, const char **value,
	struct http_problem *problem)
{
	char *segment, *equals, *end;
	const char *fault;

	while (text->at < text->end && *text->at == '&')
		text->at++;
	if (text->at == text->end)
		return 0;
	segment = text->at;
	end = memchr(segment, '&', (size_t)(text->end - segment));
	if (!end)
		end = text->end;
	text->at = end < text->end ? end + 1 : end;
	equals = memchr(segment, '=', (size_t)(end - segment));
	fault = segment_fault(segment, equals, end);
	*end = '\0';
	if (equals)
		*equals = '\0';
	*name = segment;
	*value = equals ? equals + 1 : NULL;
	if (fault)
		return http_problem_parameter(problem, *name,
			*value ? *value : "",
			"%XX with two hex digits, %25 for a percent sign",
			fault);
	uriUnescapeInPlaceExA(segment, URI_TRUE, URI_BR_DONT_TOUCH);
	if (equals)
		uriUnescapeInPlaceExA(equals + 1, URI_TRUE, URI_BR_DONT_TOUCH);
	return 1;
}
