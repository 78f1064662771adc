/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_EXCHANGE_H
#define OOMLAB_HTTP_EXCHANGE_H

/*
 * One request and its answer, over FastCGI (fcgiapp.h). nginx has checked Host
 * and bounded the body before it comes here, and has made REQUEST_ID. The
 * exchange borrows the FCGX_Request's strings: they live until it is finished.
 * Not shared between threads.
 */
#include <fcgiapp.h>
#include <stddef.h>

#include "http/params.h"
#include "http/problem.h"

/* The words of format=, in this order; CSV only where a route speaks it. */
enum http_format { HTTP_HTML, HTTP_JSON, HTTP_TEXT, HTTP_CSV };

struct route;

struct http_exchange {
	FCGX_Request *fcgi;
	const char *method;	 /* "" when absent, never NULL */
	const char *path;	 /* decoded by nginx, no query */
	const char *query;	 /* raw */
	char id[33];		 /* 32 lower hex digits, or "" */
	enum http_format format; /* ?format=, else Accept, else HTML */
	bool wants_csv; /* by Accept, if it can be had: see http_route() */
	const struct route *route;
	char tail[33];		 /* the ID that ended the path, or "" */
	char location[48];	 /* Location of the answer, or "" */
	const char *next;	 /* of a list: Link, rel=next; or NULL */
	struct params params;
	struct http_problem problem; /* filled when something returned -1 */
	void *context;		     /* the handler's own */
};

/* Fills x from an accepted request: id, method, path, query and the format as
 * far as Accept and the raw query tell it (an unknown ?format= is left to
 * params_parse). Never fails: what nginx did not send is "". */
void http_exchange_open(struct http_exchange *x, FCGX_Request *fcgi);

/* A FastCGI parameter, or NULL. */
const char *http_param(const struct http_exchange *x, const char *name);

/* Sends a whole answer: Status, Content-Type, Content-Length, Location and Link
 * (RFC 8288) where x has them, Allow, Retry-After and WWW-Authenticate where
 * x->problem does, then the body; no type (NULL), no body: a 204. X-Request-Id
 * is nginx's to add. extra is NULL or further header lines, each ended by CRLF;
 * values must be free of CR and LF. 0, or -1 with errno when the client or
 * nginx has gone. Does not finish the FCGX_Request. */
int http_respond(struct http_exchange *x, int status, const char *type,
	const char *extra, const char *body, size_t length);

/* An answer in parts, of a length that nobody knows yet: its head, then as many
 * parts as there are, which are nothing for a HEAD. Each 0, or -1 with errno
 * when the client or nginx has gone; what was written goes out when it is much,
 * or flushed, or the request finished. Nothing can become of a problem once the
 * head is out. */
int http_begin(struct http_exchange *x, int status, const char *type);
int http_write(struct http_exchange *x, const char *bytes, size_t length);
int http_flush(struct http_exchange *x);

#endif
