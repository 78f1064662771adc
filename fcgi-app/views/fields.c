/* SPDX-License-Identifier: MIT */
/*
 * Walks a filled struct by its rows, and says each value for a person and for
 * a machine. What differs between types is one row of a table here; what
 * differs between formats is the visitor's. Nothing allocates.
 */
#include "views/fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t integer_at(const void *at)
{
	int64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static int32_t small_at(const void *at)
{
	int32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* NULL for a word that is not there. */
static const char *word_at(const struct field *row, const void *at)
{
	int32_t index = small_at(at);

	if (index < 0 || (row->stride && (size_t)index >= row->stride))
		return NULL;
	return row->words[index];
}

/* A list's count lies elsewhere in the struct that at lies in. */
static int32_t count_at(const struct field *row, const void *at)
{
	return small_at((const char *)at - row->offset + row->count_offset);
}

static bool object_absent(const struct field *row, const void *at)
{
	for (const struct field *inner = row->rows; inner->name; inner++)
		if (!field_absent(inner, (const char *)at + inner->offset))
			return false;
	return true;
}

bool field_absent(const struct field *row, const void *at)
{
	switch (row->type) {
	case FIELD_TEXT:
		return *(const char *)at == '\0';
	case FIELD_INTEGER:
	case FIELD_DELTA:
		return integer_at(at) == FIELD_ABSENT;
	case FIELD_BYTES:
		return integer_at(at) < 0 || integer_at(at) == INT64_MAX;
	case FIELD_SECONDS:
		return integer_at(at) < 0;
	case FIELD_TIME:
		return integer_at(at) <= 0;
	case FIELD_BOOL:
		return small_at(at) < 0;
	case FIELD_WORD:
		return word_at(row, at) == NULL;
	case FIELD_OBJECT:
		return object_absent(row, at);
	case FIELD_LIST:
		return count_at(row, at) < 0;
	}
	return true;
}

bool field_is_integer(const struct field *row)
{
	return row->type == FIELD_INTEGER || row->type == FIELD_BYTES ||
	       row->type == FIELD_DELTA;
}

static void walk_list(const struct field *row, const void *at,
	const struct field_visitor *visitor, void *context)
{
	const struct field text = {.name = row->name, .type = FIELD_TEXT};
	int32_t count = count_at(row, at);
	const char *element;

	memcpy(&element, at, sizeof(element));
	if (!element)
		count = 0;
	visitor->enter(context, row);
	for (int32_t i = 0; i < count; i++, element += row->stride) {
		visitor->element(context, row, true);
		if (row->rows)
			fields_walk(row->rows, element, visitor, context);
		else
			visitor->value(context, &text, element);
		visitor->element(context, row, false);
	}
	visitor->leave(context, row);
}

void fields_walk(const struct field *rows, const void *data,
	const struct field_visitor *visitor, void *context)
{
	for (const struct field *row = rows; row->name; row++) {
		const void *at = (const char *)data + row->offset;
		bool absent = field_absent(row, at);
		bool nested = row->type == FIELD_OBJECT && row->name[0];

		if (absent && row->optional && !visitor->whole)
			continue;
		if (row->type == FIELD_LIST && !absent) {
			walk_list(row, at, visitor, context);
		} else if (row->type == FIELD_OBJECT) {
			if (nested)
				visitor->enter(context, row);
			fields_walk(row->rows, at, visitor, context);
			if (nested)
				visitor->leave(context, row);
		} else {
			visitor->value(context, row, at);
		}
	}
}

static void print_bytes(int64_t bytes, char *out, size_t size)
{
	static const char *const units[] = {
		"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double value = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes > -1024 && bytes < 1024) {
		(void)snprintf(out, size, "%" PRId64 " B", bytes);
		return;
	}
	/* 1023.95 is the first that would read "1024.0" of the unit below. */
	for (; fabs(value) >= 1023.95 && unit < 5; unit++)
		value /= 1024;
	(void)snprintf(out, size, "%.1f %s", value, units[unit]);
}

/* A figure of so many digits, with zeros before it. */
static void put_digits(char *to, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		to[i] = (char)('0' + value % 10);
}

/* RFC 3339, as 2026-01-31T12:00:00.123Z. By hand, for lists have thousands. */
static void print_time(int64_t at_ms, char *out, size_t size)
{
	time_t seconds = (time_t)(at_ms / 1000);
	char text[] = "0000-00-00T00:00:00.000Z";
	struct tm utc;

	if (gmtime_r(&seconds, &utc) && utc.tm_year < 8100) {
		put_digits(text, utc.tm_year + 1900, 4);
		put_digits(text + 5, utc.tm_mon + 1, 2);
		put_digits(text + 8, utc.tm_mday, 2);
		put_digits(text + 11, utc.tm_hour, 2);
		put_digits(text + 14, utc.tm_min, 2);
		put_digits(text + 17, utc.tm_sec, 2);
	}
	put_digits(text + 20, (int)(at_ms % 1000), 3);
	(void)snprintf(out, size, "%s", text);
}

/* To the millisecond; not by a double, which costs more than all else. */
static void print_seconds(int64_t us, char *out, size_t size)
{
	int64_t ms = us / 1000 + (us % 1000 >= 500);

	(void)snprintf(
		out, size, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

void field_plain(
	const struct field *row, const void *at, char *out, size_t size)
{
	out[0] = '\0';
	if (field_absent(row, at))
		return;
	switch (row->type) {
	case FIELD_TEXT:
		(void)snprintf(out, size, "%s", (const char *)at);
		break;
	case FIELD_INTEGER:
	case FIELD_DELTA:
	case FIELD_BYTES:
		(void)snprintf(out, size, "%" PRId64, integer_at(at));
		break;
	case FIELD_SECONDS:
		print_seconds(integer_at(at), out, size);
		break;
	case FIELD_TIME:
		print_time(integer_at(at), out, size);
		break;
	case FIELD_BOOL:
		(void)snprintf(
			out, size, "%s", small_at(at) ? "true" : "false");
		break;
	case FIELD_WORD:
		(void)snprintf(out, size, "%s", word_at(row, at));
		break;
	case FIELD_OBJECT: /* have no value of their own */
	case FIELD_LIST:
		break;
	}
}

void field_text(const struct field *row, const void *at, char *out, size_t size)
{
	char plain[32];

	if (field_absent(row, at)) {
		(void)snprintf(out, size, "-");
	} else if (row->type == FIELD_BYTES || row->type == FIELD_DELTA) {
		print_bytes(integer_at(at), out, size);
	} else if (row->type == FIELD_SECONDS) {
		field_plain(row, at, plain, sizeof(plain));
		(void)snprintf(out, size, "%s s", plain);
	} else if (row->type == FIELD_BOOL) {
		(void)snprintf(out, size, "%s", small_at(at) ? "yes" : "no");
	} else {
		field_plain(row, at, out, size);
	}
}
