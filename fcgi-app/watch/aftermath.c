/* SPDX-License-Identifier: MIT */
/*
 * The kernel counts a kill before it sends the signal, memory.oom.group's too,
 * so once the master's lock is free the counters have moved. A path may name
 * another cgroup here than it did there, so the inode has to be the same.
 */
#include "watch/aftermath.h"

#include <string.h>

static void read_host(
	const struct config *config, struct scoreboard_readings *out)
{
	struct meminfo_files files;

	memset(&out->host, -1, sizeof(out->host));
	out->host_oom_kills = -1;
	out->host_pressure = (struct pressure){-1, -1};
	if (meminfo_open(&files, config->root) < 0)
		return;
	meminfo_read(&files, &out->host);
	out->host_oom_kills = meminfo_oom_kills(&files);
	meminfo_pressure(&files, &out->host_pressure);
	meminfo_close(&files);
}

bool aftermath_read(const struct watch *watch, const struct event_place *place,
	struct scoreboard_readings *out)
{
	const char *root = watch->config->root;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < place->level_count; i++) {
		const struct scoreboard_level *level = &place->levels[i];

		if (cgroup_read_at(root, place->cgroup_version, level->source,
			    level->inode, &out->levels[i]) < 0 &&
			i == 0)
			return false;
	}
	if (place->level_count == 0)
		return false;
	out->count = place->level_count;
	read_host(watch->config, out);
	out->at_ms = scoreboard_now_ms();
	return true;
}
