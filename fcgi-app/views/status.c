/* SPDX-License-Identifier: MIT */
/*
 * GET /status as rows.
 */
#include "views/status.h"

#include "views/load_report.h"

const char *const slot_stage_words[] = {
	[SLOT_FREE] = NULL,
	[SLOT_STARTING] = "starting",
	[SLOT_IDLE] = "idle",
	[SLOT_ASKING] = "asking",
	[SLOT_GROWING] = "growing",
	[SLOT_HOLDING] = "holding",
	[SLOT_RELEASING] = "releasing",
	[SLOT_ENDED] = "ended",
	[SLOT_ANSWERING] = "answering",
	[SLOT_DEAD] = "dead",
};

/* clang-format off */
#define WORKER(member, kind, ...) \
	FIELD_ROW(struct status_worker, member, #member, kind, ##__VA_ARGS__)

const struct field status_worker_fields[] = {
	WORKER(slot,      FIELD_INTEGER),
	WORKER(pid,       FIELD_INTEGER),
	WORKER(state,     FIELD_WORD, FIELD_WORDS(slot_stage_words)),
	WORKER(load,      FIELD_TEXT),
	WORKER(rss_bytes, FIELD_BYTES),
	FIELD_END
};

#define POOL(member, name, kind) \
	FIELD_ROW(struct status_pool, member, name, kind)

static const struct field pool_fields[] = {
	POOL(idle, "idle", FIELD_INTEGER),
	POOL(busy, "busy", FIELD_INTEGER),
	POOL(max, "max", FIELD_INTEGER),
	POOL(spare, "spare", FIELD_INTEGER),
	POOL(peak_busy, "peak_busy", FIELD_INTEGER),
	POOL(forks, "forks", FIELD_INTEGER),
	POOL(fork_failures, "fork_failures", FIELD_INTEGER),
	POOL(deaths_before_request, "deaths_before_request", FIELD_INTEGER),
	POOL(backoff_until_ms, "backoff_until", FIELD_TIME),
	FIELD_END
};

#define MASTER(member, name, kind) \
	FIELD_ROW(struct status_master, member, name, kind)

static const struct field master_fields[] = {
	MASTER(pid, "pid", FIELD_INTEGER),
	MASTER(started_at_ms, "started_at", FIELD_TIME),
	MASTER(heartbeat_at_ms, "heartbeat_at", FIELD_TIME),
	MASTER(generation, "generation", FIELD_INTEGER),
	MASTER(alive, "alive", FIELD_BOOL),
	MASTER(stopping, "stopping", FIELD_BOOL),
	FIELD_END
};

#define LIMIT(member, kind, ...) \
	FIELD_ROW(struct status_limit, member, #member, kind, ##__VA_ARGS__)

static const struct field limit_rows[] = {
	LIMIT(level,       FIELD_WORD, FIELD_WORDS(limit_level_words)),
	LIMIT(path,        FIELD_TEXT),
	LIMIT(source,      FIELD_TEXT),
	LIMIT(bytes,       FIELD_BYTES),
	LIMIT(usage_bytes, FIELD_BYTES),
	LIMIT(high_bytes,  FIELD_BYTES),
	FIELD_END
};

#define GUARD(member, kind) \
	FIELD_ROW(struct status_guard, member, #member, kind)

static const struct field guard_fields[] = {
	GUARD(mode,             FIELD_TEXT),
	GUARD(keeps_free_bytes, FIELD_BYTES),
	GUARD(available_bytes,  FIELD_BYTES),
	GUARD(promised_bytes,   FIELD_BYTES),
	GUARD(allows_bytes,     FIELD_BYTES),
	FIELD_END
};

#define MEMORY(member, kind) \
	FIELD_ROW(struct status_memory, member, #member, kind)

static const struct field memory_fields[] = {
	MEMORY(requested_bytes,    FIELD_BYTES),
	MEMORY(resident_bytes,     FIELD_BYTES),
	MEMORY(cgroup_delta_bytes, FIELD_DELTA),
	MEMORY(agrees,             FIELD_BOOL),
	FIELD_END
};

static const struct field warning_fields[] = {
	FIELD_ROW(struct status_warning, code, "code", FIELD_TEXT),
	FIELD_ROW(struct status_warning, says, "says", FIELD_TEXT),
	FIELD_END
};

#define STATUS(member, kind, ...) \
	FIELD_ROW(struct status_report, member, #member, kind, ##__VA_ARGS__)
#define LIST(member, list_rows) \
	STATUS(member, FIELD_LIST, .rows = list_rows, \
		.count_offset = \
			offsetof(struct status_report, member##_count), \
		.stride = sizeof(*((struct status_report *)0)->member))

static const struct field status_fields[] = {
	LIST(warnings, warning_fields),
	STATUS(master, FIELD_OBJECT, .rows = master_fields),
	STATUS(pool, FIELD_OBJECT, .rows = pool_fields),
	LIST(workers, status_worker_fields),
	STATUS(memory, FIELD_OBJECT, .rows = memory_fields),
	LIST(limits, limit_rows),
	STATUS(ancestors_visible, FIELD_BOOL),
	STATUS(guard, FIELD_OBJECT, .rows = guard_fields),
	LIST(readable, NULL),
	LIST(unreadable, NULL),
	FIELD_END
};
/* clang-format on */

const struct view status_view = {
	.name = "Status",
	.fields = status_fields,
	.html = "status.tpl",
};
