/* SPDX-License-Identifier: MIT */
/*
 * The one place where an answer's head is written. The answer goes out whole
 * and is flushed, so that a client that has gone is told to the caller here
 * and not swallowed when the request is finished.
 */
#include "http/exchange.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define HEAD_MAX 1024

/* Appends "name: value" and the line's end where there is a value. */
static void head_add(
	char *head, size_t size, const char *name, const char *value)
{
	size_t used = strlen(head);

	if (value[0])
		(void)snprintf(
			head + used, size - used, "%s: %s\r\n", name, value);
}

static void head_make(
	char *head, size_t size, int status, const char *type, size_t length)
{
	int used = snprintf(head, size,
		"Status: %d %s\r\n"
		"Cache-Control: no-store\r\n"
		"X-Content-Type-Options: nosniff\r\n",
		status, http_reason(status));

	if (type) /* a 204 has neither */
		(void)snprintf(head + used, size - (size_t)used,
			"Content-Type: %s\r\n"
			"Content-Length: %zu\r\n",
			type, length);
}

/* FCGX counts in int. */
static int put(FCGX_Stream *out, const char *bytes, size_t length)
{
	while (length > 0) {
		int part = length > INT_MAX ? INT_MAX : (int)length;

		if (FCGX_PutStr(bytes, part, out) != part)
			return -1;
		bytes += part;
		length -= (size_t)part;
	}
	return 0;
}

int http_respond(struct http_exchange *x, int status, const char *type,
	const char *extra, const char *body, size_t length)
{
	const struct http_problem *problem = &x->problem;
	FCGX_Stream *out = x->fcgi->out;
	char head[HEAD_MAX], seconds[16] = "", link[320] = "";

	if (problem->retry_after_s > 0)
		(void)snprintf(
			seconds, sizeof(seconds), "%d", problem->retry_after_s);
	if (x->next)
		(void)snprintf(
			link, sizeof(link), "<%s>; rel=\"next\"", x->next);
	head_make(head, sizeof(head), status, type, length);
	head_add(head, sizeof(head), "Location", x->location);
	head_add(head, sizeof(head), "Link", link);
	head_add(head, sizeof(head), "Allow", problem->allow);
	head_add(head, sizeof(head), "Retry-After", seconds);
	head_add(head, sizeof(head), "WWW-Authenticate", problem->authenticate);
	if (strcmp(x->method, "HEAD") == 0)
		length = 0;
	if (put(out, head, strlen(head)) < 0 ||
		(extra && put(out, extra, strlen(extra)) < 0) ||
		put(out, "\r\n", 2) < 0 || put(out, body, length) < 0 ||
		FCGX_FFlush(out) < 0) {
		errno = EPIPE;
		return -1;
	}
	return 0;
}
