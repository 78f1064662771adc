/* SPDX-License-Identifier: MIT */
/*
 * Waits for what the master records. The bell in the scoreboard is an event
 * even across containers; between its strokes only the master's lock is looked
 * at, for a dead master rings no bell.
 */
#include "watch/search.h"

#include <string.h>

#define WAIT_SLICE_MS 25 /* between two looks at the master's lock */

static bool record_matches(struct search *search, uint64_t sequence)
{
	const struct scoreboard_record *at =
		&search->board->ring[sequence % SCOREBOARD_RING];

	/* A glance first: a record is 4 KB to copy. */
	return strncmp(at->load.id, search->id, sizeof(at->load.id)) == 0 &&
	       scoreboard_read_record(
		       search->board, sequence, &search->record) &&
	       strcmp(search->record.load.id, search->id) == 0;
}

void search_look(struct search *search)
{
	uint64_t head, first;

	if (!search->board)
		return;
	head = atomic_load(&search->board->header.ring_head);
	first = head > SCOREBOARD_RING ? head - SCOREBOARD_RING + 1 : 1;
	if (first < search->next)
		first = search->next;
	for (uint64_t i = head; i >= first && !search->death; i--) {
		if (!record_matches(search, i))
			continue;
		search->death = search->record.kind == RECORD_DEATH;
		search->load = search->record.kind == RECORD_LOAD;
	}
	search->next = head + 1;
}

/* A load's end is enough for who asked for it; a death overrules it. */
static bool search_done(const struct search *search)
{
	return search->death || (search->any_end && search->load);
}

enum board_master search_await(
	struct watch *watch, struct search *search, int timeout_ms)
{
	int64_t until_us = scoreboard_now_us() + (int64_t)timeout_ms * 1000;
	enum board_master master;
	uint32_t bell = 0;

	for (;;) {
		master = board_master(&watch->board, search->board);
		if (search->board)
			bell = atomic_load(&search->board->header.ring_bell);
		search_look(
			search); /* after the lock: a master's last words count */
		if (search_done(search) || master == BOARD_GONE ||
			!search->board || scoreboard_now_us() >= until_us ||
			watch_stopping(watch, 0))
			return master;
		scoreboard_wait(search->board, bell, WAIT_SLICE_MS);
	}
}
