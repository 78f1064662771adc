/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_OPENAPI_PARTS_H
#define OOMLAB_WATCH_OPENAPI_PARTS_H

/*
 * The parts of the OpenAPI document (OpenAPI Specification 3.1.0): openapi.c
 * makes it, these fill an operation of it. All that they say is read off the
 * rows of routes, parameters and views.
 */
#include "http/route.h"
#include "views/tree.h"

struct openapi {
	struct tree tree;
	cJSON *schemas; /* of the components, by the names of views */
	bool token;	/* load's routes and those that change want one */
};

/* The member of an object, made if it is not there yet. */
cJSON *openapi_object(struct openapi *document, cJSON *in, const char *name);

/* An operation's "parameters" and "requestBody". */
void openapi_parameters(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method);
void openapi_body(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method);

/* Its "responses"; puts the schemas of their views into the components. */
void openapi_answers(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method);

/* The components' "responses": what any route may say. */
void openapi_common_answers(struct openapi *document, cJSON *components);

#endif
