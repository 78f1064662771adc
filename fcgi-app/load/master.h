/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_MASTER_H
#define OOMLAB_LOAD_MASTER_H

/*
 * What the parts of the master share. One thread; everything is allocated at
 * the start. load/ only.
 */
#include "config.h"
#include "load/ledger.h"
#include "load/pool.h"
#include "load/sampler.h"

struct master {
	const struct config *config;
	struct scoreboard *board;
	uint64_t generation;
	pid_t pid;
	int listen_fd; /* spawn-fcgi's */
	int bell_fd;   /* eventfd(2): a worker has written its slot */
	int signal_fd; /* signalfd(2) */
	int control_fd; /* what the watch has to say */
	struct sampler sampler;
	struct pool pool;
	struct ledger ledger;
	struct scoreboard_readings now;	   /* the last reading */
	struct scoreboard_readings settled; /* the last whose every OOM kill is
					       explained */
	int64_t loads[OUTCOME_COUNT]; /* ended so far, by outcome */
	int64_t idle_usage_bytes; /* the cgroup's, without a load; -1 */
	int64_t ended_ms; /* when the last load ended */
	bool dies; /* a load with dies=container was OOM-killed */
	int64_t gather_since_ms; /* loads are held back since; 0: none is */
	int64_t next_tick_ms;
	int64_t next_look_ms; /* at the usage, while something grows */
	int64_t stop_at_ms; /* when a stop ends by force; 0: not stopping */
	int64_t oom_since_ms; /* when the last OOM was counted */
	int64_t ooms_seen; /* of those since the settled readings */
	struct ledger_death suspects[SCOREBOARD_SLOTS]; /* while they settle */
	int suspect_slots[SCOREBOARD_SLOTS];
	struct scoreboard_record record; /* being written */
	int looks; /* at deaths that could not be settled yet */
	int64_t kills_elsewhere, kills_seen; /* on the machine, so far: dealt
						with, at the last look */
	int64_t sigkills; /* that workers died of, by others' hands */
	int64_t marked_ms; /* since when a mark of systemd-oomd's is held; 0 */
	bool grew, was_low; /* a load, the host, since the last of them */
	int64_t stray_since_ms; /* an increment nobody died of, 0: none */
};

#endif
