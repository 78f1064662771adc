/* SPDX-License-Identifier: MIT */
/*
 * The names of the kernel's files by version, so that a person can look at
 * what was looked at. The scoreboard has for each level the file that holds
 * the limit; the others lie beside it.
 */
#include "evidence/source.h"

#include <stdio.h>
#include <string.h>

#define FIGURE(name) offsetof(struct cgroup_reading, name)
#define NONE	     SIZE_MAX

static const struct {
	const char *names[2]; /* v1, v2; NULL: that version has none */
	size_t figures[2];
} files[EVIDENCE_FILES] = {
	[EVIDENCE_OOM_KILL] = {{"memory.oom_control oom_kill",
				       "memory.events.local oom_kill"},
		{FIGURE(oom_kill), FIGURE(oom_kill)}},
	[EVIDENCE_HITS] = {{"memory.failcnt", "memory.events.local oom"},
		{FIGURE(failcnt), FIGURE(oom)}},
	[EVIDENCE_SWAP_HITS] = {{"memory.memsw.failcnt", NULL},
		{FIGURE(swap_failcnt), NONE}},
	[EVIDENCE_USAGE] = {{"memory.usage_in_bytes", "memory.current"},
		{FIGURE(usage_bytes), FIGURE(usage_bytes)}},
	[EVIDENCE_PEAK] = {{"memory.max_usage_in_bytes", "memory.peak"},
		{FIGURE(peak_bytes), FIGURE(peak_bytes)}},
	[EVIDENCE_HIERARCHY] = {{"memory.stat hierarchical_memory_limit", NULL},
		{FIGURE(hierarchical_limit_bytes), NONE}},
	[EVIDENCE_GROUP] = {{NULL, "memory.oom.group"},
		{NONE, FIGURE(oom_group)}},
	[EVIDENCE_GROUP_KILL] = {{NULL, "memory.events.local oom_group_kill"},
		{NONE, FIGURE(oom_group_kill)}},
	[EVIDENCE_OOMD] = {{NULL, " user.oomd_ooms + user.oomd_kill"},
		{NONE, FIGURE(oomd_kills)}},
	[EVIDENCE_ANON] = {{"memory.stat total_rss", "memory.stat anon"},
		{FIGURE(anon_bytes), FIGURE(anon_bytes)}},
	[EVIDENCE_FILE] = {{"memory.stat total_cache", "memory.stat file"},
		{FIGURE(file_bytes), FIGURE(file_bytes)}},
	[EVIDENCE_SHMEM] = {{"memory.stat total_shmem", "memory.stat shmem"},
		{FIGURE(shmem_bytes), FIGURE(shmem_bytes)}},
	[EVIDENCE_KERNEL] = {{"memory.kmem.usage_in_bytes",
				     "memory.stat kernel"},
		{FIGURE(kernel_bytes), FIGURE(kernel_bytes)}},
	[EVIDENCE_STALL] = {{NULL, "memory.pressure some total"},
		{NONE, FIGURE(psi_some_us)}},
};

void evidence_source(const struct scoreboard_level *level, int version,
	enum evidence_file file, char *out, size_t size)
{
	const char *name = files[file].names[version == 2];
	const char *slash = strrchr(level->source, '/');
	int directory = slash ? (int)(slash - level->source) + 1 : 0;

	/* v2's root has no limit, so no file that holds it, nor most others. */
	if (!name || directory == 0)
		snprintf(out, size, "%s", "");
	else
		snprintf(out, size, "%.*s%s", directory, level->source, name);
}

int64_t evidence_figure(const struct cgroup_reading *reading, int version,
	enum evidence_file file)
{
	size_t figure = files[file].figures[version == 2];
	int64_t value = -1;

	if (figure != NONE)
		memcpy(&value, (const char *)reading + figure, sizeof(value));
	return value;
}

bool evidence_limited(int64_t bytes)
{
	return bytes >= 0 && bytes < INT64_MAX;
}

int64_t evidence_hidden_limit(
	const struct scoreboard_readings *readings, bool ancestors_visible)
{
	int64_t hidden;

	if (ancestors_visible || readings->at_ms == 0 || readings->count < 1)
		return -1;
	hidden = readings->levels[0].hierarchical_limit_bytes;
	if (!evidence_limited(hidden) || hidden == readings->host.total_bytes)
		return -1;
	for (int i = 0; i < readings->count; i++) {
		int64_t seen = readings->levels[i].limit_bytes;

		if (evidence_limited(seen) && seen <= hidden)
			return -1;
	}
	return hidden;
}
