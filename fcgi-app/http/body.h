/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_BODY_H
#define OOMLAB_HTTP_BODY_H

/*
 * A load's parameters out of the body of a POST: a form's
 * (application/x-www-form-urlencoded, read as a query is) or the members of a
 * JSON object (RFC 8259), strings or numbers. A number is read as it is
 * written, so that integers are exact and 1e30 is refused as in a query.
 */
#include "http/exchange.h"

#define BODY_MAX	 (1 << 20) /* bytes; nginx refuses longer ones, too */
#define BODY_STREAM_MAX (8 << 20) /* the same, of what is not kept */

/* Adds to x->params, which params_parse() has filled from the query, what the
 * body of x has for x->route. CONTENT_LENGTH is not looked at: the body is
 * what x->fcgi->in has until it ends. None is fine, of whatever type.
 *
 * 0, or -1 with x->problem filled: 400 for a parameter at fault, for one in
 * the body when the query has one too (unless the route is ROUTE_MIXES), for
 * no JSON object, for a body that broke off; 413 over BODY_MAX; 415 for
 * another Content-Type; 500 without memory. Whatever it allocates (the body,
 * and what cJSON makes of a short list of members) is freed on return. */
int http_body_take(struct http_exchange *x);

/* The next bytes of a body; lent until it returns. */
typedef void http_body_piece(void *context, const char *bytes, size_t length);

/* Hands the body of x to take as it comes, whatever its type; of
 * multipart/form-data (RFC 7578) the field of that name alone. Nothing is kept
 * or allocated. 0, or -1 with x->problem filled: 413 over BODY_STREAM_MAX, 400
 * for one that broke off or a form without the field. What has come by then
 * has been handed over. */
int http_body_stream(struct http_exchange *x, const char *field,
	http_body_piece *take, void *context);

#endif
