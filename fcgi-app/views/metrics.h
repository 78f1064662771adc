/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_METRICS_H
#define OOMLAB_VIEWS_METRICS_H

/*
 * GET /metrics: Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/
 * exposition_formats). FIELD_ABSENT is a sample that is left out: what is not
 * known is no 0. Bytes and counts as they are named, times in microseconds.
 */
#include <stddef.h>
#include <stdint.h>

#include "evidence/verdict.h"
#include "scoreboard/scoreboard.h"

#define METRICS_TYPE	"text/plain; version=0.0.4; charset=utf-8"
#define METRICS_BUCKETS 14
#define METRICS_STAGES	(SLOT_DEAD + 1)

/* Upper bounds in microseconds, ascending. */
extern const int64_t metrics_bounds_us[METRICS_BUCKETS];

struct metrics_histogram {
	int64_t counts[METRICS_BUCKETS + 1]; /* each alone, the last beyond */
	int64_t sum_us;
};

void metrics_observe(struct metrics_histogram *histogram, int64_t us);

/* Of one level of the binding limit (enum limit_level; NONE stays absent). */
struct metrics_levels {
	int64_t limit_bytes[LIMIT_LEVELS];
	int64_t usage_bytes[LIMIT_LEVELS];
	int64_t headroom_bytes[LIMIT_LEVELS];
};

enum metrics_stall { STALL_SOME, STALL_FULL, STALLS };

struct metrics_load {
	int64_t up, started_us, heartbeat_us;
	int64_t workers[METRICS_STAGES]; /* by stage, SLOT_FREE stays absent */
	int64_t busy, max, spare, peak;
	int64_t forks, fork_failures, deaths_before_request;
	int64_t resident_bytes, target_bytes;
	int64_t stall_us[STALLS]; /* of its own cgroup */
};

struct metrics_host {
	int64_t memory_bytes, available_bytes;
	int64_t stall_us[STALLS];
};

struct metrics_store {
	int64_t events, unsaved, failing, aside, dropped;
};

struct metrics_log {
	int64_t readable, overruns, lost_lines;
};

struct metrics_process {
	int64_t started_us, resident_bytes, cpu_us;
};

struct metrics_report {
	char version[32];
	int64_t loads[OUTCOME_COUNT], kills[VERDICT_COUNT];
	int64_t bystanders, elsewhere;
	struct metrics_histogram growth;
	struct metrics_load load;
	struct metrics_levels levels;
	struct metrics_host host;
	struct metrics_store store;
	struct metrics_log log;
	struct metrics_process process;
};

/* Every sample absent, the histogram empty. */
void metrics_clear(struct metrics_report *report);

/* 0 with *body, to be freed; or -1 with errno. */
int metrics_render(
	const struct metrics_report *report, char **body, size_t *length);

#endif
