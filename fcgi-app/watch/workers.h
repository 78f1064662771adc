/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_WORKERS_H
#define OOMLAB_WATCH_WORKERS_H

/*
 * Who lives on the scoreboard, at the moment of asking. Thread-safe.
 */
#include "views/status.h"

/* Fills out, which has room for SCOREBOARD_SLOTS, in the order of their slots;
 * how many there are. RSS is as load's master sampled it last, -1 unknown. */
int workers_list(const struct scoreboard *board, struct status_worker *out);

#endif
