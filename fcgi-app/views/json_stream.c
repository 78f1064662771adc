/* SPDX-License-Identifier: MIT */
/*
 * JSON as it is walked. Strings here are ids, words and times, of our own
 * making and plain ASCII; what is not has the mark of a lost character.
 */
#include "views/json_stream.h"

#include <string.h>

#define NAME_ROOM 128 /* a row's name is far shorter */

struct stream {
	struct sink *sink;
	bool first;   /* nothing is before it in its container */
	bool in_list; /* an element's value has no name */
};

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

/* Byte by byte: names are short, and there are a quarter of a million. */
static void put_name(struct stream *stream, const struct field *row)
{
	char *begin = sink_room(stream->sink, NAME_ROOM), *to = begin;

	if (!stream->first)
		*to++ = ',';
	stream->first = false;
	if (!stream->in_list && row->name[0]) {
		*to++ = '"';
		for (const char *from = row->name; *from; from++)
			*to++ = *from;
		*to++ = '"';
		*to++ = ':';
	}
	stream->sink->used += (size_t)(to - begin);
}

static bool is_string(const struct field *row)
{
	return row->type == FIELD_TEXT || row->type == FIELD_WORD ||
	       row->type == FIELD_TIME;
}

static bool is_integer(const struct field *row)
{
	return row->type == FIELD_INTEGER || row->type == FIELD_BYTES ||
	       row->type == FIELD_DELTA;
}

static void value(void *context, const struct field *row, const void *at)
{
	struct stream *stream = context;
	char plain[512];
	int64_t integer;

	put_name(stream, row);
	if (field_absent(row, at)) {
		sink_text(stream->sink, "null");
	} else if (is_integer(row)) {
		memcpy(&integer, at, sizeof(integer));
		sink_integer(stream->sink, integer);
	} else {
		field_plain(row, at, plain, sizeof(plain));
		if (is_string(row))
			put_string(stream->sink, plain);
		else
			sink_text(stream->sink, plain);
	}
}

static void enter(void *context, const struct field *row)
{
	struct stream *stream = context;

	put_name(stream, row);
	sink_put(stream->sink, row->type == FIELD_LIST ? "[" : "{", 1);
	stream->first = true;
	stream->in_list = row->type == FIELD_LIST;
}

static void leave(void *context, const struct field *row)
{
	struct stream *stream = context;

	sink_put(stream->sink, row->type == FIELD_LIST ? "]" : "}", 1);
	stream->first = stream->in_list = false;
}

/* An element that is an object has braces; a list's bare text has none. */
static void element(void *context, const struct field *row, bool begins)
{
	struct stream *stream = context;

	if (!row->rows)
		return;
	if (begins) {
		if (!stream->first)
			sink_put(stream->sink, ",", 1);
		sink_put(stream->sink, "{", 1);
	} else {
		sink_put(stream->sink, "}", 1);
	}
	stream->first = begins;
	stream->in_list = !begins;
}

void json_stream(const struct field *rows, const void *data, struct sink *sink)
{
	static const struct field_visitor visitor = {
		.value = value,
		.enter = enter,
		.leave = leave,
		.element = element,
	};
	struct stream stream = {.sink = sink, .first = true};

	sink_put(sink, "{", 1);
	fields_walk(rows, data, &visitor, &stream);
	sink_put(sink, "}", 1);
}
