/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAMPLING_H
#define OOMLAB_WATCH_SAMPLING_H

/*
 * Takes the samples: one at each second of the clock, ten a second while a load
 * grows, and from each death the readings that load's master had before it.
 */
#include "watch/state.h"

/* pthread_create(3)'s; watch is a struct watch. */
void *sampling_run(void *watch);

/* One sample of this moment; host's files are open, or -1. For the thread
 * above, and for tests. */
void sampling_take(struct watch *watch, const struct meminfo_files *host);

/* What a death of the ring was preceded by, unless that is known. */
void sampling_of_death(struct watch *watch,
	const struct scoreboard_header *header,
	const struct scoreboard_record *record);

#endif
