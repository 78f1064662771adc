/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_OVERDUE_H
#define OOMLAB_LOAD_OVERDUE_H

/*
 * Loads that should have ended and have not. The master's thread only.
 */
#include "load/master.h"

/* Tells the load of that id to release, if it is under way. */
void overdue_release(struct master *master, const char *id);

/* Tells all of them. */
void overdue_release_all(struct master *master);

/* Ends by SIGKILL whoever is two seconds past what it was told or had
 * promised; all of them at once when by_force. The outcome is noted first. */
void overdue_end(struct master *master, int64_t now_ms, bool by_force);

#endif
