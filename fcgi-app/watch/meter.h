/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_METER_H
#define OOMLAB_WATCH_METER_H

/*
 * What /metrics counts that no event and no database does: since the watch
 * started, over every master and scoreboard that came. Thread-safe.
 */
#include <pthread.h>

#include "scoreboard/scoreboard.h"
#include "views/metrics.h"

/* A count that begins at 0 with each master. */
struct meter_sum {
	int64_t seen, total;
};

/* The machine's OOM kills less those of load's cgroup. */
struct meter_elsewhere {
	int64_t at_ms, host, own; /* as last read; at_ms 0: never */
	uint64_t inode;		  /* of the cgroup */
	bool based;
	int64_t base, kills; /* host - own - base is kills */
};

struct meter {
	pthread_mutex_t lock;
	int64_t started_ms;
	struct metrics_histogram growth;
	int64_t master_pid; /* last seen; 0: none yet */
	struct meter_sum forks, fork_failures, deaths_before_request;
	struct meter_elsewhere elsewhere;
};

void meter_open(struct meter *meter);

/* A record of the ring, each once. */
void meter_record(struct meter *meter, const struct scoreboard_record *record);

/* A copy of the header, as often as may be. */
void meter_header(struct meter *meter, const struct scoreboard_header *header);

/* Its part of the report. */
void meter_report(struct meter *meter, struct metrics_report *out);

#endif
