/* SPDX-License-Identifier: MIT */
/*
 * JSON through cJSON. Integers go in raw, for cJSON keeps numbers as doubles
 * and those lose bytes beyond 2^53; and text is made UTF-8 first, which cJSON
 * takes for granted and a command's name or a path need not be.
 */
#include "views/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16 /* nested objects and lists; rows are ours, so few */

struct json {
	cJSON *stack[DEPTH_MAX]; /* the containers that are open */
	int depth;		 /* of the innermost */
	bool failed;
};

/* The length of the well-formed UTF-8 sequence at text, or 0: RFC 3629's
 * table, with the shortest forms alone and no surrogates. */
static size_t utf8_length(const unsigned char *text)
{
	unsigned char c = text[0], low = 0x80, high = 0xbf;
	size_t length;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	return length;
}

static cJSON *string_make(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *clean = malloc(strlen(text) * 3 + 1), *to = clean;
	cJSON *item;

	if (!clean)
		return NULL;
	while (*text) {
		size_t length = utf8_length((const unsigned char *)text);

		if (length > 0) {
			memcpy(to, text, length);
			to += length;
			text += length;
		} else {
			memcpy(to, replacement, 3);
			to += 3;
			text++;
		}
	}
	*to = '\0';
	item = cJSON_CreateString(clean);
	free(clean);
	return item;
}

static cJSON *value_make(const struct field *row, const void *at)
{
	char plain[64];
	int64_t us;

	if (field_absent(row, at))
		return cJSON_CreateNull();
	if (row->type == FIELD_TEXT)
		return string_make(at);
	if (row->type == FIELD_SECONDS) {
		memcpy(&us, at, sizeof(us));
		return cJSON_CreateNumber((double)us / 1e6);
	}
	field_plain(row, at, plain, sizeof(plain));
	if (row->type == FIELD_WORD || row->type == FIELD_TIME)
		return cJSON_CreateString(plain);
	return cJSON_CreateRaw(plain); /* a whole number, true or false */
}

/* Puts item, which is then owned by it, into the innermost container. */
static void put(struct json *json, const char *name, cJSON *item)
{
	cJSON *inner = json->stack[json->depth];
	cJSON_bool done;

	/* The name is a row's and outlives the tree: no copy. */
	done = !json->failed && item &&
	       (cJSON_IsArray(inner)
			       ? cJSON_AddItemToArray(inner, item)
			       : cJSON_AddItemToObjectCS(inner, name, item));
	if (!done) {
		cJSON_Delete(item);
		json->failed = true;
	}
}

static void push(struct json *json, const char *name, cJSON *container)
{
	put(json, name, container);
	if (json->depth + 1 == DEPTH_MAX)
		json->failed = true;
	if (!json->failed)
		json->stack[++json->depth] = container;
}

static void pop(struct json *json)
{
	if (!json->failed)
		json->depth--;
}

static void visit_value(void *context, const struct field *row, const void *at)
{
	struct json *json = context;

	if (!json->failed)
		put(json, row->name, value_make(row, at));
}

static void visit_enter(void *context, const struct field *row)
{
	push(context, row->name,
		row->type == FIELD_LIST ? cJSON_CreateArray()
					: cJSON_CreateObject());
}

static void visit_leave(void *context, const struct field *row)
{
	(void)row;
	pop(context);
}

static void visit_element(void *context, const struct field *row, bool begins)
{
	if (!row->rows)
		return;
	if (begins)
		push(context, row->name, cJSON_CreateObject());
	else
		pop(context);
}

static const struct field_visitor visitor = {
	.value = visit_value,
	.enter = visit_enter,
	.leave = visit_leave,
	.element = visit_element,
};

int json_render(
	const struct field *rows, const void *data, char **body, size_t *length)
{
	struct json json = {.stack = {cJSON_CreateObject()}};
	char *text = NULL, *line = NULL;

	json.failed = !json.stack[0];
	fields_walk(rows, data, &visitor, &json);
	if (!json.failed)
		text = cJSON_PrintUnformatted(json.stack[0]);
	cJSON_Delete(json.stack[0]);
	if (text) {
		*length = strlen(text) + 1;
		line = realloc(text, *length + 1);
		if (!line)
			free(text);
	}
	if (!line) {
		errno = ENOMEM;
		return -1;
	}
	memcpy(line + *length - 1, "\n", 2);
	*body = line;
	return 0;
}
