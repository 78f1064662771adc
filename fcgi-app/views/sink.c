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

char *sink_room(struct sink *sink, size_t length)
{
	if (sizeof(sink->bytes) - sink->used < length)
		(void)sink_flush(sink);
	return sink->bytes + sink->used;
}

/* Two digits at once: a division is what costs. */
void sink_integer(struct sink *sink, int64_t value)
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";
	char text[24], *end = text + sizeof(text), *at = end;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	for (; left >= 100; left /= 100) {
		at -= 2;
		memcpy(at, pairs + left % 100 * 2, 2);
	}
	at -= 2;
	memcpy(at, pairs + left * 2, 2);
	at += *at == '0' && left < 10;
	if (value < 0)
		*--at = '-';
	memcpy(sink_room(sink, sizeof(text)), at, (size_t)(end - at));
	sink->used += (size_t)(end - at);
}
