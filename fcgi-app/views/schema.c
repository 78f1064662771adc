/* SPDX-License-Identifier: MIT */
/*
 * Rows to JSON Schema. What views/json.c makes of a type is one row of a table
 * here; the rows' own structure is walked as it walks them, but by themselves,
 * for there is no filled struct.
 */
#include "views/schema.h"

#include <string.h>

/* Of types with a value of their own, by enum field_type. */
static const struct {
	const char *type;
	const char *format; /* or NULL */
	bool from_zero;	    /* never below */
} types[] = {
	[FIELD_TEXT] = {"string", NULL, false},
	[FIELD_INTEGER] = {"integer", NULL, false},
	[FIELD_BYTES] = {"integer", "int64", true},
	[FIELD_DELTA] = {"integer", "int64", false},
	[FIELD_SECONDS] = {"number", NULL, true},
	[FIELD_TIME] = {"string", "date-time", false},
	[FIELD_BOOL] = {"boolean", NULL, false},
	[FIELD_WORD] = {"string", NULL, false},
	[FIELD_LIST] = {"array", NULL, false},
};

static void nullable(struct tree *tree, cJSON *schema, const char *type)
{
	cJSON *either = tree_array(tree, schema, "type");

	tree_text(tree, either, NULL, type);
	tree_text(tree, either, NULL, "null");
}

/* Without a count of the words there is no telling where they end. */
static void word_fill(struct tree *tree, cJSON *schema, const struct field *row)
{
	cJSON *words;

	if (row->stride == 0)
		return;
	words = tree_array(tree, schema, "enum");
	for (size_t i = 0; i < row->stride; i++)
		if (row->words[i])
			tree_text(tree, words, NULL, row->words[i]);
	tree_null(tree, words, NULL);
}

static void list_fill(struct tree *tree, cJSON *schema, const struct field *row)
{
	cJSON *items = tree_object(tree, schema, "items");

	if (row->rows)
		schema_fill(tree, items, row->rows);
	else
		nullable(tree, items, "string");
}

static void value_fill(
	struct tree *tree, cJSON *schema, const struct field *row)
{
	if (row->type == FIELD_OBJECT) {
		schema_fill(tree, schema, row->rows);
		return;
	}
	nullable(tree, schema, types[row->type].type);
	if (types[row->type].format)
		tree_text(tree, schema, "format", types[row->type].format);
	if (types[row->type].from_zero)
		tree_integer(tree, schema, "minimum", 0);
	if (row->type == FIELD_WORD)
		word_fill(tree, schema, row);
	if (row->type == FIELD_LIST)
		list_fill(tree, schema, row);
}

/* Rows of an object without a name show as the outer one's own, and are left
 * out together where that is optional. */
static void rows_fill(struct tree *tree, cJSON *properties, cJSON *required,
	const struct field *rows)
{
	for (const struct field *row = rows; row->name; row++) {
		bool must = required && !row->optional;

		if (row->type == FIELD_OBJECT && row->name[0] == '\0') {
			rows_fill(tree, properties, must ? required : NULL,
				row->rows);
			continue;
		}
		value_fill(tree, tree_object(tree, properties, row->name), row);
		if (must)
			tree_text(tree, required, NULL, row->name);
	}
}

void schema_fill(struct tree *tree, cJSON *schema, const struct field *rows)
{
	cJSON *properties, *required;

	tree_text(tree, schema, "type", "object");
	properties = tree_object(tree, schema, "properties");
	required = tree_array(tree, schema, "required");
	rows_fill(tree, properties, required, rows);
}
