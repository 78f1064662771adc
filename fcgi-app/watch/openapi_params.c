/* SPDX-License-Identifier: MIT */
/*
 * Rows of the table of parameters as OpenAPI's parameters and as the members
 * of a body. Bounds that JSON Schema cannot tell of a text (that 0 is no size)
 * are in x-oomlab-allowed, in the words of a refusal.
 */
#include "watch/openapi_parts.h"

#include <stdio.h>
#include <string.h>

#include "http/quantity.h"
#include "http/words.h"

#define ALLOWED_MAX 256

/* What is done with each parameter that a route takes. */
typedef void each_param(struct openapi *document, cJSON *into,
	const struct param *row, bool in_query_alone);

static bool takes_body(const struct route *row, const char *method)
{
	return strcmp(method, "POST") == 0 && row->flags & ROUTE_LOAD;
}

/* The words that a parameter may be, or its bounds. */
static void bounds_fill(
	struct openapi *document, cJSON *schema, const struct param *row)
{
	struct tree *tree = &document->tree;
	const char *pattern = params_type_pattern(row->type);
	cJSON *words;

	if (row->type == PARAM_INTEGER) {
		tree_integer(tree, schema, "minimum", row->min);
		tree_integer(tree, schema, "maximum", row->max);
	}
	if (row->type == PARAM_WORD) {
		words = tree_array(tree, schema, "enum");
		for (const char *const *word = row->words; *word; word++)
			tree_text(tree, words, NULL, *word);
	}
	if (pattern)
		tree_text(tree, schema, "pattern", pattern);
}

static void preset_fill(
	struct openapi *document, cJSON *schema, const struct param *row)
{
	struct tree *tree = &document->tree;
	int64_t value;

	if (row->preset[0] == '\0')
		return;
	if (row->type == PARAM_INTEGER &&
		integer_parse(row->preset, &value) == 0)
		tree_integer(tree, schema, "default", value);
	else
		tree_text(tree, schema, "default", row->preset);
}

/* In a body a figure may be a number, too. */
static void schema_of_param(struct openapi *document, cJSON *schema,
	const struct param *row, bool in_body)
{
	struct tree *tree = &document->tree;
	const char *type = row->type == PARAM_INTEGER ? "integer" : "string";
	cJSON *either;

	if (in_body && params_type_pattern(row->type)) {
		either = tree_array(tree, schema, "type");
		tree_text(tree, either, NULL, "string");
		tree_text(tree, either, NULL, "number");
	} else {
		tree_text(tree, schema, "type", type);
	}
	bounds_fill(document, schema, row);
	preset_fill(document, schema, row);
}

static void say_ours(
	struct openapi *document, cJSON *into, const struct param *row)
{
	struct tree *tree = &document->tree;
	char allowed[ALLOWED_MAX];

	params_allowed(row, allowed, sizeof(allowed));
	tree_text(tree, into, "x-oomlab-type", params_type_name(row->type));
	tree_text(tree, into, "x-oomlab-allowed", allowed);
	tree_bool(tree, into, "x-oomlab-required", row->required);
}

static void add_parameter(struct openapi *document, cJSON *parameters,
	const struct param *row, bool in_query_alone)
{
	struct tree *tree = &document->tree;
	cJSON *one = tree_object(tree, parameters, NULL);

	tree_text(tree, one, "name", row->name);
	tree_text(tree, one, "in", "query");
	tree_bool(tree, one, "required", row->required && in_query_alone);
	tree_text(tree, one, "description", row->help);
	schema_of_param(document, tree_object(tree, one, "schema"), row, false);
	say_ours(document, one, row);
}

static void add_property(struct openapi *document, cJSON *properties,
	const struct param *row, bool in_query_alone)
{
	cJSON *one = tree_object(&document->tree, properties, row->name);

	(void)in_query_alone;
	tree_text(&document->tree, one, "description", row->help);
	schema_of_param(document, one, row, true);
	say_ours(document, one, row);
}

static void each(struct openapi *document, cJSON *into, const struct route *row,
	bool in_query_alone, each_param *add)
{
	const char *accepts = row->params ? row->params : "";
	const struct param *param = params_table;

	for (; param->name; param++)
		if (words_have(accepts, param->name))
			add(document, into, param, in_query_alone);
}

static void add_id(struct openapi *document, cJSON *parameters)
{
	struct tree *tree = &document->tree;
	cJSON *one = tree_object(tree, parameters, NULL), *schema;

	tree_text(tree, one, "name", "id");
	tree_text(tree, one, "in", "path");
	tree_bool(tree, one, "required", true);
	schema = tree_object(tree, one, "schema");
	tree_text(tree, schema, "type", "string");
	tree_text(tree, schema, "pattern", "^[0-9a-f]{32}$");
}

void openapi_parameters(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method)
{
	const char *accepts = row->params ? row->params : "";
	bool alone = !takes_body(row, method);
	cJSON *parameters =
		tree_array(&document->tree, operation, "parameters");

	if (strcmp(strrchr(row->path, '/'), "/ID") == 0)
		add_id(document, parameters);
	each(document, parameters, row, alone, add_parameter);
	if (!words_have(accepts, "format") && !(row->flags & ROUTE_PLAIN))
		add_parameter(document, parameters,
			params_row("format", accepts), alone);
}

/* What a route that takes memory takes: the same as a form or as JSON. */
static void fill_load_body(
	struct openapi *document, cJSON *schema, const struct route *row)
{
	struct tree *tree = &document->tree;

	tree_text(tree, schema, "type", "object");
	each(document, tree_object(tree, schema, "properties"), row, false,
		add_property);
	tree_bool(tree, schema, "additionalProperties", false);
}

static void fill_text_body(struct openapi *document, cJSON *content)
{
	struct tree *tree = &document->tree;
	cJSON *schema, *property;

	tree_object(tree, content, "text/plain");
	schema = tree_object(tree, content, "multipart/form-data");
	schema = tree_object(tree, schema, "schema");
	tree_text(tree, schema, "type", "object");
	property = tree_object(tree, schema, "properties");
	property = tree_object(tree, property, ROUTE_TEXT_FIELD);
	tree_text(tree, property, "type", "string");
	property = tree_array(tree, schema, "required");
	tree_text(tree, property, NULL, ROUTE_TEXT_FIELD);
}

void openapi_body(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method)
{
	static const char *const types[] = {
		"application/json", "application/x-www-form-urlencoded"};
	struct tree *tree = &document->tree;
	cJSON *content, *type;

	if (strcmp(method, "POST") != 0)
		return;
	content = tree_object(tree, operation, "requestBody");
	tree_text(tree, content, "description",
		row->flags & ROUTE_TEXT	   ? "a text, whatever its type"
		: row->flags & ROUTE_MIXES ? "parameters, of which the query "
					     "may have others"
					   : "the parameters, if the query has "
					     "none of them");
	content = tree_object(tree, content, "content");
	if (row->flags & ROUTE_TEXT)
		fill_text_body(document, content);
	for (size_t i = 0; takes_body(row, method) && i < 2; i++) {
		type = tree_object(tree, content, types[i]);
		fill_load_body(
			document, tree_object(tree, type, "schema"), row);
	}
}
