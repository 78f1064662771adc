/* SPDX-License-Identifier: MIT */
/*
 * The rows of /events. They name the same things as a post-mortem does, so
 * that who reads the one can read the other.
 */
#include "views/events.h"

#include "evidence/verdict.h"
#include "views/load_report.h"

const char *const event_kind_words[] = {
	[EVENT_KILLED] = "killed",
	[EVENT_ENDED] = "ended",
	[EVENT_IDLE] = "idle-death",
	[EVENT_BYSTANDER] = "bystander",
	[EVENT_RESTART] = "restart",
	[EVENT_KINDS] = NULL,
};

/* clang-format off */
#define ROW(member, name, kind, ...) \
	FIELD_ROW(struct event_row, member, name, kind, ##__VA_ARGS__)

static const struct field row_fields[] = {
	ROW(id, "id", FIELD_TEXT),
	ROW(at_ms, "at", FIELD_TIME),
	ROW(kind, "kind", FIELD_WORD,
		.words = event_kind_words, .stride = EVENT_KINDS),
	ROW(outcome, "outcome", FIELD_WORD,
		.words = load_outcome_words, .stride = OUTCOME_COUNT),
	ROW(verdict, "verdict", FIELD_WORD,
		.words = verdict_words, .stride = VERDICT_COUNT),
	ROW(certainty, "certainty", FIELD_WORD,
		.words = certainty_words, .stride = CERTAINTY_COUNT),
	ROW(detail, "detail", FIELD_TEXT),
	ROW(resident_bytes, "resident_bytes", FIELD_BYTES),
	ROW(requested_bytes, "requested_bytes", FIELD_BYTES),
	ROW(url, "url", FIELD_TEXT),
	FIELD_END
};

static const struct field events_fields[] = {
	FIELD_ROW(struct events_report, events, "events", FIELD_LIST,
		.rows = row_fields,
		.count_offset = offsetof(struct events_report, count),
		.stride = sizeof(struct event_row)),
	FIELD_ROW(struct events_report, next, "next", FIELD_TEXT),
	FIELD_END
};
/* clang-format on */

const struct view events_view = {
	.name = "Events",
	.fields = events_fields,
	.html = "events.tpl",
	.text = "events.txt.tpl",
	.csv = "events",
};
