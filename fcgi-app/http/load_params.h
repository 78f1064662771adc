/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_LOAD_PARAMS_H
#define OOMLAB_HTTP_LOAD_PARAMS_H

/*
 * What a load's parameters mean beyond their rows, for whoever carries a load
 * out and whoever foretells it. Pure.
 */
#include "http/exchange.h"

/* The parameter name of x in bytes; a percentage is of limit_bytes. 0, or -1
 * with x->problem filled: 422 for a percentage of a limit that is unknown
 * (below 0). */
int load_params_share(struct http_exchange *x, const char *name,
	int64_t limit_bytes, int64_t *bytes);

/* How long to hold in ms: "for", else preset_ms. 0, or -1 with x->problem
 * filled: 400 beyond most_ms (OOMLAB_MAX_HOLD). */
int load_params_hold(struct http_exchange *x, int64_t preset_ms,
	int64_t most_ms, int64_t *ms);

#endif
