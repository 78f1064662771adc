/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_QUERY_H
#define OOMLAB_HTTP_QUERY_H

/*
 * Names and values as a query string or a form's body has them (the WHATWG
 * URL standard, application/x-www-form-urlencoded), taken apart where they
 * stand: nothing is allocated, however long the text is.
 */
#include "http/problem.h"

#define QUERY_MAX 4096 /* bytes; nginx refuses longer ones, too */

/* Text that is being taken apart, and that is written to. */
struct query_text {
	char *at;
	char *end; /* a NUL stands here */
};

/* Takes the next name and value off text, decoded in place (+ is a blank); the
 * value is NULL where no = came; empty segments are passed over. 1 with *name
 * and *value, which live as long as the text; 0 when nothing is left; -1 with
 * problem filled (400): an escape that is not whole, or a NUL. */
int query_next(struct query_text *text, const char **name, const char **value,
	struct http_problem *problem);

#endif
