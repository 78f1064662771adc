/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_SAMPLER_H
#define OOMLAB_LOAD_SAMPLER_H

/*
 * The master's eyes: the counters of its cgroup and of the host, the RSS of
 * its workers, and who else lives in the cgroup. All on descriptors opened at
 * the start; nothing here allocates. The master's thread only.
 */
#include "load/pool.h"
#include "readings/cgroup.h"
#include "readings/meminfo.h"
#include "scoreboard/scoreboard.h"

#define SAMPLER_STRANGERS 64 /* more than that are not told apart */

/* Processes of the cgroup that are neither master nor worker. */
struct strangers {
	int count;
	pid_t pid[SAMPLER_STRANGERS];
};

struct sampler {
	struct cgroup cgroup;
	struct meminfo_files host;
	struct strangers strangers; /* as of the last quiet moment */
	int64_t most_usage_bytes[CGROUP_LEVELS]; /* since the last settled look */
	int64_t older_usage_bytes[CGROUP_LEVELS]; /* until then */
	int64_t host_least_bytes, host_least_ms; /* MemAvailable, of late */
	int64_t forgotten_ms;			  /* when that was */
};

/* 0, or -1 with errno: without /proc/meminfo there is no laboratory. */
int sampler_open(struct sampler *sampler, const char *root);

/* Everything once, timed at_ms. */
void sampler_read(
	const struct sampler *sampler, struct scoreboard_readings *out);

/* The tightest limit of all, the host's memory if there is none. */
int64_t sampler_limit(const struct scoreboard_readings *readings);

/* Looks at the levels' usage and the host's MemAvailable alone, for the highest
 * and the least since the last settled look: what stands at its limit does so for 5 to 45 ms before its victim is
 * gone. Returns how long to wait for the next look, in ms: a level with a
 * limit must not get from here to there unseen. */
int sampler_look_at_usage(struct sampler *sampler,
	const struct scoreboard_readings *readings);

/* The same from a whole reading. */
void sampler_note_usage(struct sampler *sampler,
	const struct scoreboard_readings *readings);
void sampler_forget_usage(struct sampler *sampler);

/* The highest usage of each level around a death at died_ms, as master and
 * workers saw it: in the second before, too, for the kernel may kill for a
 * limit that was met a moment ago, while the victim before is freeing. */
void sampler_most_usage(const struct sampler *sampler, const struct pool *pool,
	int64_t died_ms, int64_t out[CGROUP_LEVELS]);

/* The least MemAvailable around a death likewise; 0: not looked for. */
int64_t sampler_host_least(const struct sampler *sampler, int64_t died_ms);

/* Each live worker's RSS, to pool and scoreboard. */
void sampler_workers(struct pool *pool, int64_t now_ms);

/* Live workers that a SIGKILL is taking, other than by the master's hand. */
int sampler_dying(const struct pool *pool);

/* Who else lives in the cgroup; takes memory, so when nothing is under way. */
void sampler_know_strangers(struct sampler *sampler, const struct pool *pool);

/* How many of those that were known have ended since. */
int sampler_missing(const struct sampler *sampler);

#endif
