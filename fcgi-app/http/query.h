/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_QUERY_H
#define OOMLAB_HTTP_QUERY_H

/*
 * A query string taken apart by uriparser, once its percent escapes are known
 * to be whole: uriparser passes over broken ones in silence, and a %00 would
 * cut its C strings short.
 */
#include <uriparser/Uri.h>

#include "http/problem.h"

#define QUERY_MAX 4096 /* bytes; nginx refuses longer ones, too */

/* Names and values decoded (+ is a blank), in their order; a value is NULL
 * where no = came; empty segments are passed over. 0 with *list (NULL when
 * there is nothing) for uriFreeQueryListA(), or -1 with problem filled: 414,
 * 400 for a bad escape, 500 without memory. */
int query_dissect(
	const char *query, UriQueryListA **list, struct http_problem *problem);

#endif
