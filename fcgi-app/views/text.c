/* SPDX-License-Identifier: MIT */
/*
 * Text without a template. The same walk is done twice: once without an
 * output to find the widest name, then again to print. Values may come from
 * elsewhere (a command's name, a path), so nothing that could steer a
 * terminal gets through.
 */
#include "views/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX_MAX 128 /* "limit." of all objects around a field */
#define LISTS_MAX  8   /* nested; rows are ours, so few */
#define INDENT	   2   /* columns a list's entries stand in */

struct text {
	FILE *out;		/* NULL: only measure */
	int width;		/* of the widest name, its indent included */
	int depth;		/* of list entries */
	bool dash;		/* the next line begins an entry */
	bool bare;		/* entries are texts without a name */
	bool empty;		/* the innermost list has had no entry yet */
	size_t base[LISTS_MAX]; /* where an entry's own prefix begins */
	char prefix[PREFIX_MAX];
};

static const char *prefix_here(const struct text *text)
{
	return text->prefix + text->base[text->depth];
}

static void line_start(struct text *text)
{
	int indent = text->depth * INDENT;

	if (text->dash)
		fprintf(text->out, "%*s- ", indent - INDENT, "");
	else
		fprintf(text->out, "%*s", indent, "");
	text->dash = false;
}

/* C0 and C1 controls and DEL as \xNN; a terminal obeys C1 in UTF-8, too. */
static void value_print(FILE *out, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)value[0];
		unsigned char next = (unsigned char)value[1];

		if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			fprintf(out, "\\x%02x", next);
			value++;
		} else if (c < ' ' || c == 0x7f) {
			fprintf(out, "\\x%02x", c);
		} else {
			putc(c, out);
		}
	}
	putc('\n', out);
}

/* "  prefix.name:   value" */
static void named_print(struct text *text, const char *name, const char *value)
{
	const char *prefix = prefix_here(text);
	int used =
		text->depth * INDENT + (int)strlen(prefix) + (int)strlen(name);

	if (!text->out) {
		if (used > text->width)
			text->width = used;
		return;
	}
	line_start(text);
	fprintf(text->out, "%s%s:%*s", prefix, name, text->width - used + 1,
		"");
	value_print(text->out, value);
}

static void visit_value(void *context, const struct field *row, const void *at)
{
	struct text *text = context;
	const char *value = at;
	char said[64];

	if (row->type != FIELD_TEXT || field_absent(row, at)) {
		field_text(row, at, said, sizeof(said));
		value = said;
	}
	if (!text->bare) {
		named_print(text, row->name, value);
	} else if (text->out) {
		line_start(text);
		value_print(text->out, value);
	}
}

static void visit_enter(void *context, const struct field *row)
{
	struct text *text = context;
	size_t used = strlen(text->prefix);

	if (row->type == FIELD_LIST)
		text->empty = true;
	else
		(void)snprintf(text->prefix + used, sizeof(text->prefix) - used,
			"%s.", row->name);
}

static void visit_leave(void *context, const struct field *row)
{
	struct text *text = context;
	size_t used = strlen(text->prefix), last = strlen(row->name) + 1;

	if (row->type != FIELD_LIST)
		text->prefix[used > last ? used - last : 0] = '\0';
	else if (text->empty)
		named_print(text, row->name, "none");
	text->empty = false; /* of a list around this one */
}

static void visit_element(void *context, const struct field *row, bool begins)
{
	struct text *text = context;

	if (!begins) {
		text->depth--;
		text->bare = false;
		return;
	}
	if (text->empty && text->out) {
		line_start(text);
		fprintf(text->out, "%s%s:\n", prefix_here(text), row->name);
	}
	text->empty = false;
	if (text->depth + 1 < LISTS_MAX)
		text->depth++;
	text->base[text->depth] = strlen(text->prefix);
	text->bare = !row->rows;
	text->dash = true;
}

static const struct field_visitor visitor = {
	.value = visit_value,
	.enter = visit_enter,
	.leave = visit_leave,
	.element = visit_element,
};

int text_render(
	const struct field *rows, const void *data, char **body, size_t *length)
{
	struct text text = {0};
	bool failed;

	fields_walk(rows, data, &visitor, &text);
	text = (struct text){.width = text.width};
	text.out = open_memstream(body, length);
	if (!text.out)
		return -1;
	fields_walk(rows, data, &visitor, &text);
	failed = ferror(text.out) != 0;
	if (fclose(text.out) != 0 || failed) {
		free(*body);
		errno = ENOMEM;
		return -1;
	}
	return 0;
}
