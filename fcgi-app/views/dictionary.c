/* SPDX-License-Identifier: MIT */
/*
 * Rows to markers. Everything the rows name is set, what is absent too, so
 * that a template can say "unknown" and need not guess.
 */
#include "views/dictionary.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX  16  /* objects and list elements; rows are ours, so few */
#define PREFIX_MAX 128 /* "limit_" of all objects around a field */

/* An object or a list's element that the walk is in. */
struct frame {
	struct template_dictionary *dictionary;
	char prefix[PREFIX_MAX];
	bool present; /* has, so far, anything that is not absent */
};

struct filling {
	struct frame frames[DEPTH_MAX];
	int depth;
};

static struct frame *top(struct filling *filling)
{
	return &filling->frames[filling->depth];
}

/* before, prefix, name, after: the whole name of a marker or a section. */
static void name_make(const struct frame *frame, const char *before,
	const char *name, const char *after, char out[PREFIX_MAX * 2])
{
	(void)snprintf(out, PREFIX_MAX * 2, "%s%s%s%s", before, frame->prefix,
		name, after);
}

static void show(const struct frame *frame, const char *name, bool present)
{
	char section[PREFIX_MAX * 2];

	name_make(frame, present ? "HAVE_" : "NO_", name, "", section);
	template_show(frame->dictionary, section);
}

static void visit_value(void *context, const struct field *row, const void *at)
{
	struct frame *frame = top(context);
	bool absent = field_absent(row, at);
	char marker[PREFIX_MAX * 2], said[64], plain[64];
	bool text = row->type == FIELD_TEXT && !absent;

	show(frame, row->name, !absent);
	if (!absent)
		frame->present = true;
	if (row->type == FIELD_LIST)
		return; /* an absent one: nothing to say */
	if (!text) {
		field_text(row, at, said, sizeof(said));
		field_plain(row, at, plain, sizeof(plain));
	}
	name_make(frame, "", row->name, "", marker);
	template_set(frame->dictionary, marker, text ? at : said);
	name_make(frame, "", row->name, "_plain", marker);
	template_set(frame->dictionary, marker, text ? at : plain);
}

static void push(struct filling *filling, const struct frame *frame)
{
	if (filling->depth + 1 < DEPTH_MAX)
		filling->frames[++filling->depth] = *frame;
}

static void visit_enter(void *context, const struct field *row)
{
	struct frame frame = *top(context);
	size_t used = strlen(frame.prefix);

	frame.present = false;
	if (row->type == FIELD_OBJECT)
		(void)snprintf(frame.prefix + used, sizeof(frame.prefix) - used,
			"%s_", row->name);
	push(context, &frame);
}

static void visit_leave(void *context, const struct field *row)
{
	struct filling *filling = context;
	bool present = top(filling)->present;

	filling->depth--;
	show(top(filling), row->name, present);
	if (present)
		top(filling)->present = true;
}

static void visit_element(void *context, const struct field *row, bool begins)
{
	struct filling *filling = context;
	struct frame frame = {.prefix = ""};
	char section[PREFIX_MAX * 2];

	if (!begins) {
		filling->depth--;
		return;
	}
	top(filling)->present = true;
	name_make(top(filling), "", row->name, "", section);
	frame.dictionary = template_add(top(filling)->dictionary, section);
	push(filling, &frame);
}

static const struct field_visitor visitor = {
	.value = visit_value,
	.enter = visit_enter,
	.leave = visit_leave,
	.element = visit_element,
	.whole = true,
};

void dictionary_fill(struct template_dictionary *dictionary,
	const struct field *rows, const void *data)
{
	struct filling filling = {.frames = {{.dictionary = dictionary}}};

	fields_walk(rows, data, &visitor, &filling);
}
