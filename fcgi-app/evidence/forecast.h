/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_FORECAST_H
#define OOMLAB_EVIDENCE_FORECAST_H

/*
 * What a load would meet if it were asked for now: docs/API.md, GET /forecast.
 * A pure function from readings to an answer; nothing is allocated, and what
 * the readings do not tell is said to be unknown. Thread-safe.
 */
#include <stdbool.h>

#include "readings/headroom.h"

#define FORECAST_VICTIMS  8
#define FORECAST_WARNINGS 20
#define FORECAST_SELF	  "oom:this" /* the load that is asked about */

struct forecast_ask {
	int64_t bytes;
	const char *kind;    /* a word of the parameter kind */
	int32_t score;	     /* oom_score_adj */
	int64_t leave_bytes; /* headroom to leave; -1: none */
	int64_t reach_bytes; /* as far as rate gets it within its time;
				INT64_MAX: as far as it likes */
	bool dies_container;
};

/* A process of load's: a worker, or the master. */
struct forecast_worker {
	char name[16];	    /* as the kernel would log it */
	char kind[12];	    /* of its load; "" without one */
	int64_t pid;	    /* in load's own namespace */
	int64_t rss_bytes;  /* last sample; -1: none */
	int64_t held_bytes; /* resident of its load; 0 without one */
	int64_t yet_bytes;  /* its load has yet to take */
	int32_t score;
	bool dies_container;
};

struct forecast_facts {
	const struct cgroup *cgroup;	     /* none of its files is read */
	const struct cgroup_reading *levels; /* [cgroup->count] */
	const struct meminfo *host;
	const struct forecast_worker *workers;
	int worker_count;
	int64_t page_bytes;
	int64_t guard_bytes; /* the guard would promise; INT64_MAX: anything */
	int64_t quota_bytes; /* of the asked kind, for the service's user; -1:
				none, or unknown */
	bool scratch_is_tmpfs; /* kind file is shmem then */
	bool has_place;	       /* not all workers are busy */
	bool is_alive;	       /* load runs: the readings are of now */
};

struct forecast_victim {
	char name[16];
	int64_t pid;	   /* FIELD_ABSENT: the asked load's */
	int64_t badness;   /* pages, as oom_badness() of mm/oom_kill.c has it
			      since 5.9, may be below 0; or FIELD_ABSENT */
	int64_t rss_bytes; /* when the kill comes; -1 unknown */
	int64_t oom_score_adj;
	bool dies_container;
};

struct forecast_warning {
	char code[24];
	char says[256];
};

struct forecast {
	int32_t fits; /* reaches its size; -1: cannot be told */
	int64_t requested_bytes;
	int64_t kill_at_bytes; /* of the asked load are resident when the kill
				  comes; -1: none comes, or it is unknown */
	struct limit limit;
	int32_t victims_count, warnings_count;
	struct forecast_victim victims[FORECAST_VICTIMS]; /* likeliest first;
					none where no kill is foreseen */
	struct forecast_warning warnings[FORECAST_WARNINGS];
};

/* kind must be one that forecast_knows(). */
void forecast_make(const struct forecast_facts *facts,
	const struct forecast_ask *ask, struct forecast *out);

bool forecast_knows(const char *kind);

#endif
