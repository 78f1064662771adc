/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_COLLECT_H
#define OOMLAB_WATCH_COLLECT_H

/*
 * From the scoreboard's ring into the store: a thread follows it, and who
 * answers need not wait for that one.
 */
#include "watch/state.h"

/* pthread_create(3)'s; watch is a struct watch. Ends with the watch. */
void *collect_run(void *watch);

/* Adds what has come to the ring since the last look, so that whoever was just
 * told of an event finds it. Any thread. */
void collect_now(struct watch *watch, const struct scoreboard *board);

#endif
