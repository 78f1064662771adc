/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_JSON_MEMBERS_H
#define OOMLAB_HTTP_JSON_MEMBERS_H

/*
 * The members of a JSON object (RFC 8259) whose values are strings or numbers,
 * one after the other, in their order, doubled ones too.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Members, and items of what a value has no business to be, that an object
 * may have: bounds what cJSON makes of it. */
#define JSON_ITEMS_MAX 256

struct json_members {
	cJSON *tree;
	const cJSON *next; /* the member that comes next, NULL at the end */
	char *at;	   /* where it begins in the text, or a bit before */
};

struct json_member {
	const char *name;
	const char *value; /* a string decoded, a number as it was written */
	const char *fault; /* why it is no parameter's value, or NULL */
};

/* Opens a text of length bytes with a NUL behind them; the text is written to
 * and must outlive the members. 0, or -1 with errno: EINVAL (not JSON, no
 * object, a NUL in it), E2BIG (over JSON_ITEMS_MAX). Close what was opened. */
int json_members_open(struct json_members *members, char *text, size_t length);

/* Whether there was one more, in *member until the members are closed. */
bool json_members_next(
	struct json_members *members, struct json_member *member);

void json_members_close(struct json_members *members);

#endif
