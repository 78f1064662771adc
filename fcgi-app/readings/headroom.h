/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_HEADROOM_H
#define OOMLAB_READINGS_HEADROOM_H

/*
 * Which limit binds, and how much can still be charged before the OOM killer:
 * a walk over the cgroup's levels and the host. Pure arithmetic over readings,
 * so a captured tree can be reckoned with as well as the live one. The terms
 * are docs/API.md's, "The binding limit".
 */
#include "readings/cgroup.h"
#include "readings/meminfo.h"

enum limit_level {
	LIMIT_NONE,
	LIMIT_OWN,
	LIMIT_ANCESTOR,
	LIMIT_HOST,
	LIMIT_LEVELS
};

/* A limit as every answer shows it; -1 and "" are unknown. */
struct limit {
	int64_t bytes;
	int64_t headroom_bytes; /* tightest over all levels; -1 when the
				   binding level is out of sight */
	int64_t high_bytes;	/* the tightest memory.high, if any is set */
	int32_t level;		/* enum limit_level */
	char path[CGROUP_PATH_MAX];
	char source[CGROUP_PATH_MAX];
};

/* Nothing known of it. */
extern const struct limit limit_unknown;

/* "own", "ancestor", "host"; NULL for LIMIT_NONE. */
extern const char *const limit_level_words[LIMIT_LEVELS];

/* What readings[0..cgroup->count) and host say together. */
void headroom_reckon(const struct cgroup *cgroup,
	const struct cgroup_reading *readings, const struct meminfo *host,
	struct limit *out);

/* What one level can still be charged: limit less usage plus reclaimable page
 * cache (all of active and inactive file, and reclaimable slab). INT64_MAX
 * without a limit, -1 when it cannot be told. */
int64_t headroom_of_level(const struct cgroup_reading *reading);

/* The tightest limit that one level tells of: its own, or v1's hierarchical
 * one. INT64_MAX where there is none, or none can be read. */
int64_t headroom_limit_of_level(const struct cgroup_reading *reading);

/* Below this MemAvailable a machine may be at its OOM killer: the reading
 * nearest to that moment is up to a sample old. -1 when the total is unknown. */
int64_t headroom_host_low(int64_t total_bytes);

/* What must stay free on the host whatever loads ask: the larger of 512 MiB
 * and 5 % of its memory. */
int64_t headroom_host_reserve(const struct meminfo *host);

#endif
