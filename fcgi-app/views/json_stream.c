/* SPDX-License-Identifier: MIT */
/*
 * JSON as it is walked. Strings here are ids, words and times, of our own
 * making and plain ASCII; what is not has the mark of a lost character.
 */
#include "views/json_stream.h"

#include <string.h>

struct stream {
	struct sink *sink;
	bool first;   /* nothing is before it in its container */
	bool in_list; /* an element's value has no name */
};

static void put_string(struct sink *sink, const char *text)
{
	sink_put(sink, "\"", 1);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80)
			sink_text(sink, "\\ufffd");
		else if (c < 0x20 || c == '"' || c == '\\')
			sink_print(sink, "\\u%04x", c);
		else
			sink_put(sink, text, 1);
	}
	sink_put(sink, "\"", 1);
}

static void put_name(struct stream *stream, const struct field *row)
{
	if (!stream->first)
		sink_put(stream->sink, ",", 1);
	stream->first = false;
	if (stream->in_list || !row->name[0])
		return;
	sink_put(stream->sink, "\"", 1);
	sink_text(stream->sink, row->name);
	sink_put(stream->sink, "\":", 2);
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
