/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_KILLS_H
#define OOMLAB_WATCH_KILLS_H

/*
 * The kills among the events, in the order of their time. Thread-safe.
 */
#include "views/sample.h"
#include "watch/store.h"

/* Copies those behind after (its time, and within that its id; the id "" is
 * before all of that time) up to to_ms, oldest first, at most max; how many. */
int kills_list(struct store *store, const struct sample_kill *after,
	int64_t to_ms, struct sample_kill *out, int max);

#endif
