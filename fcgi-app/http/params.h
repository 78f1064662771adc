/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_PARAMS_H
#define OOMLAB_HTTP_PARAMS_H

/*
 * A request's parameters. A route names the rows of http/param_table.h that it
 * takes ("accepts", blanks between); what it does not name is unknown there,
 * but for "format", which is taken everywhere; "format=csv", as the last, says
 * that CSV is one there. Pure. -1 goes with problem
 * filled: 400, which parameter, what came, what is allowed.
 */
#include "http/param_table.h"
#include "http/problem.h"

struct param_value {
	bool given;	 /* came with the request; else the default */
	bool percent;	 /* PARAM_SHARE: integer is 1/1000 of a percent */
	bool ago;	 /* PARAM_TIME: integer is ms before now */
	int64_t integer; /* in the type's unit; of a word its index; of a time
			    or a place ms since 1970; -1 when neither given
			    nor defaulted */
	char id[33];	 /* of a place */
	char came[48];	 /* as it was given, cut off; "" when it was not */
};

/* The values of one request, in the table's order. */
struct params {
	bool csv; /* format may be csv */
	struct param_value values[PARAMS_MAX];
};

/* The value of a row that must exist (a name in this program's own source). */
const struct param_value *params_value(
	const struct params *params, const char *name);

/* Of a row of PARAM_TIME: ms since 1970, "so long ago" reckoned from now_ms;
 * none_ms when it was not given. */
int64_t params_time(const struct params *params, const char *name,
	int64_t now_ms, int64_t none_ms);

/* The word that a row of PARAM_WORD has; NULL with neither value nor default. */
const char *params_word(const struct params *params, const char *name);

/* What a row allows, for a person: "0..100000000", "html json text". */
void params_allowed(const struct param *row, char *out, size_t size);

/* "integer", "quantity", "share", "rate", "duration", "word", "time", "place". */
const char *params_type_name(enum param_type type);

/* How a value of the type is written, as a regular expression (ECMA-262, as
 * JSON Schema has them); NULL for integers and words. */
const char *params_type_pattern(enum param_type type);

/* The row to read for name where a route takes accepts: format has another one
 * where CSV is spoken. NULL for a name that the table does not have. */
const struct param *params_row(const char *name, const char *accepts);

/* One value of a row: 0 with *value set and given, or -1. */
int param_parse_value(const struct param *row, const char *text,
	struct param_value *value, struct http_problem *problem);

/* One more parameter, decoded; value NULL: the name came alone. 0, or -1 for
 * an unknown or doubled name, an empty value, a value out of range. */
int params_take(const char *name, const char *value, const char *accepts,
	struct params *params, struct http_problem *problem);

/* Refuses a parameter because of why, or as unknown if it is: always -1. */
int params_refuse(const char *name, const char *got, const char *accepts,
	const char *why, struct http_problem *problem);

/* Sets the defaults, then takes all that a query string has (http/query.h).
 * A single % that ends a value is itself; any other % that two hex digits do
 * not follow is refused, as %00 is. Over QUERY_MAX: 414. */
int params_parse(const char *query, const char *accepts, struct params *params,
	struct http_problem *problem);

/* Whether all came that must: 0, or -1 naming the first that is missing. */
int params_require(const char *accepts, const struct params *params,
	struct http_problem *problem);

#endif
