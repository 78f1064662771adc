/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_PARAM_TABLE_H
#define OOMLAB_HTTP_PARAM_TABLE_H

/*
 * Every parameter that any route takes, a row each: the parser, the text of a
 * refusal, /help and the OpenAPI document read the same rows. A new row in
 * param_table.c is the whole change. Constant, so any thread may read it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_type {
	PARAM_INTEGER,	/* decimal digits with an optional sign */
	PARAM_QUANTITY, /* bytes: http/quantity.h */
	PARAM_SHARE,	/* bytes, or a percentage */
	PARAM_RATE,	/* bytes a second: a quantity with or without /s */
	PARAM_DURATION, /* milliseconds: seconds, or 500ms 30s 5m 1h */
	PARAM_WORD,	/* one of words */
	PARAM_TIME,	/* RFC 3339, or a duration that long ago */
	PARAM_PLACE,	/* of an event in its list: ms since 1970, "-", id */
	PARAM_TYPES
};

struct param {
	const char *name;
	enum param_type type;
	bool required;		  /* by every route that takes it */
	int64_t min, max;	  /* in the type's unit; of a word 0, 0; of a
				     time of the duration, in ms */
	const char *preset;	  /* the default as a person writes it, or "" */
	const char *const *words; /* NULL-ended, of PARAM_WORD; else NULL */
	const char *help;	  /* one line, no full stop */
};

/* The words of fill, of dies and of state, by their place in the row's list. */
enum fill_word { FILL_ZERO, FILL_RANDOM };
enum dies_word { DIES_WORKER, DIES_CONTAINER };
enum listed_word { LISTED_BUSY, LISTED_ENDED };

#define PARAMS_MAX 32 /* rows of the table; asserted in param_table.c */

/* The table, ended by a row whose name is NULL, in the order of /help. */
extern const struct param params_table[];

/* "format" where CSV is spoken, too: in place of the table's row. */
extern const struct param params_format_csv;

/* The row of that whole name, or NULL. */
const struct param *params_find(const char *name);

#endif
