/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SEARCH_H
#define OOMLAB_WATCH_SEARCH_H

/*
 * Looks for the record of one load's end, and waits for it. One search belongs
 * to one thread.
 */
#include "watch/state.h"

struct search {
	const char *id;
	int64_t came_ms;		/* when nginx handed it over */
	const struct scoreboard *board; /* NULL: there is none */
	uint64_t next;	  /* first sequence that was not looked at */
	bool any_end;	  /* an end of any kind will do, not a death alone */
	bool death, load; /* which record was found, in record */
	struct scoreboard_record record;
};

/* Looks through what has come to the ring since the last look. */
void search_look(struct search *search);

/* Waits until the record is there, or nobody is left to write it, or
 * timeout_ms are over; which of the first two is in the search and the
 * result. */
enum board_master search_await(
	struct watch *watch, struct search *search, int timeout_ms);

#endif
