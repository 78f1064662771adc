/* SPDX-License-Identifier: MIT */
/*
 * A process that has been reaped has given back its pages, but not all that
 * the kernel held for it: page tables are freed after a grace period of RCU,
 * up to 35 ms later (mm/mmu_gather.c, tlb_remove_table_free()). For so long
 * the cgroup stays at its limit, and whatever is charged then, a fork or the
 * next request, is an OOM with the wrong victim. So the client of the dead is
 * told, and a worker forked, when the memory is back.
 */
#include "load/freeing.h"

#define FREEING_MOST_MS 300
#define SETTLED_MS	100 /* after a load's end, all of it is back */
#define SLACK_BYTES	((int64_t)8 << 20) /* workers, and counts in batches */

void freeing_know_quiet(struct master *master)
{
	if (scoreboard_now_ms() - master->ended_ms < SETTLED_MS)
		return;
	sampler_know_strangers(&master->sampler, &master->pool);
	if (master->now.count > 0)
		master->idle_usage_bytes = master->now.levels[0].usage_bytes;
}

/* When the first died of those that are not told yet; INT64_MAX: nobody. */
static int64_t first_death_ms(const struct master *master)
{
	int64_t first_ms = INT64_MAX;

	for (int i = 0; i < master->pool.high; i++) {
		const struct scoreboard_death *death =
			&master->board->slots[i].death;

		if (pool_stage(&master->pool, i) == SLOT_DEAD && death->busy &&
			death->died_at_ms < first_ms)
			first_ms = death->died_at_ms;
	}
	return first_ms;
}

/* What the cgroup holds with the loads that live, the dead ones gone. */
static int64_t expected_bytes(const struct master *master)
{
	int64_t sum = master->idle_usage_bytes + SLACK_BYTES;

	for (int i = 0; i < master->pool.high; i++) {
		int64_t held = master->board->slots[i].load.resident_bytes;

		if (master->pool.workers[i].granted && held > 0)
			sum += held;
	}
	return sum;
}

bool freeing_under_way(const struct master *master)
{
	int64_t first_ms = first_death_ms(master);

	return first_ms != INT64_MAX &&
	       scoreboard_now_ms() - first_ms < FREEING_MOST_MS &&
	       master->idle_usage_bytes >= 0 &&
	       pool_growing(&master->pool) == 0 &&
	       cgroup_usage(&master->sampler.cgroup, 0) >
		       expected_bytes(master);
}
