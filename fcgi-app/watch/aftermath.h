/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_AFTERMATH_H
#define OOMLAB_WATCH_AFTERMATH_H

/*
 * What the cgroups of a load that is gone still say. Its master can no longer
 * read them; the watch can, where both live on one host without namespaces
 * between them.
 */
#include "watch/event.h"
#include "watch/state.h"

/* Reads the host, and every level of load's cgroup that is still the one that
 * its master named. False, with at_ms 0, when its own level is not to be seen
 * from here. Thread-safe. */
bool aftermath_read(const struct watch *watch, const struct event_place *place,
	struct scoreboard_readings *out);

#endif
