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
	int procs_fd; /* own cgroup.procs, -1 when not readable */
	struct strangers strangers; /* as of the last settled look */
};

/* 0, or -1 with errno: without /proc/meminfo there is no laboratory. */
int sampler_open(struct sampler *sampler, const char *root);

/* Everything once, timed at_ms. */
void sampler_read(
	const struct sampler *sampler, struct scoreboard_readings *out);

/* Each live worker's RSS, to pool and scoreboard. */
void sampler_workers(struct pool *pool, int64_t now_ms);

/* Live workers that a SIGKILL is taking, other than by the master's hand. */
int sampler_dying(const struct pool *pool);

/* How many processes of the cgroup, neither master nor worker, have left it
 * since sampler_know_strangers() was last called. */
int sampler_missing(const struct sampler *sampler, const struct pool *pool);
void sampler_know_strangers(struct sampler *sampler, const struct pool *pool);

#endif
