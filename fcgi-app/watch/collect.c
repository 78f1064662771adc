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

#include "watch/sampling.h"

#define WAIT_MS 250 /* for the bell; then a look whether to end */

/* The lock is held. */
static void fetch(struct watch *watch, const struct scoreboard *board,
	const struct scoreboard_header *header, const struct event_place *place)
{
	uint64_t head = atomic_load(&board->header.ring_head);
	struct event_sources sources = watch_sources(watch, board, false);
	uint64_t *next = &watch->collector.next;
	struct scoreboard_record record;
	struct event event;

	if (*next + SCOREBOARD_RING <= head)
		*next = head - SCOREBOARD_RING + 1;
	if (*next == 0)
		*next = 1;
	for (; *next <= head; (*next)++) {
		if (!scoreboard_read_record(board, *next, &record))
			continue;
		meter_record(&watch->meter, &record);
		if (event_make(&record, place, &sources, &event))
			store_add(&watch->store, &event);
		sampling_of_death(watch, header, &record);
	}
}

void collect_now(struct watch *watch, const struct scoreboard *board)
{
	struct collector *collector = &watch->collector;
	struct scoreboard_header header;
	struct event_place place;

	if (!scoreboard_read_header(board, &header))
		return;
	event_place(&header, &place);
	pthread_mutex_lock(&collector->lock);
	if (board != collector->board)
		collector->next = 0; /* another one: from its beginning */
	collector->board = board;
	fetch(watch, board, &header, &place);
	pthread_mutex_unlock(&collector->lock);
}

/* What the header alone has: no record tells of it. */
static void count(struct watch *watch, const struct scoreboard *board)
{
	struct scoreboard_header header;

	if (!scoreboard_read_header(board, &header))
		return;
	store_note_loads(&watch->store, &header);
	meter_header(&watch->meter, &header);
}

void *collect_run(void *context)
{
	const struct scoreboard *board;
	struct watch *watch = context;
	bool stirred = false; /* records came, and no quiet since */
	uint32_t bell;

	while (!watch_stopping(watch, 0)) {
		board = board_take(&watch->board);
		if (!board) {
			watch_stopping(watch, WAIT_MS);
			continue;
		}
		bell = atomic_load(&board->header.ring_bell);
		collect_now(watch, board);
		count(watch, board);
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
