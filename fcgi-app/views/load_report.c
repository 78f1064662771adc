/* SPDX-License-Identifier: MIT */
/*
 * The rows of a load, in docs/API.md's order: the whole of its JSON, its text
 * and what its templates can say. A field is added here and in the struct.
 */
#include "views/load_report.h"

#include <stdio.h>
#include <string.h>

const char *const load_state_words[] = {
	[LOAD_GROWING] = "growing",
	[LOAD_HOLDING] = "holding",
	[LOAD_RELEASING] = "releasing",
	[LOAD_ENDED] = "ended",
};

const char *const load_outcome_words[] = {
	[OUTCOME_NONE] = NULL,
	[OUTCOME_HELD] = "held",
	[OUTCOME_LEFT] = "left",
	[OUTCOME_RELEASED] = "released",
	[OUTCOME_DISCONNECTED] = "disconnected",
	[OUTCOME_SHORT] = "short",
	[OUTCOME_STALLED] = "stalled",
	[OUTCOME_REFUSED] = "refused",
	[OUTCOME_BUSY] = "busy",
	[OUTCOME_KILLED] = "killed",
};
_Static_assert(sizeof(load_outcome_words) / sizeof(char *) == OUTCOME_COUNT,
	"an outcome without a word");

/* clang-format off */
#define LIMIT(name, kind, ...) \
	FIELD_ROW(struct limit, name, #name, kind, ##__VA_ARGS__)

const struct field limit_fields[] = {
	LIMIT(bytes,          FIELD_BYTES),
	LIMIT(headroom_bytes, FIELD_BYTES),
	LIMIT(high_bytes,     FIELD_BYTES),
	LIMIT(level,          FIELD_WORD, FIELD_WORDS(limit_level_words)),
	LIMIT(path,           FIELD_TEXT),
	LIMIT(source,         FIELD_TEXT),
	FIELD_END
};

#define WORKER(name, kind) \
	FIELD_ROW(struct load_worker, name, #name, kind)

static const struct field worker_fields[] = {
	WORKER(slot, FIELD_INTEGER),
	WORKER(pid,  FIELD_INTEGER),
	FIELD_END
};

/* In the order of enum charged_place. */
static const char *const place_words[] = {
	"anon", "shmem", "file", "unevictable", "kernel"
};

#define CHARGED(member, kind, ...) \
	FIELD_ROW(struct load_charged, member, #member, kind, ##__VA_ARGS__)

static const struct field charged_fields[] = {
	CHARGED(place,             FIELD_WORD, FIELD_WORDS(place_words)),
	CHARGED(anon_bytes,        FIELD_DELTA),
	CHARGED(shmem_bytes,       FIELD_DELTA),
	CHARGED(file_bytes,        FIELD_DELTA),
	CHARGED(unevictable_bytes, FIELD_DELTA),
	CHARGED(kernel_bytes,      FIELD_DELTA),
	FIELD_END
};

#define LOAD(member, name, kind, ...) \
	FIELD_ROW(struct load_report, member, name, kind, ##__VA_ARGS__)

const struct field load_report_fields[] = {
	LOAD(id, "id", FIELD_TEXT),
	LOAD(state, "state", FIELD_WORD, FIELD_WORDS(load_state_words)),
	LOAD(outcome, "outcome", FIELD_WORD, FIELD_WORDS(load_outcome_words)),
	LOAD(kind, "kind", FIELD_TEXT),
	LOAD(requested_bytes, "requested_bytes", FIELD_BYTES),
	LOAD(resident_bytes, "resident_bytes", FIELD_BYTES),
	LOAD(cgroup_delta_bytes, "cgroup_delta_bytes", FIELD_DELTA),
	LOAD(swapped_bytes, "swapped_bytes", FIELD_BYTES),
	LOAD(rss_bytes, "rss_bytes", FIELD_BYTES),
	LOAD(peak_rss_bytes, "peak_rss_bytes", FIELD_BYTES),
	LOAD(minor_faults, "minor_faults", FIELD_INTEGER),
	LOAD(major_faults, "major_faults", FIELD_INTEGER),
	LOAD(started_at_ms, "started_at", FIELD_TIME),
	LOAD(ends_at_ms, "ends_at", FIELD_TIME),
	LOAD(grow_us, "grow_seconds", FIELD_SECONDS),
	LOAD(held_us, "held_seconds", FIELD_SECONDS),
	LOAD(bytes_per_second, "bytes_per_second", FIELD_BYTES),
	LOAD(oom_score_adj, "oom_score_adj", FIELD_INTEGER),
	LOAD(charged, "charged", FIELD_OBJECT, .rows = charged_fields),
	LOAD(agrees, "agrees", FIELD_BOOL),
	LOAD(worker, "worker", FIELD_OBJECT, .rows = worker_fields),
	LOAD(limit, "limit", FIELD_OBJECT, .rows = limit_fields),
	LOAD(event, "event", FIELD_TEXT),
	LOAD(ended_at_ms, "ended_at", FIELD_TIME),
	LOAD(reason, "reason", FIELD_TEXT),
	LOAD(rows, "rows", FIELD_INTEGER, .optional = true),
	LOAD(columns, "columns", FIELD_INTEGER, .optional = true),
	FIELD_END
};
/* clang-format on */

/* Every one of the report's int64_t figures that may be unknown. */
static const size_t figures[] = {
	offsetof(struct load_report, requested_bytes),
	offsetof(struct load_report, rows),
	offsetof(struct load_report, columns),
	offsetof(struct load_report, resident_bytes),
	offsetof(struct load_report, cgroup_delta_bytes),
	offsetof(struct load_report, swapped_bytes),
	offsetof(struct load_report, rss_bytes),
	offsetof(struct load_report, peak_rss_bytes),
	offsetof(struct load_report, minor_faults),
	offsetof(struct load_report, major_faults),
	offsetof(struct load_report, grow_us),
	offsetof(struct load_report, held_us),
	offsetof(struct load_report, bytes_per_second),
	offsetof(struct load_report, oom_score_adj),
	offsetof(struct load_report, charged.anon_bytes),
	offsetof(struct load_report, charged.shmem_bytes),
	offsetof(struct load_report, charged.file_bytes),
	offsetof(struct load_report, charged.unevictable_bytes),
	offsetof(struct load_report, charged.kernel_bytes),
	offsetof(struct load_report, worker.slot),
	offsetof(struct load_report, worker.pid),
};

void load_report_clear(struct load_report *report)
{
	memset(report, 0, sizeof(*report)); /* texts and times are absent */
	report->state = -1;
	report->outcome = OUTCOME_NONE;
	report->charged.place = -1;
	report->agrees = -1;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		*(int64_t *)(void *)((char *)report + figures[i]) =
			FIELD_ABSENT;
	report->limit = limit_unknown;
}

/* Outcomes that /events keeps. */
static const bool is_event[OUTCOME_COUNT] = {
	[OUTCOME_DISCONNECTED] = true,
	[OUTCOME_SHORT] = true,
	[OUTCOME_STALLED] = true,
	[OUTCOME_REFUSED] = true,
	[OUTCOME_KILLED] = true,
};

void load_report_set_event(struct load_report *report)
{
	if (report->outcome >= 0 && report->outcome < OUTCOME_COUNT &&
		is_event[report->outcome] && report->id[0])
		snprintf(report->event, sizeof(report->event), "/events/%s",
			report->id);
}
