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

#define BODY_MAX (1 << 20) /* bytes; nginx refuses longer ones, too */

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

#endif
