/* SPDX-License-Identifier: MIT */
/*
 * Problems are filled here and printed by views/: what failed knows the
 * reason, not the format. What a client sent is shown back only through
 * http_show(), so that no terminal, log or page gets its raw bytes.
 */
#include "http/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct reason {
	int status;
	const char *phrase;
} reasons[] = {
	{200, "OK"},
	{202, "Accepted"},
	{204, "No Content"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{410, "Gone"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Content"},
	{500, "Internal Server Error"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{507, "Insufficient Storage"},
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].phrase;
	return "Unknown";
}

int http_problem(
	struct http_problem *problem, int status, const char *format, ...)
{
	va_list args;

	memset(problem, 0, sizeof(*problem));
	problem->status = status;
	va_start(args, format);
	(void)vsnprintf(problem->detail, sizeof(problem->detail), format, args);
	va_end(args);
	return -1;
}

void http_show(const char *text, char *out, size_t size)
{
	static const char more[] = "...";
	size_t used = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		char one[8];
		int width = c == '\\' ? snprintf(one, sizeof(one), "\\\\")
			    : c < ' ' || c > '~'
				    ? snprintf(one, sizeof(one), "\\x%02x", c)
				    : snprintf(one, sizeof(one), "%c", c);

		if (used + (size_t)width + sizeof(more) > size) {
			(void)snprintf(out + used, size - used, "%s", more);
			return;
		}
		memcpy(out + used, one, (size_t)width);
		used += (size_t)width;
	}
	out[used] = '\0';
}

int http_problem_parameter(struct http_problem *problem, const char *parameter,
	const char *got, const char *allowed, const char *why)
{
	char name[sizeof(problem->parameter)], came[sizeof(problem->got)];

	http_show(parameter, name, sizeof(name));
	http_show(got, came, sizeof(came));
	http_problem(problem, 400, "Parameter %s=%s: %s; allowed: %s", name,
		came, why, allowed);
	memcpy(problem->parameter, name, sizeof(name));
	memcpy(problem->got, came, sizeof(came));
	(void)snprintf(
		problem->allowed, sizeof(problem->allowed), "%s", allowed);
	return -1;
}
