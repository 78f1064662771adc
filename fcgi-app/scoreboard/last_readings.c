/* SPDX-License-Identifier: MIT */
/*
 * v2 counts an OOM before the kill that follows, and systemd-oomd marks a cgroup
 * before it kills there: the last reading of all may be from in between.
 */
#include "scoreboard/scoreboard.h"

void scoreboard_last_readings(const struct scoreboard_header *header,
	struct scoreboard_readings *out)
{
	const struct scoreboard_readings *settled = &header->settled;

	*out = header->now;
	if (settled->at_ms == 0 || settled->count != out->count)
		return;
	out->host_oom_kills = settled->host_oom_kills;
	for (int i = 0; i < out->count && i < CGROUP_LEVELS; i++) {
		out->levels[i].oom = settled->levels[i].oom;
		out->levels[i].oom_kill = settled->levels[i].oom_kill;
		out->levels[i].oom_group_kill =
			settled->levels[i].oom_group_kill;
		out->levels[i].oomd_kills = settled->levels[i].oomd_kills;
	}
}
