/* SPDX-License-Identifier: MIT */
/*
 * Loads that ended, summed up over scoreboards. load's master counts them in
 * the header, on and on as long as the file lives, whoever the master is; what
 * was seen there is kept beside the sum, so that a watch that was away adds
 * what it missed, and a new file begins at nothing.
 */
#include "watch/store_parts.h"

#include <string.h>

#define WRITTEN_EVERY_US 10000000 /* what no event carries along */

/* Whether later can be the same scoreboard some time after: all that is
 * counted there only grows. */
static bool goes_on(
	const struct load_counts *earlier, const struct load_counts *later)
{
	if (later->generation < earlier->generation ||
		later->head < earlier->head)
		return false;
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		if (later->seen[i] < earlier->seen[i])
			return false;
	}
	return true;
}

static void note(struct store *store, const struct load_counts *now)
{
	struct load_counts *loads = &store->counts.loads;
	bool same = loads->known && goes_on(loads, now);
	bool changed = false;

	for (int i = 0; i < OUTCOME_COUNT; i++) {
		int64_t more = now->seen[i] - (same ? loads->seen[i] : 0);

		loads->ended[i] += more;
		loads->seen[i] = now->seen[i];
		changed |= more != 0;
	}
	loads->generation = now->generation;
	loads->head = now->head;
	loads->known = true;
	if (!store->counts.loads_first.known)
		store->counts.loads_first = *now;
	store->counts.loads_changed |= changed;
}

void store_note_loads(
	struct store *store, const struct scoreboard_header *header)
{
	struct load_counts now = {.known = true,
		.generation = atomic_load(&header->generation),
		.head = atomic_load(&header->ring_head)};
	struct store_counts *counts = &store->counts;

	memcpy(now.seen, header->pool.loads, sizeof(now.seen));
	pthread_mutex_lock(&store->lock);
	note(store, &now);
	if (counts->loads_changed && store->health.state == STORE_WORKS &&
		scoreboard_now_us() - counts->loads_written_us >=
			WRITTEN_EVERY_US) {
		store->stirred = true;
		pthread_cond_signal(&store->work);
	}
	pthread_mutex_unlock(&store->lock);
}

void store_loads_join(
	struct store_counts *counts, const struct load_counts *saved)
{
	const struct load_counts *first = &counts->loads_first;
	bool same = first->known && goes_on(saved, first);

	if (counts->loads_joined)
		return;
	counts->loads_joined = true;
	if (!saved->known)
		return;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		counts->loads.ended[i] +=
			saved->ended[i] - (same ? saved->seen[i] : 0);
	if (first->known)
		return;
	memcpy(counts->loads.seen, saved->seen, sizeof(saved->seen));
	counts->loads.generation = saved->generation;
	counts->loads.head = saved->head;
	counts->loads.known = true;
}
