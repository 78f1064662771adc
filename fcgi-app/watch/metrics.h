/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_METRICS_H
#define OOMLAB_WATCH_METRICS_H

/*
 * GET /metrics as it is worked out; for the handler, and for tests.
 */
#include "views/metrics.h"
#include "watch/state.h"

/* Fills all of out; board is NULL when there is none. */
void metrics_fill(struct watch *watch, const struct scoreboard *board,
	struct metrics_report *out);

#endif
