/* SPDX-License-Identifier: MIT */
/*
 * Follows the ring: what is not fetched before 1,024 more have come is lost,
 * so nothing here waits for anything but the bell, least of all for a disk. A
 * scoreboard that was already there when the watch started is read from its
 * oldest record on: what is an event already stays as it is, and what ended
 * while no watch ran becomes one.
 */
#include "watch/collect.h"

#include <malloc.h>

#define WAIT_MS 250 /* for the bell; then a look whether to end */

void collect_once(
	struct watch *watch, const struct scoreboard *board, uint64_t *next)
{
	uint64_t head = atomic_load(&board->header.ring_head);
	struct scoreboard_record record;
	struct scoreboard_header header;
	struct event_place place;
	struct event event;

	if (*next + SCOREBOARD_RING <= head)
		*next = head - SCOREBOARD_RING + 1;
	if (*next == 0)
		*next = 1;
	if (*next > head || !scoreboard_read_header(board, &header))
		return;
	event_place(&header, &place);
	for (; *next <= head; (*next)++) {
		if (scoreboard_read_record(board, *next, &record) &&
			event_make(&record, &place, &event))
			store_add(&watch->store, &event);
	}
}

void *collect_run(void *context)
{
	const struct scoreboard *board, *last = NULL;
	struct watch *watch = context;
	uint64_t next = 0;
	bool stirred = false; /* records came, and no quiet since */
	uint32_t bell;

	while (!watch_stopping(watch, 0)) {
		board = board_take(&watch->board);
		if (!board) {
			watch_stopping(watch, WAIT_MS);
			continue;
		}
		if (board != last)
			next = 0; /* another scoreboard: from its beginning */
		last = board;
		bell = atomic_load(&board->header.ring_bell);
		collect_once(watch, board, &next);
		if (scoreboard_wait(board, bell, WAIT_MS) != bell) {
			stirred = true;
		} else if (stirred) {
			malloc_trim(0); /* what the answers of a storm took */
			stirred = false;
		}
		board_give(&watch->board, board);
	}
	return NULL;
}
