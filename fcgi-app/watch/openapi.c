/* SPDX-License-Identifier: MIT */
/*
 * GET /openapi.json, what /help tells a person told to a program: the document
 * and its operations, from the tables of routes. Its tree is ten times as large
 * as its text, and a thread that frees one keeps the room; so it is made once,
 * at the start, and only sent afterwards.
 */
#include "watch/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "http/words.h"
#include "watch/handlers.h"
#include "watch/openapi_parts.h"
#include "watch/state.h"

#define PATH_ID "ID" /* as rows have it */

cJSON *openapi_object(struct openapi *document, cJSON *in, const char *name)
{
	cJSON *there = cJSON_GetObjectItemCaseSensitive(in, name);

	return there ? there : tree_object(&document->tree, in, name);
}

static void fill_info(struct openapi *document)
{
	struct tree *tree = &document->tree;
	cJSON *info, *licence;

	tree_text(tree, tree->root, "openapi", "3.1.0");
	info = tree_object(tree, tree->root, "info");
	tree_text(tree, info, "title", "oomlab");
	tree_text(tree, info, "version", OOMLAB_VERSION);
	tree_text(tree, info, "summary",
		"a laboratory for running out of memory");
	tree_text(tree, info, "description",
		"HTML by default, JSON for Accept: application/json or "
		"?format=json, text for ?format=text. Every answer has "
		"X-Request-Id, a load's id. What is absent is null. "
		"x-oomlab-type and x-oomlab-allowed of a parameter are what "
		"a refusal of it says.");
	licence = tree_object(tree, info, "license");
	tree_text(tree, licence, "name", "MIT");
	tree_text(tree, licence, "identifier", "MIT");
}

/* "getLoadsId" of GET /loads/ID. */
static void operation_id(
	const char *method, const char *path, char *out, size_t size)
{
	bool begins = false;
	size_t used = 0;

	for (; *method && used + 1 < size; method++)
		out[used++] = (char)tolower(*method);
	for (; *path && used + 1 < size; path++) {
		if (isalnum(*path))
			out[used++] = (char)(begins ? toupper(*path) : *path);
		begins = !isalnum(*path);
	}
	out[used] = '\0';
}

static void fill_security(struct openapi *document, cJSON *operation)
{
	struct tree *tree = &document->tree;
	cJSON *any = tree_array(tree, operation, "security");
	cJSON *scheme = tree_object(tree, any, NULL);

	tree_array(tree, scheme, "bearer");
}

static void add_operation(struct openapi *document, cJSON *path,
	const struct route *row, const char *method)
{
	struct tree *tree = &document->tree;
	char name[16], id[64];
	cJSON *operation, *tags;

	(void)snprintf(name, sizeof(name), "%s", method);
	for (char *at = name; *at; at++)
		*at = (char)tolower(*at);
	operation = tree_object(tree, path, name);
	operation_id(method, row->path, id, sizeof(id));
	tree_text(tree, operation, "operationId", id);
	tree_text(tree, operation, "summary", row->help);
	tags = tree_array(tree, operation, "tags");
	tree_text(tree, tags, NULL, row->flags & ROUTE_LOAD ? "load" : "watch");
	if (document->token && row->flags & (ROUTE_LOAD | ROUTE_CHANGES))
		fill_security(document, operation);
	openapi_parameters(document, operation, row, method);
	openapi_body(document, operation, row, method);
	openapi_answers(document, operation, row, method);
}

/* "/loads/{id}", which an ID is a parameter of. */
static void template_path(const char *path, char *out, size_t size)
{
	size_t length = strlen(path), tail = strlen(PATH_ID);

	if (length > tail && strcmp(path + length - tail, PATH_ID) == 0)
		(void)snprintf(
			out, size, "%.*s{id}", (int)(length - tail), path);
	else
		(void)snprintf(out, size, "%s", path);
}

static void add_routes(
	struct openapi *document, cJSON *paths, const struct route *table)
{
	static const char *const methods[] = {"GET", "POST", "DELETE"};

	for (const struct route *row = table; row && row->path; row++) {
		char name[64];
		cJSON *path;

		template_path(row->path, name, sizeof(name));
		path = openapi_object(document, paths, name);
		for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
			if (words_have(row->methods, methods[i]))
				add_operation(document, path, row, methods[i]);
		if (words_have(row->methods, "GET") &&
			!(row->flags & ROUTE_LOAD))
			add_operation(document, path, row, "HEAD");
	}
}

static void fill(struct openapi *document, const struct config *config)
{
	struct tree *tree = &document->tree;
	cJSON *paths, *components, *scheme;

	fill_info(document);
	paths = tree_object(tree, tree->root, "paths");
	components = tree_object(tree, tree->root, "components");
	document->schemas = tree_object(tree, components, "schemas");
	if (document->token) {
		scheme = tree_object(tree, components, "securitySchemes");
		scheme = tree_object(tree, scheme, "bearer");
		tree_text(tree, scheme, "type", "http");
		tree_text(tree, scheme, "scheme", "bearer");
	}
	openapi_common_answers(document, components);
	add_routes(document, paths, config->load_routes);
	add_routes(document, paths, config->watch_routes);
}

int openapi_make(const struct config *config, struct openapi_document *document)
{
	struct openapi openapi = {.token = config->token[0] != '\0'};

	tree_open(&openapi.tree);
	fill(&openapi, config);
	return tree_close(&openapi.tree, &document->text, &document->length);
}

int openapi_show(struct http_exchange *x)
{
	const struct openapi_document *document = &watch_of(x)->openapi;

	(void)http_respond(x, 200, "application/json", NULL, document->text,
		document->length);
	return 0;
}
