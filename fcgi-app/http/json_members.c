/* SPDX-License-Identifier: MIT */
/*
 * cJSON says whether it is JSON and decodes the strings. The text is walked
 * beside its tree for what the tree no longer has: a number as it was written
 * (cJSON keeps a double, in which 2^53 + 1 is 2^53), and a \u0000, at which
 * its C strings end.
 */
#include "http/json_members.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* Behind the string that begins with the quote at, or at the text's end. */
static char *string_end(char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* At the comma or brace that follows the value at. */
static char *value_end(char *at)
{
	int depth = 0;

	for (at += strcspn(at, "\"{}[],"); *at; at += strcspn(at, "\"{}[],")) {
		if (*at == '"') {
			at = string_end(at);
			continue;
		}
		if (depth == 0 && (*at == ',' || *at == '}'))
			break;
		depth +=
			(*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		at++;
	}
	return at;
}

/* How many values the text can have at most, JSON or not. */
static size_t items_count(char *at)
{
	size_t count = 0;

	for (at += strcspn(at, "\"{[,"); *at; at += strcspn(at, "\"{[,")) {
		if (*at == '"') {
			at = string_end(at);
			continue;
		}
		count++;
		at++;
	}
	return count;
}

/* Whether a \u0000 is in the text from at to end; "\\u0000" is none. */
static bool has_nul(const char *at, const char *end)
{
	for (; at < end; at++) {
		if (*at != '\\')
			continue;
		if (strncmp(at, "\\u0000", 6) == 0)
			return true;
		at++;
	}
	return false;
}

int json_members_open(struct json_members *members, char *text, size_t length)
{
	cJSON *tree;

	if (items_count(text) > JSON_ITEMS_MAX) {
		errno = E2BIG;
		return -1;
	}
	tree = strlen(text) == length
		       ? cJSON_ParseWithLengthOpts(text, length + 1, NULL, true)
		       : NULL;
	if (!cJSON_IsObject(tree)) {
		cJSON_Delete(tree);
		errno = EINVAL;
		return -1;
	}
	members->tree = tree;
	members->next = tree->child;
	members->at = strchr(text, '{') + 1;
	return 0;
}

bool json_members_next(struct json_members *members, struct json_member *member)
{
	const cJSON *item = members->next;
	char *name, *value, *end;

	if (!item)
		return false;
	name = members->at + strcspn(members->at, "\"");
	value = string_end(name);
	value += strspn(value, BLANKS ":");
	end = value_end(value);
	members->next = item->next;
	members->at = *end ? end + 1 : end;
	*member = (struct json_member){.name = item->string, .value = value};
	if (has_nul(name, end))
		member->fault = "holds a NUL (\\u0000)";
	else if (cJSON_IsString(item))
		member->value = item->valuestring;
	else if (!cJSON_IsNumber(item))
		member->fault = "neither a string nor a number";
	while (end > value && strchr(BLANKS, end[-1]))
		end--;
	*end = '\0';
	return true;
}

void json_members_close(struct json_members *members)
{
	cJSON_Delete(members->tree);
}
