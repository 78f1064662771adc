/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_VIEW_H
#define OOMLAB_VIEWS_VIEW_H

/*
 * One page in every format: a view names its rows and its templates, and
 * view_send() answers in the format that was asked for. A view sees a filled
 * struct and nothing else. Needs heap: call it when nothing is held.
 */
#include "http/exchange.h"
#include "views/fields.h"

struct view {
	const char *name; /* of its schema in the OpenAPI document; NULL: it is
			     only another face of a view that has one */
	const struct field *fields;
	const char *html; /* template's file name, or NULL: text is served */
	const char *text; /* template's file name, or NULL: "name: value" by
			     the rows */
	const char *json_type; /* NULL: application/json */
	const char *csv; /* the list that CSV is of, or NULL: text is served */
};

/* Loads every template of the directory, so that a fork shares them and a
 * missing or broken one is told at the start. 0, or -1 (says which on stderr). */
int views_load(const char *directory);

/* Answers x with data by view. 0, also when the client has gone by now; or -1
 * with x->problem filled (500) and nothing sent. */
int view_send(struct http_exchange *x, int status, const struct view *view,
	const void *data);

/* Answers x with x->problem: HTML, JSON (application/problem+json) or text.
 * Falls back to a bare text line rather than fail. */
void view_problem(struct http_exchange *x);

/* What view_problem() fills, for whoever walks all views. */
extern const struct view problem_view;

/* Renders data without sending it; free(*body). 0, or -1 with errno. */
int view_render(enum http_format format, const struct view *view,
	const void *data, char **body, size_t *length);

#endif
