/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_PARAMS_H
#define OOMLAB_HTTP_PARAMS_H

/*
 * Every parameter that any route takes, a row each: the parser, the text of a
 * refusal, /help and the OpenAPI document read the same rows. A route names
 * the rows it takes; what it does not name is unknown there. A new row in
 * params.c is the whole change.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/problem.h"

enum param_type {
	PARAM_INTEGER,	/* decimal digits with an optional sign */
	PARAM_QUANTITY, /* bytes: http/quantity.h */
	PARAM_SHARE,	/* bytes, or a percentage */
	PARAM_RATE,	/* bytes a second: a quantity with or without /s */
	PARAM_DURATION, /* milliseconds: seconds, or 500ms 30s 5m 1h */
	PARAM_WORD,	/* one of words */
	PARAM_TYPES
};

struct param {
	const char *name;
	enum param_type type;
	int64_t min, max;	  /* in the type's unit; of a word 0, 0 */
	const char *preset;	  /* the default as a person writes it, or "" */
	const char *const *words; /* NULL-ended, of PARAM_WORD; else NULL */
	const char *help;	  /* one line, no full stop */
};

enum fill_word { FILL_ZERO, FILL_RANDOM };
enum dies_word { DIES_WORKER, DIES_CONTAINER };
#define PARAMS_MAX 32 /* rows of the table; asserted in params.c */

struct param_value {
	bool given;	 /* came with the request; else the default */
	bool percent;	 /* PARAM_SHARE: integer is 1/1000 of a percent */
	int64_t integer; /* in the type's unit; of a word its index; -1 when
			    neither given nor defaulted */
};

/* The values of one request, in the table's order. */
struct params {
	struct param_value values[PARAMS_MAX];
};

const char *params_word(const struct params *params, const char *name);

/* The table, ended by a row whose name is NULL, in the order of /help. */
extern const struct param params_table[];

/* The row of that whole name, or NULL. */
const struct param *params_find(const char *name);

/* The value of a row that must exist (a name in this program's own source). */
const struct param_value *params_value(
	const struct params *params, const char *name);

/* What a row allows, for a person: "0..100000000", "html json text". */
void params_allowed(const struct param *row, char *out, size_t size);

/* One value of a row: 0 with *value set and given, or -1 with problem filled
 * (400). */
int param_parse_value(const struct param *row, const char *text,
	struct param_value *value, struct http_problem *problem);

/* Fills params from a query string (RFC 3986, form-encoded: + is a space) for
 * a route that takes the rows named in accepts, blanks between. "format" is
 * taken everywhere. A single % that ends a value is itself; any other % that
 * two hex digits do not follow, %00, an unknown or doubled name, an empty
 * value, a value out of range: -1 and problem says which parameter, what came
 * and what is allowed (400). Over 4 KiB: 414. */
int params_parse(const char *query, const char *accepts,
	struct params *params, struct http_problem *problem);

#endif
