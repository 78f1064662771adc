/* SPDX-License-Identifier: MIT */
/*
 * The one place where an answer's head is written. An answer goes out whole
 * and is flushed, so that a client that has gone is told to the caller here
 * and not swallowed when the request is finished; what is too long for that
 * goes in parts.
 */
#include "http/exchange.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
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

#define LENGTH_UNKNOWN SIZE_MAX

static void head_make(
	char *head, size_t size, int status, const char *type, size_t length)
{
	char number[24] = "";

	(void)snprintf(head, size,
		"Status: %d %s\r\n"
		"Cache-Control: no-store\r\n"
		"X-Content-Type-Options: nosniff\r\n",
		status, http_reason(status));
	if (!type) /* a 204 has neither */
		return;
	if (length != LENGTH_UNKNOWN)
		(void)snprintf(number, sizeof(number), "%zu", length);
	head_add(head, size, "Content-Type", type);
	head_add(head, size, "Content-Length", number);
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

/* All of the head, with extra's lines and the empty one that ends it. */
static int put_head(struct http_exchange *x, int status, const char *type,
	const char *extra, size_t length)
{
	const struct http_problem *problem = &x->problem;
	char head[HEAD_MAX], seconds[16] = "", link[320] = "";
	FCGX_Stream *out = x->fcgi->out;

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
	if (put(out, head, strlen(head)) < 0 ||
		(extra && put(out, extra, strlen(extra)) < 0))
		return -1;
	return put(out, "\r\n", 2);
}

static bool is_head(const struct http_exchange *x)
{
	return strcmp(x->method, "HEAD") == 0;
}

static int gone(void)
{
	errno = EPIPE;
	return -1;
}

int http_respond(struct http_exchange *x, int status, const char *type,
	const char *extra, const char *body, size_t length)
{
	if (put_head(x, status, type, extra, length) < 0 ||
		put(x->fcgi->out, body, is_head(x) ? 0 : length) < 0)
		return gone();
	return http_flush(x);
}

int http_begin(struct http_exchange *x, int status, const char *type)
{
	return put_head(x, status, type, NULL, LENGTH_UNKNOWN) < 0 ? gone() : 0;
}

int http_write(struct http_exchange *x, const char *bytes, size_t length)
{
	return !is_head(x) && put(x->fcgi->out, bytes, length) < 0 ? gone() : 0;
}

int http_flush(struct http_exchange *x)
{
	return FCGX_FFlush(x->fcgi->out) < 0 ? gone() : 0;
}
