/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_COLLECT_H
#define OOMLAB_WATCH_COLLECT_H

/*
 * The thread that follows the scoreboard's ring into the store.
 */
#include "watch/state.h"

/* pthread_create(3)'s; watch is a struct watch. Ends with the watch. */
void *collect_run(void *watch);

/* Looks once: adds what has come since *next and moves it on. For the thread
 * above, and for tests. */
void collect_once(struct watch *watch, const struct scoreboard *board,
	uint64_t *next);

#endif
