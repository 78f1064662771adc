/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_STATUS_H
#define OOMLAB_VIEWS_STATUS_H

/*
 * GET /status: docs/API.md. FIELD_ABSENT, -1 and "" are null. The lists belong
 * to whoever fills the struct and must outlive the answer.
 */
#include "scoreboard/scoreboard.h"
#include "views/view.h"

struct status_worker {
	int64_t slot, pid; /* pid in load's own namespace */
	int32_t state;	   /* enum slot_stage */
	char load[33];	   /* id, "" without one */
	int64_t rss_bytes;
};

struct status_pool {
	int64_t idle, busy, max, spare, peak_busy;
	int64_t forks, fork_failures, deaths_before_request;
	int64_t backoff_until_ms;
};

struct status_master {
	int64_t pid, started_at_ms, heartbeat_at_ms, generation;
	int32_t alive, stopping; /* 0 or 1 */
};

struct status_limit {
	int32_t level; /* enum limit_level */
	char path[CGROUP_PATH_MAX], source[CGROUP_PATH_MAX];
	int64_t bytes, usage_bytes, high_bytes;
};

struct status_guard {
	char mode[8]; /* host, off */
	int64_t keeps_free_bytes, available_bytes, promised_bytes;
	int64_t allows_bytes; /* -1: a cgroup's limit binds before the host */
};

/* What loads under way were asked for, what the process holds of it by its own
 * count, and what load's cgroup grew by: side by side. */
struct status_memory {
	int64_t requested_bytes, resident_bytes, cgroup_delta_bytes;
	int32_t agrees; /* the last two; -1: nothing held, or it is growing */
};

struct status_source {
	char source[320];
};

struct status_warning {
	char code[32];
	char says[640]; /* a path in it, and why */
};

#define STATUS_SOURCES	128 /* eight levels, the host, the log */
#define STATUS_WARNINGS 24

struct status_report {
	int32_t workers_count, limits_count;
	int32_t readable_count, unreadable_count, warnings_count;
	int32_t ancestors_visible; /* -1: unknown */
	const struct status_worker *workers;
	const struct status_limit *limits;
	const struct status_source *readable, *unreadable;
	const struct status_warning *warnings;
	struct status_pool pool;
	struct status_master master;
	struct status_guard guard;
	struct status_memory memory;
};

extern const struct view status_view;
extern const struct field status_worker_fields[];
extern const char *const slot_stage_words[];

#endif
