/* SPDX-License-Identifier: MIT */
/*
 * What a route may answer: the rows of its own list, and of those below, which
 * hold for every route with these flags. Rows of one status are one response,
 * whose JSON is of any of their schemas.
 */
#include "watch/openapi_parts.h"

#include <stdio.h>
#include <string.h>

#include "http/words.h"
#include "views/schema.h"
#include "views/view.h"

#define REF_MAX	  64
#define MEANS_MAX 512
#define LIST_MAX  32

enum when {
	ALWAYS = 0,
	OF_TOKEN = 1, /* one is set */
	OF_BODY = 2,  /* of a POST */
};

/* clang-format off */
static const struct common {
	struct route_answer answer;
	unsigned flags; /* the route has any of them; 0: every route */
	unsigned when;	/* enum when, all of it */
} common[] = {
	{{400, NULL, NULL,
		"a parameter is wrong: which, what came, what is allowed"},
		0, ALWAYS},
	{{401, NULL, NULL, "the token is missing or wrong"},
		ROUTE_LOAD | ROUTE_CHANGES, OF_TOKEN},
	{{403, NULL, NULL, "asked for by another site, or prefetched"},
		ROUTE_LOAD | ROUTE_CHANGES, ALWAYS},
	{{413, NULL, NULL, "the body is too large"}, 0, OF_BODY},
	{{414, NULL, NULL, "the query is too long"}, 0, ALWAYS},
	{{415, NULL, NULL, "the body is neither a form nor JSON"},
		ROUTE_LOAD, OF_BODY},
	{{421, NULL, NULL, "the service is not called by this name"},
		0, ALWAYS},
	{{500, NULL, NULL, "no memory to make the answer"}, 0, ALWAYS},
	{{503, NULL, NULL,
		"who would answer is not there, or is just starting"},
		0, ALWAYS},
};
/* clang-format on */
enum { COMMON = sizeof(common) / sizeof(common[0]) };

struct list {
	const struct route_answer *rows[LIST_MAX];
	int count;
};

static bool has(const struct list *list, int status)
{
	for (int i = 0; i < list->count; i++)
		if (list->rows[i]->status == status)
			return true;
	return false;
}

static bool is_common(const struct route_answer *answer)
{
	for (int i = 0; i < COMMON; i++)
		if (answer == &common[i].answer)
			return true;
	return false;
}

static bool applies(const struct common *row, unsigned flags, unsigned present)
{
	return (row->flags == 0 || (row->flags & flags)) &&
	       (row->when & present) == row->when;
}

/* The route's own, then what of the others it does not say itself. */
static void list_make(const struct openapi *document, const struct route *row,
	const char *method, struct list *list)
{
	unsigned present = (document->token ? OF_TOKEN : 0U) |
			   (strcmp(method, "POST") == 0 ? OF_BODY : 0U);
	const struct route_answer *answer = row->answers;

	for (list->count = 0; answer && answer->status; answer++)
		if (list->count < LIST_MAX - COMMON)
			list->rows[list->count++] = answer;
	for (int i = 0; i < COMMON; i++)
		if (applies(&common[i], row->flags, present) &&
			!has(list, common[i].answer.status))
			list->rows[list->count++] = &common[i].answer;
}

/* The first row of the lowest status above that one; -1: there is none. */
static int next_status(const struct list *list, int above)
{
	int best = -1;

	for (int i = 0; i < list->count; i++)
		if (list->rows[i]->status > above &&
			(best < 0 || list->rows[i]->status <
					     list->rows[best]->status))
			best = i;
	return best;
}

/* Puts the view's schema among the components, once; and says where it is. */
static void refer(
	struct openapi *document, const struct view *view, char out[REF_MAX])
{
	struct tree *tree = &document->tree;

	if (!cJSON_GetObjectItemCaseSensitive(document->schemas, view->name))
		schema_fill(tree,
			tree_object(tree, document->schemas, view->name),
			view->fields);
	(void)snprintf(out, REF_MAX, "#/components/schemas/%s", view->name);
}

/* A schema that is one already becomes one of any. */
static void add_schema(
	struct openapi *document, cJSON *type, const struct view *view)
{
	struct tree *tree = &document->tree;
	cJSON *schema = openapi_object(document, type, "schema"), *first, *any;
	char ref[REF_MAX];

	refer(document, view, ref);
	any = cJSON_GetObjectItemCaseSensitive(schema, "anyOf");
	first = cJSON_GetObjectItemCaseSensitive(schema, "$ref");
	if (first) {
		any = tree_array(tree, schema, "anyOf");
		tree_text(tree, tree_object(tree, any, NULL), "$ref",
			first->valuestring);
		cJSON_DeleteItemFromObjectCaseSensitive(schema, "$ref");
	}
	tree_text(
		tree, any ? tree_object(tree, any, NULL) : schema, "$ref", ref);
}

static void add_view(struct openapi *document, cJSON *content,
	const struct route *row, const struct view *view)
{
	const char *json =
		view->json_type ? view->json_type : "application/json";

	if (view->name && !(row && row->flags & ROUTE_PLAIN))
		add_schema(document, openapi_object(document, content, json),
			view);
	if (view->html && !(row && row->flags & ROUTE_PLAIN))
		openapi_object(document, content, "text/html");
	if (view->csv)
		openapi_object(document, content, "text/csv");
	openapi_object(document, content, "text/plain");
}

static void add_content(struct openapi *document, cJSON *response,
	const struct route *row, const struct route_answer *answer)
{
	const struct view *view = answer->view;

	if (!view && !answer->type && answer->status >= 400)
		view = &problem_view;
	if (!view && !answer->type)
		return;
	response = openapi_object(document, response, "content");
	if (view)
		add_view(document, response, row, view);
	else
		openapi_object(document, response, answer->type);
}

/* All that rows of its status mean, each of them once. */
static void describe(const struct list *list, int first, char *out, size_t size)
{
	const char *before = "";

	out[0] = '\0';
	for (int i = first; i < list->count; i++) {
		size_t used = strlen(out);

		if (list->rows[i]->status != list->rows[first]->status ||
			strstr(out, list->rows[i]->means))
			continue;
		(void)snprintf(out + used, size - used, "%s%s", before,
			list->rows[i]->means);
		before = "; or: ";
	}
}

static void add_response(struct openapi *document, cJSON *responses,
	const struct route *row, const struct list *list, int first,
	bool has_content)
{
	char name[8], means[MEANS_MAX];
	cJSON *response;

	(void)snprintf(name, sizeof(name), "%d", list->rows[first]->status);
	response = tree_object(&document->tree, responses, name);
	describe(list, first, means, sizeof(means));
	tree_text(&document->tree, response, "description", means);
	for (int i = first; has_content && i < list->count; i++)
		if (list->rows[i]->status == list->rows[first]->status)
			add_content(document, response, row, list->rows[i]);
}

static void refer_common(struct openapi *document, cJSON *responses, int status)
{
	char name[8], ref[REF_MAX];

	(void)snprintf(name, sizeof(name), "%d", status);
	(void)snprintf(ref, sizeof(ref), "#/components/responses/%d", status);
	tree_text(&document->tree,
		tree_object(&document->tree, responses, name), "$ref", ref);
}

void openapi_answers(struct openapi *document, cJSON *operation,
	const struct route *row, const char *method)
{
	cJSON *responses = tree_object(&document->tree, operation, "responses");
	bool is_head = strcmp(method, "HEAD") == 0;
	struct list list;

	list_make(document, row, method, &list);
	for (int i = next_status(&list, 0); i >= 0;
		i = next_status(&list, list.rows[i]->status)) {
		if (is_common(list.rows[i]) && !(row->flags & ROUTE_PLAIN))
			refer_common(document, responses, list.rows[i]->status);
		else
			add_response(
				document, responses, row, &list, i, !is_head);
	}
}

void openapi_common_answers(struct openapi *document, cJSON *components)
{
	cJSON *responses =
		tree_object(&document->tree, components, "responses");

	for (int i = 0; i < COMMON; i++) {
		struct list list = {{&common[i].answer}, 1};

		add_response(document, responses, NULL, &list, 0, true);
	}
}
