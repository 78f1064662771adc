/* SPDX-License-Identifier: MIT */
/*
 * The rows of a load, in docs/API.md's order: the whole of its JSON, its text
 * and what its templates can say. A field is added here and in the struct.
 */
#include "views/load_report.h"

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

/* limit_level_name()'s words. */
static const char *const limit_words[] = {
	[LIMIT_NONE] = NULL,
	[LIMIT_OWN] = "own",
	[LIMIT_ANCESTOR] = "ancestor",
	[LIMIT_HOST] = "host",
};

/* clang-format off */
#define LIMIT(name, kind, ...) \
	FIELD_ROW(struct limit, name, #name, kind, ##__VA_ARGS__)

const struct field limit_fields[] = {
	LIMIT(bytes,          FIELD_BYTES),
	LIMIT(headroom_bytes, FIELD_BYTES),
	LIMIT(high_bytes,     FIELD_BYTES),
	LIMIT(level,          FIELD_WORD, FIELD_WORDS(limit_words)),
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

static void limit_clear(struct limit *limit)
{
	memset(limit, 0, sizeof(*limit));
	limit->bytes = -1;
	limit->headroom_bytes = -1;
	limit->high_bytes = -1;
	limit->level = LIMIT_NONE;
}

void load_report_clear(struct load_report *report)
{
	memset(report, 0, sizeof(*report)); /* texts and times are absent */
	report->state = -1;
	report->outcome = OUTCOME_NONE;
	report->requested_bytes = FIELD_ABSENT;
	report->rows = FIELD_ABSENT;
	report->columns = FIELD_ABSENT;
	report->resident_bytes = FIELD_ABSENT;
	report->cgroup_delta_bytes = FIELD_ABSENT;
	report->swapped_bytes = FIELD_ABSENT;
	report->rss_bytes = FIELD_ABSENT;
	report->peak_rss_bytes = FIELD_ABSENT;
	report->minor_faults = FIELD_ABSENT;
	report->major_faults = FIELD_ABSENT;
	report->grow_us = FIELD_ABSENT;
	report->held_us = FIELD_ABSENT;
	report->bytes_per_second = FIELD_ABSENT;
	report->oom_score_adj = FIELD_ABSENT;
	report->worker.slot = FIELD_ABSENT;
	report->worker.pid = FIELD_ABSENT;
	limit_clear(&report->limit);
}
