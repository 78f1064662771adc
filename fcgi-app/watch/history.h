/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_HISTORY_H
#define OOMLAB_WATCH_HISTORY_H

/*
 * What was around a death: the usage of load's cgroup in the minute before, by
 * the latest samples and by what the death itself has, and who else was there.
 * Thread-safe.
 */
#include "scoreboard/scoreboard.h"
#include "views/around.h"
#include "watch/samples.h"

/* board is NULL when there is none. Nothing is said of a death of more than
 * some seconds ago: who was there then is not known. */
void history_around(struct samples *samples, const struct scoreboard *board,
	const struct scoreboard_record *record, struct around *out);

#endif
