/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_TREE_H
#define OOMLAB_VIEWS_TREE_H

/*
 * A JSON document (RFC 8259) made by hand, for what is no filled struct: cJSON
 * with one place that remembers whether memory was short, so that who builds
 * need not ask after every member. In an object members are named, in an array
 * names are ignored. All text must be UTF-8, and is copied.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tree {
	cJSON *root; /* an object */
	bool failed; /* something is missing: printing will fail */
};

void tree_open(struct tree *tree);

/* Put one into an object or an array; without memory NULL, which is a fine
 * place to put more into. */
cJSON *tree_object(struct tree *tree, cJSON *in, const char *name);
cJSON *tree_array(struct tree *tree, cJSON *in, const char *name);

void tree_text(
	struct tree *tree, cJSON *in, const char *name, const char *text);
void tree_integer(
	struct tree *tree, cJSON *in, const char *name, int64_t value);
void tree_bool(struct tree *tree, cJSON *in, const char *name, bool value);
void tree_null(struct tree *tree, cJSON *in, const char *name);

/* Prints and frees it; free(*body). 0, or -1 with ENOMEM. */
int tree_close(struct tree *tree, char **body, size_t *length);

#endif
