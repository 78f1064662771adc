/* SPDX-License-Identifier: MIT */
/*
 * A body that is not kept: it goes to whoever reads it as it comes in, so how
 * long it may be is no matter of memory.
 */
#include "http/body.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "http/multipart.h"

#define STREAM_PIECE 16384 /* bytes; a thread of the watch has little stack */

static int refuse(struct http_problem *problem, int status, const char *got,
	const char *allowed, const char *why)
{
	http_problem_parameter(problem, "body", got, allowed, why);
	problem->status = status;
	return -1;
}

/* 0, or -1 with errno EFBIG, or EPIPE where it broke off. */
static int stream_read(FCGX_Stream *in, struct multipart *parts, bool in_parts,
	http_body_piece *take, void *context)
{
	char piece[STREAM_PIECE];
	size_t total = 0;
	int count;

	while ((count = FCGX_GetStr(piece, sizeof(piece), in)) > 0) {
		total += (size_t)count;
		if (total > BODY_STREAM_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (in_parts)
			multipart_feed(parts, piece, (size_t)count);
		else
			take(context, piece, (size_t)count);
	}
	if (FCGX_GetError(in) == 0)
		return 0;
	errno = EPIPE;
	return -1;
}

int http_body_stream(struct http_exchange *x, const char *field,
	http_body_piece *take, void *context)
{
	const char *type = http_param(x, "CONTENT_TYPE");
	struct multipart parts;
	bool in_parts =
		multipart_open(&parts, type ? type : "", field, take, context);
	char allowed[64];

	if (!x->fcgi->in)
		return 0;
	if (stream_read(x->fcgi->in, &parts, in_parts, take, context) < 0) {
		(void)snprintf(allowed, sizeof(allowed), "at most %d bytes",
			BODY_STREAM_MAX);
		return errno == EFBIG
			       ? refuse(&x->problem, 413, "more", allowed,
					 "too large")
			       : refuse(&x->problem, 400, "less", allowed,
					 "broke off before its end");
	}
	if (!in_parts || (parts.found && parts.ended))
		return 0;
	return refuse(&x->problem, 400,
		parts.found ? "a form without its end" : "a form without it",
		field, "the form is not whole, or has no such field");
}
