/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_SOURCE_H
#define OOMLAB_EVIDENCE_SOURCE_H

/*
 * Where a figure was read, by its full name, and the few questions about the
 * readings that more than one place asks. Pure and thread-safe.
 */
#include "scoreboard/scoreboard.h"

enum evidence_file {
	EVIDENCE_OOM_KILL, /* kills of this cgroup's own processes */
	EVIDENCE_HITS,	   /* v1 failcnt; v2 the level's own oom count */
	EVIDENCE_SWAP_HITS, /* v1: the same of the limit of memory and swap */
	EVIDENCE_USAGE,
	EVIDENCE_PEAK,
	EVIDENCE_HIERARCHY, /* v1: the tightest limit up to the root */
	EVIDENCE_GROUP,	    /* v2 memory.oom.group */
	EVIDENCE_GROUP_KILL, /* v2: kills of the whole cgroup */
	EVIDENCE_OOMD,	    /* v2: systemd-oomd's own marks */
	EVIDENCE_ANON,	    /* memory.stat's main parts */
	EVIDENCE_FILE,
	EVIDENCE_SHMEM,
	EVIDENCE_KERNEL,
	EVIDENCE_STALL,	    /* v2 memory.pressure, microseconds */
	EVIDENCE_FILES
};

/* "/sys/fs/cgroup/memory/x/memory.oom_control oom_kill", or "" where that
 * version (1 or 2), or v2's root, has no such file. */
void evidence_source(const struct scoreboard_level *level, int version,
	enum evidence_file file, char *out, size_t size);

/* The figure of that file in one reading; -1 when it could not be read or the
 * version has none. */
int64_t evidence_figure(const struct cgroup_reading *reading, int version,
	enum evidence_file file);

/* Whether bytes is a limit: not unknown (below 0) and not none (INT64_MAX). */
bool evidence_limited(int64_t bytes);

/* The limit of an ancestor out of sight, as v1 tells it, when it is tighter
 * than all that can be seen; else -1. */
int64_t evidence_hidden_limit(
	const struct scoreboard_readings *readings, bool ancestors_visible);

#endif
