/* SPDX-License-Identifier: MIT */
/*
 * What a master finds on the scoreboard of its predecessor: loads that were
 * under way when it went, whose end nobody saw.
 */
#include "load/deaths.h"

/* What a predecessor that did not live to settle it knew, and, if this is the
 * same cgroup, what its counters say now. */
static void add_readings(struct master *master, struct scoreboard_death *death)
{
	const struct scoreboard_header *header = &master->board->header;

	if (death->before.at_ms == 0)
		scoreboard_last_readings(header, &death->before);
	if (header->levels[0].inode == master->sampler.cgroup.levels[0].inode)
		death->after = master->now;
}

static void bury_leftover(struct master *master, int slot)
{
	struct scoreboard_slot *at = &master->board->slots[slot];
	struct scoreboard_sample *sample = &master->board->samples[slot];

	at->death = (struct scoreboard_death){
		.died_at_ms = scoreboard_now_ms(),
		.busy = 1,
		.sample_at_ms = sample->at_ms,
		.sample_rss_bytes = sample->rss_bytes,
	};
	add_readings(master, &at->death);
	deaths_bury(master, slot);
}

void deaths_bury_leftovers(struct master *master)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		enum slot_stage stage = pool_stage(&master->pool, i);

		if (stage == SLOT_DEAD) { /* noted, never settled */
			add_readings(master, &master->board->slots[i].death);
			deaths_bury(master, i);
		} else if (deaths_under_way(stage)) {
			bury_leftover(master, i);
		} else {
			pool_free(&master->pool, i);
		}
	}
}
