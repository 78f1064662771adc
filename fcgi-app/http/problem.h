/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_PROBLEM_H
#define OOMLAB_HTTP_PROBLEM_H

/*
 * Why a request was not served: RFC 9457's members and, for bad input, which
 * parameter, what came and what is allowed. Plain data, no ownership.
 */
#include <stddef.h>

struct http_problem {
	int status;	    /* 400..599 */
	char title[64];	    /* the status' reason phrase if left empty */
	char detail[512];   /* one sentence for a person */
	char parameter[64]; /* "" when no parameter is at fault */
	char got[160];	    /* as it came, cut short; unprintables escaped */
	char allowed[256];
	char allow[64];	       /* Allow header of a 405, else "" */
	char outcome[16];      /* of a load: busy, refused, short, stalled */
	int retry_after_s;     /* 0: none */
	char authenticate[32]; /* WWW-Authenticate of a 401, else "" */
};

/* Sets status and detail (printf), everything else empty; returns -1, so that
 * a handler can end with `return http_problem(...)`. */
int http_problem(struct http_problem *problem, int status, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* The same for a parameter at fault, 400: its name and what came, both as the
 * client sent them, what is allowed, and why this is not ("given twice"). */
int http_problem_parameter(struct http_problem *problem, const char *parameter,
	const char *got, const char *allowed, const char *why);

/* What a client sent, made fit to be shown: bytes that are not printable
 * ASCII as \xNN, a backslash doubled, cut short with "..." to size (8 at
 * least, the NUL included). */
void http_show(const char *text, char *out, size_t size);

/* RFC 9110's reason phrase, "Unknown" for a status this program never says. */
const char *http_reason(int status);

#endif
