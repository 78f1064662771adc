/* SPDX-License-Identifier: MIT */
/*
 * From parameters to what is to be grown. The parameters have been checked
 * against their rows already (http/params.c); what is added here is what they
 * mean together, and on this machine.
 */
#include "load/spec.h"

#include <stdio.h>

#include "http/load_params.h"
#include "load/ballast/ballast.h"

#define LOAD_SCORE  1000  /* the OOM killer's first choice */
#define WITHIN_MS   60000 /* beside what the rate itself takes */
#define ROW_COLUMNS 100	  /* of kind rows when a size is asked for */

static int64_t value_of(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->integer;
}

static bool is_given(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->given;
}

static void set_defaults(const struct config *config, struct load_spec *out)
{
	*out = (struct load_spec){
		.rows = -1,
		.columns = -1,
		.leave_bytes = -1,
		.within_ms = WITHIN_MS,
		.score = LOAD_SCORE,
		.scratch = config->scratch,
	};
}

void spec_of_page(const struct http_exchange *x, const struct config *config,
	struct load_spec *out)
{
	set_defaults(config, out);
	out->kind = &ballast_rows;
	out->rows = value_of(x, "rows");
	out->columns = value_of(x, "columns");
	out->bytes = ballast_rows_bytes(out->rows, out->columns);
}

/* As many rows as reach the size. */
static void set_rows(struct load_spec *out)
{
	int64_t thousand = ballast_rows_bytes(1000, ROW_COLUMNS);

	out->columns = ROW_COLUMNS;
	out->rows = (int64_t)(((__int128)out->bytes * 1000 + thousand - 1) /
			      thousand);
	out->bytes = ballast_rows_bytes(out->rows, out->columns);
}

static int set_kind(struct http_exchange *x, struct load_spec *out)
{
	const char *why;

	out->kind = ballast_find(params_word(&x->params, "kind"));
	why = out->kind->missing ? out->kind->missing() : NULL;
	if (!why)
		return 0;
	http_problem(&x->problem, 422,
		"This machine has no memory of kind %s: "
		"%s.",
		out->kind->name, why);
	snprintf(x->problem.parameter, sizeof(x->problem.parameter), "kind");
	snprintf(x->problem.got, sizeof(x->problem.got), "%s", out->kind->name);
	return -1;
}

static int64_t at_least_zero(int64_t value)
{
	return value > 0 ? value : 0;
}

static void set_pace(const struct http_exchange *x, struct load_spec *out)
{
	out->rate_bytes = at_least_zero(value_of(x, "rate"));
	out->first_bytes = at_least_zero(value_of(x, "first"));
	out->touch_ms = at_least_zero(value_of(x, "touch"));
	if (is_given(x, "within"))
		out->within_ms = value_of(x, "within");
	else if (out->rate_bytes > 0)
		out->within_ms += (int64_t)((double)out->bytes * 1000.0 /
					    (double)out->rate_bytes);
}

int spec_of_hold(struct http_exchange *x, const struct config *config,
	const struct limit *limit, int64_t preset_ms, struct load_spec *out)
{
	set_defaults(config, out);
	if (set_kind(x, out) < 0 ||
		load_params_share(x, "size", limit->bytes, &out->bytes) < 0 ||
		load_params_hold(
			x, preset_ms, config->max_hold_ms, &out->hold_ms) < 0)
		return -1;
	if (is_given(x, "leave") && load_params_share(x, "leave", limit->bytes,
					    &out->leave_bytes) < 0)
		return -1;
	if (out->kind == &ballast_rows)
		set_rows(out);
	set_pace(x, out);
	out->score = (int32_t)value_of(x, "score");
	out->fill_random = value_of(x, "fill") == FILL_RANDOM;
	out->dies_container = value_of(x, "dies") == DIES_CONTAINER;
	return 0;
}

void spec_of_consume(const struct http_exchange *x, const struct config *config,
	struct load_spec *out)
{
	set_defaults(config, out);
	out->kind = ballast_find("anon");
	out->bytes = value_of(x, "megabytes") << 20;
	out->hold_ms = value_of(x, "durationSec") * 1000;
}
