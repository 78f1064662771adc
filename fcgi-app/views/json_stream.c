/* SPDX-License-Identifier: MIT */
/*
 * JSON as the rows are walked: by a walk of its own, for a quarter of a million
 * fields are a page of samples, and a visitor's calls would be half of its price.
 * Strings here are ids, words and times, of our own making and plain ASCII; what
 * is not has the mark of a lost character.
 */
#include "views/json_stream.h"

#include <string.h>

#define FIELD_ROOM 160 /* of a name and a number; a row's name is far shorter */

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void put_string(struct sink *sink, const char *text)
{
	sink_put(sink, "\"", 1);
	while (*text) {
		size_t plain = 0;

		while (is_plain((unsigned char)text[plain]))
			plain++;
		sink_put(sink, text, plain);
		text += plain;
		if ((unsigned char)*text >= 0x80)
			sink_text(sink, "\\ufffd");
		else if (*text)
			sink_print(sink, "\\u%04x", (unsigned char)*text);
		text += *text != '\0';
	}
	sink_put(sink, "\"", 1);
}

/* Byte by byte: names are short. */
static char *put_name(char *to, const struct field *row, bool first)
{
	if (!first)
		*to++ = ',';
	*to++ = '"';
	for (const char *from = row->name; *from; from++)
		*to++ = *from;
	*to++ = '"';
	*to++ = ':';
	return to;
}

static bool is_string(const struct field *row)
{
	return row->type == FIELD_TEXT || row->type == FIELD_WORD ||
	       row->type == FIELD_TIME;
}

static void put_value(
	struct sink *sink, const struct field *row, const void *at)
{
	char plain[512];
	int64_t integer;

	if (field_absent(row, at)) {
		sink_put(sink, "null", 4);
	} else if (field_is_integer(row)) {
		memcpy(&integer, at, sizeof(integer));
		sink_integer(sink, integer);
	} else {
		field_plain(row, at, plain, sizeof(plain));
		if (is_string(row))
			put_string(sink, plain);
		else
			sink_text(sink, plain);
	}
}

static void put_list(
	struct sink *sink, const struct field *row, const char *data)
{
	const char *element;
	int32_t count;

	memcpy(&element, data + row->offset, sizeof(element));
	memcpy(&count, data + row->count_offset, sizeof(count));
	sink_put(sink, "[", 1);
	for (int32_t i = 0; element && i < count; i++) {
		if (i > 0)
			sink_put(sink, ",", 1);
		if (row->rows)
			json_stream(row->rows, element, sink);
		else
			put_string(sink, element);
		element += row->stride;
	}
	sink_put(sink, "]", 1);
}

static void put_rows(const struct field *rows, const char *data,
	struct sink *sink, bool *first)
{
	for (const struct field *row = rows; row->name; row++) {
		const char *at = data + row->offset;
		char *room;

		if (row->optional && field_absent(row, at))
			continue;
		if (row->type == FIELD_OBJECT && !row->name[0]) {
			put_rows(row->rows, at, sink, first);
			continue;
		}
		room = sink_room(sink, FIELD_ROOM);
		sink->used += (size_t)(put_name(room, row, *first) - room);
		*first = false;
		if (row->type == FIELD_OBJECT)
			json_stream(row->rows, at, sink);
		else if (row->type == FIELD_LIST && !field_absent(row, at))
			put_list(sink, row, data);
		else
			put_value(sink, row, at);
	}
}

void json_stream(const struct field *rows, const void *data, struct sink *sink)
{
	bool first = true;

	sink_put(sink, "{", 1);
	put_rows(rows, data, sink, &first);
	sink_put(sink, "}", 1);
}
