/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_PUBLISH_H
#define OOMLAB_LOAD_PUBLISH_H

/*
 * The master's knowledge, on the scoreboard. The master's thread only.
 */
#include "load/master.h"

/* Readings, pool and heartbeat. */
void publish(struct master *master);

/* The same, and what stays as it is for the master's life. */
void publish_start(struct master *master);

/* Appends to the ring; death NULL: nobody died. */
void publish_record(struct master *master, enum record_kind kind,
	const struct load_report *load, const struct scoreboard_death *death);

#endif
