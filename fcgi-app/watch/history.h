/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_HISTORY_H
#define OOMLAB_WATCH_HISTORY_H

/*
 * The last minutes of load's cgroup, as its master published them: ten times a
 * second while a load is under way, else once. Thread-safe.
 */
#include <pthread.h>

#include "scoreboard/scoreboard.h"
#include "views/around.h"

#define HISTORY_SAMPLES 1024 /* 100 s at ten a second */

struct history {
	pthread_mutex_t lock;
	uint64_t count; /* taken; they stand at count % HISTORY_SAMPLES */
	struct around_point samples[HISTORY_SAMPLES];
};

void history_open(struct history *history);

/* Adds what is published, unless it is known; whether a load is under way. */
bool history_take(struct history *history, const struct scoreboard *board);

/* The minute before a death, and who else is on the board now. Nothing is said
 * of a death of more than some seconds ago: who was there then is not known. */
void history_around(struct history *history, const struct scoreboard *board,
	const struct scoreboard_record *record, struct around *out);

/* pthread_create(3)'s; watch is a struct watch. */
void *history_run(void *watch);

#endif
