/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_GATE_H
#define OOMLAB_WATCH_GATE_H

/*
 * The requests that nginx did not let through to whom they were for, and hands
 * to the watch to be answered in the format asked for: OOMLAB_ERROR is the
 * status that nginx decided on, OOMLAB_POSTMORTEM that load's connection broke.
 */
#include "http/exchange.h"

/* True when x is such a one; then *result is as a route's handler returns. */
bool gate_answer(struct http_exchange *x, int *result);

#endif
