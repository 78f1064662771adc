/* SPDX-License-Identifier: MIT */
/*
 * Every member goes through one function, which frees what could not be put
 * where it belongs: a document lacks nothing or is not sent.
 */
#include "views/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tree_open(struct tree *tree)
{
	tree->root = cJSON_CreateObject();
	tree->failed = !tree->root;
}

/* item, which is in's from now on; NULL when it could not be put there. */
static cJSON *put(struct tree *tree, cJSON *in, const char *name, cJSON *item)
{
	cJSON_bool done;

	done = in && item &&
	       (cJSON_IsArray(in) ? cJSON_AddItemToArray(in, item)
				  : cJSON_AddItemToObject(in, name, item));
	if (done)
		return item;
	cJSON_Delete(item);
	tree->failed = true;
	return NULL;
}

cJSON *tree_object(struct tree *tree, cJSON *in, const char *name)
{
	return put(tree, in, name, cJSON_CreateObject());
}

cJSON *tree_array(struct tree *tree, cJSON *in, const char *name)
{
	return put(tree, in, name, cJSON_CreateArray());
}

void tree_text(struct tree *tree, cJSON *in, const char *name, const char *text)
{
	put(tree, in, name, cJSON_CreateString(text));
}

void tree_integer(struct tree *tree, cJSON *in, const char *name, int64_t value)
{
	char digits[24];

	/* Raw: cJSON's numbers are doubles. */
	(void)snprintf(digits, sizeof(digits), "%" PRId64, value);
	put(tree, in, name, cJSON_CreateRaw(digits));
}

void tree_bool(struct tree *tree, cJSON *in, const char *name, bool value)
{
	put(tree, in, name, cJSON_CreateBool(value));
}

void tree_null(struct tree *tree, cJSON *in, const char *name)
{
	put(tree, in, name, cJSON_CreateNull());
}

int tree_close(struct tree *tree, char **body, size_t *length)
{
	char *text = tree->failed ? NULL : cJSON_PrintUnformatted(tree->root);

	cJSON_Delete(tree->root);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	*body = text;
	*length = strlen(text);
	return 0;
}
