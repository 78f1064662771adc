/* SPDX-License-Identifier: MIT */
/*
 * From a request to the row that serves it. Two rows may share a path and
 * differ in method and flags (GET and DELETE of /loads/ID), so a path is
 * looked up whole before a method is refused, and Allow is read off the rows.
 */
#include "http/route.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "http/admission.h"
#include "http/body.h"
#include "http/words.h"

#define ID_LENGTH 32

/* Whether path is the row's; tail (33 bytes) gets the ID, or "". */
static bool path_matches(const char *row, const char *path, char *tail)
{
	const char *last = strrchr(row, '/') + 1;
	size_t stem = (size_t)(last - row);

	tail[0] = '\0';
	if (strcmp(last, "ID") != 0)
		return strcmp(row, path) == 0;
	if (strncmp(row, path, stem) != 0 ||
		strspn(path + stem, "0123456789abcdef") != ID_LENGTH ||
		path[stem + ID_LENGTH] != '\0')
		return false;
	memcpy(tail, path + stem, ID_LENGTH + 1);
	return true;
}

static bool serves(const struct route *row, const char *method)
{
	if (strcmp(method, "HEAD") == 0 && !(row->flags & ROUTE_LOAD) &&
		words_have(row->methods, "GET"))
		return true;
	return words_have(row->methods, method);
}

/* "GET, HEAD, DELETE": what the rows of that path take. */
static void allow_list(
	const struct route *table, const char *path, char *out, size_t size)
{
	static const char *const methods[] = {
		"GET", "HEAD", "POST", "PUT", "DELETE"};
	char tail[ID_LENGTH + 1];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		const struct route *row = table;

		while (row->path && !(path_matches(row->path, path, tail) &&
					    serves(row, methods[i])))
			row++;
		if (row->path)
			used += (size_t)snprintf(out + used, size - used,
				"%s%s", used ? ", " : "", methods[i]);
	}
}

/* known: the last row of that path, NULL if there is none. */
static int route_missing(struct http_exchange *x, const struct route *table,
	const struct route *known)
{
	char shown[128], allow[sizeof(x->problem.allow)];

	if (!known) {
		http_show(x->path, shown, sizeof(shown));
		return http_problem(&x->problem, 404,
			"There is nothing at %s; /help lists what there is",
			shown);
	}
	if (known->flags & ROUTE_PLAIN)
		x->format = HTTP_TEXT;
	allow_list(table, x->path, allow, sizeof(allow));
	http_show(x->method, shown, sizeof(shown));
	http_problem(&x->problem, known->flags & ROUTE_PLAIN ? 400 : 405,
		"%s is not for %s, which takes %s", shown, x->path, allow);
	memcpy(x->problem.allow, allow, sizeof(allow));
	return -1;
}

/* From the query, then from the body, then whether all came that must. */
static int take_params(struct http_exchange *x, const struct route *row)
{
	const char *accepts = row->params ? row->params : "";
	const struct param_value *format;

	if (params_parse(x->query, accepts, &x->params, &x->problem) < 0)
		return -1;
	if ((row->flags & ROUTE_LOAD) && strcmp(x->method, "POST") == 0 &&
		http_body_take(x) < 0)
		return -1;
	/* Decoded now: the raw query may have hidden it ("%6ason"). */
	format = params_value(&x->params, "format");
	if (format->given && !(row->flags & ROUTE_PLAIN))
		x->format = (enum http_format)format->integer;
	else if (x->wants_csv && x->params.csv)
		x->format = HTTP_CSV;
	return params_require(accepts, &x->params, &x->problem);
}

int http_route(struct http_exchange *x, const struct route *table,
	const struct http_rules *rules)
{
	const struct route *row, *known = NULL;

	for (row = table; row->path; row++) {
		if (!path_matches(row->path, x->path, x->tail))
			continue;
		known = row;
		if (serves(row, x->method))
			break;
	}
	if (!row->path)
		return route_missing(x, table, known);
	x->route = row;
	if (row->flags & ROUTE_PLAIN)
		x->format = HTTP_TEXT;
	if ((row->flags & (ROUTE_LOAD | ROUTE_CHANGES)) &&
		http_admit(x, rules) < 0)
		return -1;
	return take_params(x, row);
}
