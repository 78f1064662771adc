/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_REPORT_H
#define OOMLAB_WATCH_REPORT_H

/*
 * GET /status as it is worked out: a struct with room for every list, filled
 * from one look at the scoreboard. For the handler, and for tests.
 */
#include "views/status.h"
#include "watch/state.h"

struct report {
	struct store_health store;
	int unsaved;		     /* events in memory alone */
	struct status_report status; /* its lists point into this struct */
	struct scoreboard_header header; /* zeros without a scoreboard */
	enum board_master master;
	struct status_worker workers[SCOREBOARD_SLOTS];
	struct status_limit limits[CGROUP_LEVELS + 2];
	struct status_source readable[STATUS_SOURCES];
	struct status_source unreadable[STATUS_SOURCES];
	struct status_warning warnings[STATUS_WARNINGS];
};

/* Fills all of report; board is NULL when there is none. Must not be moved
 * afterwards. */
void report_fill(struct watch *watch, const struct scoreboard *board,
	struct report *report);

/* Its part: what a person should know, most urgent first. Wants the rest. */
void report_warn(const struct watch *watch, struct report *report);

#endif
