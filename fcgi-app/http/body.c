/* SPDX-License-Identifier: MIT */
/*
 * Reads a body whole, finds out what it is, and hands its parameters to the
 * same parser as a query's, one by one. It runs in a process that is to be
 * small: a body is bounded before it is read, and a JSON one may not have more
 * members than a load could use before cJSON makes a tree of it.
 */
#include "http/body.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/json_members.h"
#include "http/query.h"
#include "http/route.h"

#define BODY_FIRST 4096 /* bytes; doubled as more comes */

struct body {
	struct http_exchange *x; /* whose it is, and who gets what it has */
	char *text;		 /* length bytes and a NUL */
	size_t length;
	bool alone; /* no parameters beside those of the query */
};

/* Adds what is there until room bytes are full: whether they are. */
static bool body_fill(struct body *body, FCGX_Stream *in, size_t room)
{
	int count = FCGX_GetStr(
		body->text + body->length, (int)(room - body->length), in);

	body->length += count > 0 ? (size_t)count : 0;
	body->text[body->length] = '\0';
	return body->length == room;
}

/* 0, or -1 with errno: ENOMEM, EFBIG when there is more than BODY_MAX, EPIPE
 * when it broke off. */
static int body_read(FCGX_Stream *in, struct body *body)
{
	size_t room = BODY_FIRST;
	char *text;

	while ((text = realloc(body->text, room + 1))) {
		body->text = text;
		if (!body_fill(body, in, room))
			break;
		if (room > BODY_MAX) {
			errno = EFBIG;
			return -1;
		}
		room = room * 2 <= BODY_MAX ? room * 2 : BODY_MAX + 1;
	}
	if (!text)
		return -1;
	if (FCGX_GetError(in) == 0)
		return 0;
	errno = EPIPE;
	return -1;
}

/* Refuses the body as a whole. */
static int body_refuse(struct http_problem *problem, int status,
	const char *got, const char *allowed, const char *why)
{
	http_problem_parameter(problem, "body", got, allowed, why);
	problem->status = status;
	return -1;
}

static int body_unread(const struct body *body, int error)
{
	struct http_problem *problem = &body->x->problem;
	char got[32], allowed[32];

	if (error == ENOMEM)
		return http_problem(problem, 500, "No memory to read the body");
	(void)snprintf(got, sizeof(got), "%zu bytes", body->length);
	(void)snprintf(allowed, sizeof(allowed), "at most %d bytes", BODY_MAX);
	if (error == EFBIG)
		return body_refuse(problem, 413, "more", allowed, "too large");
	return body_refuse(
		problem, 400, got, allowed, "broke off before its end");
}

/* The first parameter that the query has, or NULL: format is none of a load's
 * and may always stand there. */
static const char *given_in_query(const struct params *params)
{
	const struct param *row = params_table;

	while (row->name && (!params->values[row - params_table].given ||
				    strcmp(row->name, "format") == 0))
		row++;
	return row->name;
}

/* fault: why its value is none, or NULL. */
static int take(const struct body *body, const char *name, const char *value,
	const char *fault)
{
	struct http_exchange *x = body->x;
	const char *accepts = x->route->params ? x->route->params : "";

	if (body->alone && strcmp(name, "format") != 0)
		return http_problem_parameter(&x->problem, name,
			value ? value : "",
			"parameters in the query or in the body, not in both",
			"the query has parameters, too");
	if (fault)
		return params_refuse(name, value, accepts, fault, &x->problem);
	return params_take(name, value, accepts, &x->params, &x->problem);
}

static int take_form(const struct body *body)
{
	struct query_text text = {body->text, body->text + body->length};
	const char *name, *value;
	int left;

	while ((left = query_next(&text, &name, &value, &body->x->problem)) > 0)
		if (take(body, name, value, NULL) < 0)
			return -1;
	return left;
}

static int take_json(const struct body *body)
{
	struct json_members members;
	struct json_member member;
	int failed = 0;

	if (json_members_open(&members, body->text, body->length) < 0)
		return body_refuse(&body->x->problem, 400, body->text,
			"a JSON object of strings and numbers",
			errno == E2BIG ? "too many members or items"
				       : "not a JSON object");
	while (!failed && json_members_next(&members, &member))
		failed = take(body, member.name, member.value, member.fault);
	json_members_close(&members);
	return failed;
}

static const struct body_type {
	const char *name;
	int (*take)(const struct body *body);
} body_types[] = {
	{"application/x-www-form-urlencoded", take_form},
	{"application/json", take_json},
	{NULL, NULL},
};

/* A media type up to its parameters (RFC 9110, 8.3.1), whatever its case. */
static bool type_is(const char *content_type, const char *name)
{
	size_t length = strlen(name);

	return strncasecmp(content_type, name, length) == 0 &&
	       strchr("; \t", content_type[length]); /* its end, too */
}

static const struct body_type *type_find(const char *content_type)
{
	const struct body_type *type = body_types;

	while (type->name && !type_is(content_type, type->name))
		type++;
	return type->name ? type : NULL;
}

static int type_unknown(struct http_problem *problem, const char *type)
{
	static const char allowed[] =
		"application/x-www-form-urlencoded application/json";

	http_problem_parameter(problem, "Content-Type", type, allowed, "");
	problem->status = 415;
	(void)snprintf(problem->detail, sizeof(problem->detail),
		"Content-Type \"%s\" of the body: no parameters come in it; "
		"allowed: %s",
		problem->got, allowed);
	return -1;
}

static int body_take(const struct body *body)
{
	const char *content_type = http_param(body->x, "CONTENT_TYPE");
	const struct body_type *type;

	if (!content_type)
		content_type = "";
	type = type_find(content_type);
	return type ? type->take(body)
		    : type_unknown(&body->x->problem, content_type);
}

int http_body_take(struct http_exchange *x)
{
	struct body body = {.x = x};
	int failed;

	if (!x->fcgi->in)
		return 0;
	body.alone =
		!(x->route->flags & ROUTE_MIXES) && given_in_query(&x->params);
	if (body_read(x->fcgi->in, &body) < 0)
		failed = body_unread(&body, errno);
	else
		failed = body.length > 0 ? body_take(&body) : 0;
	free(body.text);
	return failed;
}
