/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_POSTED_H
#define OOMLAB_TESTS_POSTED_H

/*
 * Requests with a body through http_route(), out of memory instead of a
 * socket: as long as a test likes, in pieces as small as it likes, broken off
 * where it likes. Include after cmocka.h.
 */
#include <fcgiapp.h>
#include <stdio.h>
#include <string.h>

#include "http/route.h"

#define POSTED_FORM "application/x-www-form-urlencoded"
#define POSTED_JSON "application/json"

#define POSTED_LOAD \
	"size kind for rate first leave fill touch score within dies"

struct posted {
	const char *method, *path, *query, *type; /* type NULL: none */
	const char *body;
	size_t length; /* of body; 0: all of a string */
	size_t piece;  /* bytes that come at a time; 0: all at once */
	int breaks;    /* an errno at the end of body, 0: it is whole */
	size_t left;   /* of body; set here */
};

static inline int posted_handle(struct http_exchange *x)
{
	(void)x;
	return 0;
}

static const struct route posted_routes[] = {
	{"/hold", "GET POST", POSTED_LOAD, ROUTE_LOAD, posted_handle, "hold",
		NULL},
	{"/ConsumeMem", "POST", "megabytes durationSec",
		ROUTE_LOAD | ROUTE_MIXES | ROUTE_PLAIN, posted_handle, "take",
		NULL},
	{"/explain", "GET POST", "", 0, posted_handle, "its own body", NULL},
	{0},
};

/* What libfcgi does when its buffer is empty. */
static inline void posted_fill(FCGX_Stream *in)
{
	struct posted *posted = in->data;
	size_t count = posted->left;

	if (posted->piece && count > posted->piece)
		count = posted->piece;
	if (count == 0) {
		in->FCGI_errno = posted->breaks;
		in->isClosed = 1;
		return;
	}
	in->rdNext = (unsigned char *)posted->body + posted->length -
		     posted->left;
	in->stop = in->rdNext + count;
	posted->left -= count;
}

/* What http_route() says of it; x is filled. */
static inline int posted_route(struct posted *posted, struct http_exchange *x)
{
	static const struct http_rules rules = {NULL};
	char type[160];
	char *envp[] = {type, NULL};
	FCGX_Stream in = {
		.isReader = 1, .fillBuffProc = posted_fill, .data = posted};
	FCGX_Request fcgi = {.envp = posted->type ? envp : NULL, .in = &in};
	int result;

	if (posted->body && !posted->length)
		posted->length = strlen(posted->body);
	posted->left = posted->length;
	(void)snprintf(type, sizeof(type), "CONTENT_TYPE=%s",
		posted->type ? posted->type : "");
	http_exchange_open(x, &fcgi);
	x->method = posted->method ? posted->method : "POST";
	x->path = posted->path ? posted->path : "/hold";
	x->query = posted->query ? posted->query : "";
	result = http_route(x, posted_routes, &rules);
	x->fcgi = NULL; /* it was ours */
	return result;
}

/* Fails unless it is refused so; allowed and said are parts. */
static inline void posted_refused(struct posted *posted, int status,
	const char *parameter, const char *got, const char *allowed,
	const char *said)
{
	struct http_exchange x;
	int result = posted_route(posted, &x);

	if (result != -1 || x.problem.status != status ||
		strcmp(x.problem.parameter, parameter) != 0 ||
		strcmp(x.problem.got, got) != 0 ||
		!strstr(x.problem.allowed, allowed) ||
		!strstr(x.problem.detail, said))
		fail_msg("?%s and %.60s: %d %s; %s=%s, allowed %s", x.query,
			posted->body ? posted->body : "(nothing)",
			result ? x.problem.status : 0, x.problem.detail,
			x.problem.parameter, x.problem.got, x.problem.allowed);
}

#endif
