/* SPDX-License-Identifier: MIT */
/*
 * Percentages and holds: what a row of the table cannot bound by itself, for
 * it depends on the machine and on a setting.
 */
#include "http/load_params.h"

#include <inttypes.h>
#include <stdio.h>

int load_params_share(struct http_exchange *x, const char *name,
	int64_t limit_bytes, int64_t *bytes)
{
	const struct param_value *value = params_value(&x->params, name);

	*bytes = value->integer;
	if (!value->percent)
		return 0;
	if (limit_bytes < 0)
		return http_problem(&x->problem, 422,
			"%s is a percentage, but no limit can be read that it "
			"would be of",
			name);
	*bytes = (int64_t)((__int128)limit_bytes * value->integer / 100000);
	return 0;
}

int load_params_hold(struct http_exchange *x, int64_t preset_ms,
	int64_t most_ms, int64_t *ms)
{
	const struct param_value *value = params_value(&x->params, "for");
	char allowed[64];

	*ms = value->given ? value->integer : preset_ms;
	if (!value->given && *ms > most_ms)
		*ms = most_ms; /* a default is not the client's fault */
	if (*ms <= most_ms)
		return 0;
	(void)snprintf(allowed, sizeof(allowed),
		"at most %" PRId64 "ms (OOMLAB_MAX_HOLD)", most_ms);
	return http_problem_parameter(
		&x->problem, "for", value->came, allowed, "longer than allowed");
}
