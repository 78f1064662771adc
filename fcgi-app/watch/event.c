/* SPDX-License-Identifier: MIT */
/*
 * From the scoreboard's records to events, and from an event to its
 * post-mortem. A verdict is a pure function of the record, so only the row is
 * kept; the evidence is worked out anew when somebody asks for it.
 */
#include "watch/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "evidence/verdict.h"
#include "watch/event_log.h"
#include "watch/history.h"

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)

static const struct {
	int status;
	bool kept;
} outcomes[OUTCOME_COUNT] = {
	[OUTCOME_NONE] = {502, false},
	[OUTCOME_HELD] = {200, false},
	[OUTCOME_LEFT] = {200, false},
	[OUTCOME_RELEASED] = {200, false},
	[OUTCOME_DISCONNECTED] = {499, true},
	[OUTCOME_SHORT] = {507, true},
	[OUTCOME_STALLED] = {503, true},
	[OUTCOME_REFUSED] = {403, true},
	[OUTCOME_BUSY] = {503, false},
	[OUTCOME_KILLED] = {502, true},
};

static bool outcome_known(int outcome)
{
	return outcome > OUTCOME_NONE && outcome < OUTCOME_COUNT;
}

int event_outcome_status(enum load_outcome outcome)
{
	return outcomes[outcome_known((int)outcome) ? outcome : OUTCOME_NONE]
		.status;
}

void event_place(
	const struct scoreboard_header *header, struct event_place *out)
{
	memset(out, 0, sizeof(*out));
	out->cgroup_version = header->cgroup_version;
	out->ancestors_visible = header->ancestors_visible;
	out->level_count = header->level_count;
	if (out->level_count < 0 || out->level_count > CGROUP_LEVELS)
		out->level_count = 0;
	memcpy(out->levels, header->levels, sizeof(out->levels));
}

static bool is_killed(const struct scoreboard_record *record)
{
	return record->kind == RECORD_DEATH && record->death.busy &&
	       !record->death.ended_by_master;
}

static enum event_kind kind_of(const struct scoreboard_record *record)
{
	if (record->kind == RECORD_START)
		return EVENT_RESTART;
	if (record->kind == RECORD_BYSTANDER)
		return EVENT_BYSTANDER;
	if (is_killed(record))
		return EVENT_KILLED;
	if (record->kind == RECORD_DEATH && !record->death.busy)
		return EVENT_IDLE;
	return EVENT_ENDED;
}

static bool worth_keeping(const struct scoreboard_record *record)
{
	enum event_kind kind = kind_of(record);
	int outcome = record->load.outcome;

	if (kind == EVENT_RESTART)
		return record->generation > 1;
	if (kind == EVENT_ENDED)
		return outcome_known(outcome) && outcomes[outcome].kept;
	return true;
}

static int64_t time_of(const struct scoreboard_record *record)
{
	if (record->death.died_at_ms > 0)
		return record->death.died_at_ms;
	return record->load.ended_at_ms > 0 ? record->load.ended_at_ms : 0;
}

/* A load's event has the load's id; another one its own, the same each time
 * that the record is read. */
static void id_of(
	const struct scoreboard_record *record, int64_t at_ms, char id[33])
{
	if (record->load.id[0]) {
		snprintf(id, 33, "%.32s", record->load.id);
		return;
	}
	snprintf(id, 33, "%08" PRIx32 "%012" PRIx64 "%012" PRIx64,
		(uint32_t)record->generation,
		(uint64_t)atomic_load(&record->sequence) & 0xffffffffffff,
		(uint64_t)at_ms & 0xffffffffffff);
}

void event_judge(const struct event *event, struct verdict_result *out)
{
	struct verdict_facts facts = {
		.death = &event->record.death,
		.load = &event->record.load,
		.levels = event->place.levels,
		.level_count = event->place.level_count,
		.cgroup_version = event->place.cgroup_version,
		.ancestors_visible = event->place.ancestors_visible,
		.master_gone = event->master_gone,
		.log = &event->log,
	};

	verdict_judge(&facts, out);
}

static bool is_judged(enum event_kind kind)
{
	return kind == EVENT_KILLED || kind == EVENT_IDLE ||
	       kind == EVENT_BYSTANDER;
}

static void describe(const struct event *event, char *out, size_t size)
{
	const struct load_report *load = &event->record.load;

	if (event->row.kind == EVENT_RESTART)
		snprintf(out, size,
			"load's master was started again: the %" PRIu64
			". on this scoreboard.",
			event->record.generation);
	else if (load->reason[0])
		snprintf(out, size, "Request %.8s ended as %s: %s.", load->id,
			load_outcome_words[load->outcome], load->reason);
	else
		snprintf(out, size, "Request %.8s ended as %s%s.", load->id,
			load_outcome_words[load->outcome],
			event->record.death.ended_by_master
				? ", by the hand of load's master"
				: "");
}

static void row_fill(struct event *event)
{
	struct event_row *row = &event->row;
	const struct scoreboard_record *record = &event->record;
	struct verdict_result result;

	row->kind = (int32_t)kind_of(record);
	row->at_ms = time_of(record);
	row->verdict = row->certainty = -1;
	row->outcome = OUTCOME_NONE;
	row->resident_bytes = record->load.resident_bytes;
	row->requested_bytes = record->load.requested_bytes;
	id_of(record, row->at_ms, row->id);
	snprintf(row->url, sizeof(row->url), "/events/%s", row->id);
	if (row->kind == EVENT_KILLED)
		row->outcome = OUTCOME_KILLED;
	else if (row->kind == EVENT_ENDED)
		row->outcome = record->load.outcome;
	if (!is_judged((enum event_kind)row->kind)) {
		describe(event, row->detail, sizeof(row->detail));
		return;
	}
	event_judge(event, &result);
	row->verdict = result.verdict;
	row->certainty = result.certainty;
	COPY(row->detail, result.detail);
}

/* Reaped by a new master, or by the old one that did not live to settle it. */
static bool is_leftover(const struct scoreboard_record *record)
{
	return record->kind == RECORD_DEATH &&
	       (!record->death.reaped || record->death.after.at_ms == 0);
}

static void join(struct event *event, const struct event_sources *sources)
{
	int64_t at_ms = time_of(&event->record);
	char id[33];

	if (!is_judged(kind_of(&event->record)))
		return;
	id_of(&event->record, at_ms, id);
	event_log_join(event, id, at_ms, sources);
	if (sources->samples)
		history_around(sources->samples, sources->board, &event->record,
			&event->around);
}

/* The machine counted a kill elsewhere while a load grew: unlikely, and the log
 * has to say so; likely, and it must not say otherwise. */
static bool may_be_bystander(int32_t account, int32_t log)
{
	if (account == ACCOUNT_UNLIKELY)
		return log == KERNEL_LOG_FOUND;
	return account == ACCOUNT_PROVEN || log != KERNEL_LOG_SILENT;
}

bool event_make(const struct scoreboard_record *record,
	const struct event_place *place, const struct event_sources *sources,
	struct event *out)
{
	if (!worth_keeping(record))
		return false;
	memset(out, 0, sizeof(*out));
	out->record = *record;
	out->place = *place;
	out->master_gone = is_leftover(record);
	join(out, sources);
	if (record->kind == RECORD_BYSTANDER &&
		!may_be_bystander(record->death.account, out->log.state))
		return false;
	row_fill(out);
	return true;
}

void event_conclude(const struct load_report *load,
	const struct scoreboard_death *death, bool master_gone,
	const struct event_place *place, const struct event_sources *sources,
	struct event *out)
{
	memset(out, 0, sizeof(*out));
	out->record.kind = RECORD_DEATH;
	out->record.load = *load;
	out->record.load.state = LOAD_ENDED;
	out->record.load.outcome = OUTCOME_KILLED;
	snprintf(out->record.load.event, sizeof(out->record.load.event),
		"/events/%.32s", load->id);
	out->record.death = *death;
	out->record.death.busy = 1;
	out->place = *place;
	out->master_gone = master_gone;
	out->synthetic = true;
	join(out, sources);
	row_fill(out);
}

bool event_is_kill(const struct event *event)
{
	return is_judged((enum event_kind)event->row.kind);
}

/* A record knows more than the watch's own conclusion, but not if all it says
 * is that a new master found it: then the watch was there sooner. */
bool event_is_better(const struct event *fresh, const struct event *old)
{
	if (fresh->log.state == KERNEL_LOG_FOUND &&
		old->log.state != KERNEL_LOG_FOUND)
		return !fresh->synthetic || old->synthetic;
	return old->synthetic && !fresh->synthetic &&
	       !(old->master_gone && fresh->master_gone);
}
