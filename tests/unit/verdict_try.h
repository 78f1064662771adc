/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_VERDICT_TRY_H
#define OOMLAB_TESTS_VERDICT_TRY_H

/*
 * From a row of verdict_cases.h to its verdict.
 */
#include "verdict_cases.h"

static inline void read_side(
	const struct death_case *row, int side, struct scoreboard_readings *out)
{
	*out = (struct scoreboard_readings){
		.at_ms = 1000 + side,
		.count = row->level_count,
		.host_oom_kills = row->oom_kill[side],
		.host = {.total_bytes = 16 * GIB,
			.available_bytes = row->available[side]
						   ? row->available[side]
						   : 12 * GIB},
	};
	for (int i = 0; i < row->level_count; i++) {
		const struct level *from = &row->levels[i];
		struct cgroup_reading *to = &out->levels[i];

		memset(to, 0xff, sizeof(*to)); /* -1: unreadable */
		to->limit_bytes = from->limit_bytes;
		to->usage_bytes = from->usage[side];
		to->peak_bytes =
			from->peak[side] ? from->peak[side] : from->usage[side];
		to->oom_kill = row->oom_kill[side];
		if (row->version == 2 && i == 0) {
			to->oom_group_kill = row->group_kill[side];
			to->oomd_kills = row->oomd[side];
		}
		if (row->version == 2)
			to->oom = from->hits[side];
		else
			to->failcnt = from->hits[side];
		if (row->version == 1)
			to->swap_failcnt = from->swap_hits[side];
		to->hierarchical_limit_bytes = row->version == 2 ? -1
					       : row->hierarchical_bytes
						       ? row->hierarchical_bytes
						       : from->limit_bytes;
	}
}

static const struct scoreboard_level levels[2] = {
	{"/house/load", "/sys/fs/cgroup/house/load/memory.max", 11},
	{"/house", "/sys/fs/cgroup/house/memory.max", 10},
};

static inline void judge(
	const struct death_case *row, struct verdict_result *out)
{
	static struct load_report load;
	static struct scoreboard_death death;
	struct verdict_facts facts = {
		.death = &death,
		.load = &load,
		.levels = levels,
		.level_count = row->level_count,
		.cgroup_version = row->version,
		.ancestors_visible = row->visible,
		.master_gone = row->gone,
	};

	memset(&load, 0, sizeof(load));
	strcpy(load.id, "1a2b3c4d5e6f708192a3b4c5d6e7f809");
	load.requested_bytes = 878 * MIB;
	load.resident_bytes = 400 * MIB;
	death = (struct scoreboard_death){
		.reaped = row->reaped,
		.wait_status = row->wait_status,
		.busy = !row->idle,
		.ended_by_master = row->by_master,
		.account = (int32_t)row->account,
		.most_usage_bytes = {row->most_bytes},
	};
	read_side(row, 0, &death.before);
	read_side(row, 1, &death.after);
	verdict_judge(&facts, out);
}

static inline const struct death_case *find(const char *why)
{
	for (int i = 0; i < CASES; i++) {
		if (strcmp(cases[i].why, why) == 0)
			return &cases[i];
	}
	fail_msg("no case \"%s\"", why);
	return &cases[0];
}

#endif
