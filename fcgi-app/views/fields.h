/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_FIELDS_H
#define OOMLAB_VIEWS_FIELDS_H

/*
 * The fields of an answer as rows: name, type, place in the filled struct.
 * JSON, text and the templates' dictionaries walk the same rows, so a field is
 * added in one place. Names are docs/API.md's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_TEXT,    /* char[]: "" is absent */
	FIELD_INTEGER, /* int64_t: FIELD_ABSENT is absent */
	FIELD_BYTES,   /* int64_t bytes: JSON the number, text with a unit;
			  below 0 and INT64_MAX (no limit) are absent */
	FIELD_DELTA,   /* int64_t bytes of a difference, which may well be below
			  0: FIELD_ABSENT is absent */
	FIELD_SECONDS, /* int64_t microseconds, shown as seconds; below 0 is
			  absent */
	FIELD_TIME,    /* int64_t ms since 1970: RFC 3339, UTC, milliseconds;
			  0 and below is absent */
	FIELD_BOOL,    /* int32_t: 0, 1, -1 is absent */
	FIELD_WORD,    /* int32_t: index into words; a NULL there is absent, as
			  is what is below 0 or, with stride set, not below
			  stride: a damaged file must not index beyond */
	FIELD_OBJECT,  /* a struct in place, by its own rows; with the name ""
			  they show as if they were the outer struct's own */
	FIELD_LIST,    /* const void * to the first element; count and stride
			  below; an element is an object by rows, or with
			  rows NULL a char[stride] text; a count below 0 is
			  absent */
};

#define FIELD_ABSENT INT64_MIN /* of every int64_t field */

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	const struct field *rows;  /* of an object or a list's elements */
	const char *const *words;  /* of a word */
	size_t count_offset;	   /* list: int32_t count in the same struct */
	size_t stride;		   /* list: bytes from element to element;
				      word: how many words */
	bool optional;		   /* left out, not null, when absent */
};
/* Rows end with FIELD_END, a NULL name. */
#define FIELD_END {.name = NULL}

/* A row of struct type; further columns as .column = value. */
#define FIELD_ROW(type_, member_, name_, kind_, ...) \
	{.name = name_, .type = kind_, .offset = offsetof(type_, member_), \
		##__VA_ARGS__}

/* The columns of a word's list, which must be an array in sight. */
#define FIELD_WORDS(list_) \
	.words = list_, .stride = sizeof(list_) / sizeof((list_)[0])

/* What a walk calls; struct names are nested by enter and leave. A list is
 * entered once, then its elements one by one; a list's text comes as a value
 * of type FIELD_TEXT by the list's name, and an absent list as a value. */
struct field_visitor {
	void (*value)(void *context, const struct field *row, const void *at);
	void (*enter)(void *context, const struct field *row);
	void (*leave)(void *context, const struct field *row);
	void (*element)(void *context, const struct field *row, bool begins);
	bool whole; /* visits what is optional and absent, too */
};

void fields_walk(const struct field *rows, const void *data,
	const struct field_visitor *visitor, void *context);

bool field_absent(const struct field *row, const void *at);

/* Whether its value is an int64_t that is printed as it is. */
bool field_is_integer(const struct field *row);

/* The value for a person, "-" when absent ("512.0 MiB", "1.204 s"). */
void field_text(
	const struct field *row, const void *at, char *out, size_t size);

/* The value without its unit ("536870912", "1.204"), "" when absent. */
void field_plain(
	const struct field *row, const void *at, char *out, size_t size);

#endif
