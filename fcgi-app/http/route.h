/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_ROUTE_H
#define OOMLAB_HTTP_ROUTE_H

/*
 * A route is a row: what it is called, what it accepts, what it does. load
 * and watch have a table each; /help and the OpenAPI document read both.
 */
#include "http/exchange.h"

enum route_flags {
	ROUTE_LOAD = 1,	   /* takes memory: no HEAD, guarded admission; the body
			      of a POST has parameters, too (http/body.h) */
	ROUTE_CHANGES = 2, /* changes something: guarded admission */
	ROUTE_MIXES = 4,   /* parameters in query and body together */
	ROUTE_PLAIN = 8,   /* answers in text whatever is asked for, and 400 to
			      a method that it does not take */
	ROUTE_TEXT = 16,   /* the body of a POST is a text, or the field
			      ROUTE_TEXT_FIELD of a form */
};
#define ROUTE_TEXT_FIELD "log"

struct view; /* views/view.h: http knows no more of it */

/* An answer that a route may give, for the OpenAPI document; several rows of
 * one status stand for one or the other. What any route may say (400, 414, 421,
 * 500, 503 and, by its flags, more) is in its list only where it says it in
 * other fields than a problem's, or means more by it. Ends with status 0. */
struct route_answer {
	int status;
	const struct view *view; /* whose fields and formats it has */
	const char *type;  /* without a view: its media type; NULL: no body
			      below 400, a problem from there on */
	const char *means; /* a few words, no full stop */
};

struct route {
	const char *path;    /* whole; a last part "ID" stands for 32 hex
				digits (lower case), found in x->tail */
	const char *methods; /* blanks between: "GET POST" */
	const char *params;  /* names in params_table, blanks between: see
				http/params.h */
	unsigned flags;
	/* Answers x and returns 0, or returns -1 with x->problem filled and
	 * nothing sent. */
	int (*handle)(struct http_exchange *x);
	const char *help; /* one line, no full stop */
	const struct route_answer *answers;
};

/* Who may ask (docs/API.md); token NULL: nobody needs one. */
struct http_rules {
	const char *token;
};

/* Finds the row for x (tables end with a NULL path), then checks method,
 * admission and parameters in this order and sets x->route, tail and params.
 * 0: call x->route->handle. -1: x->problem says why: 404 names /help, 405 has
 * Allow, 401 WWW-Authenticate, 403 a cross-site or prefetched request, 400 a
 * parameter that is wrong or, where a row of the table requires it, missing;
 * 413, 415 a body. HEAD passes as GET where the row has GET and no ROUTE_LOAD.
 */
int http_route(struct http_exchange *x, const struct route *table,
	const struct http_rules *rules);

#endif
