/* SPDX-License-Identifier: MIT */
/*
 * A buffer before whoever sends. A page of samples is a quarter of a million
 * numbers, which are most of its cost: hence sink_integer().
 */
#include "views/sink.h"

#include <stdio.h>
#include <string.h>

int sink_flush(struct sink *sink)
{
	if (!sink->failed && sink->used > 0 &&
		sink->send(sink->context, sink->bytes, sink->used) < 0)
		sink->failed = true;
	sink->used = 0;
	return sink->failed ? -1 : 0;
}

void sink_put(struct sink *sink, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t room = sizeof(sink->bytes) - sink->used;
		size_t part = length < room ? length : room;

		memcpy(sink->bytes + sink->used, bytes, part);
		sink->used += part;
		bytes += part;
		length -= part;
		if (sink->used == sizeof(sink->bytes))
			(void)sink_flush(sink);
	}
}

void sink_text(struct sink *sink, const char *text)
{
	sink_put(sink, text, strlen(text));
}

void sink_print(struct sink *sink, const char *format, ...)
{
	char text[256];
	va_list values;

	va_start(values, format);
	(void)vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	sink_text(sink, text);
}

void sink_integer(struct sink *sink, int64_t value)
{
	char text[24], *at = text + sizeof(text);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		*--at = '-';
	sink_put(sink, at, (size_t)(text + sizeof(text) - at));
}
