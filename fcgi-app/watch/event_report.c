/* SPDX-License-Identifier: MIT */
/*
 * An event told whole. The evidence is worked out anew each time, from what was
 * kept of the record.
 */
#include "watch/event.h"

#include <stdio.h>

#include "evidence/verdict.h"

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)

static const char *const titles[OUTCOME_COUNT] = {
	[OUTCOME_DISCONNECTED] = "Disconnected",
	[OUTCOME_SHORT] = "Short",
	[OUTCOME_STALLED] = "Stalled",
	[OUTCOME_REFUSED] = "Refused",
	[OUTCOME_KILLED] = "Killed",
};

static void sample_fill(
	const struct scoreboard_death *death, struct postmortem_sample *out)
{
	const struct scoreboard_readings *before = &death->before;

	*out = (struct postmortem_sample){-1, -1, -1, -1, -1};
	if (death->sample_at_ms > 0) {
		out->at_ms = death->sample_at_ms;
		out->rss_bytes = death->sample_rss_bytes;
	}
	if (before->at_ms == 0)
		return;
	if (out->at_ms <= 0)
		out->at_ms = before->at_ms;
	out->available_bytes = before->host.available_bytes;
	if (before->count > 0) {
		out->usage_bytes = before->levels[0].usage_bytes;
		out->limit_bytes = before->levels[0].limit_bytes;
	}
}

static const char *title_of(const struct event *event)
{
	static const char *const others[EVENT_KINDS] = {
		[EVENT_IDLE] = "Idle worker died",
		[EVENT_BYSTANDER] = "Bystander killed",
		[EVENT_RESTART] = "Load restarted",
	};

	if (others[event->row.kind])
		return others[event->row.kind];
	return titles[event->row.outcome] ? titles[event->row.outcome]
					  : "Ended";
}

/* Whose limit it was, as far as the verdict knows; after an OOM kill that
 * leaves nothing of the limit that the load began with. */
static void limit_fill(
	const struct verdict_result *result, struct postmortem_report *report)
{
	if (result->verdict <= VERDICT_GROUP_OOM)
		report->load.limit = result->limit;
}

/* What the list has of it, and why there is no more. */
static void row_report(const struct event_row *row,
	struct verdict_result *result, struct postmortem_report *report)
{
	load_report_clear(&report->load);
	report->load.requested_bytes = row->requested_bytes;
	report->load.resident_bytes = row->resident_bytes;
	report->verdict = row->verdict;
	report->certainty = row->certainty;
	COPY(report->next,
		"Its record was kept by another version of oomlab, or is "
		"damaged: the version that kept it may still read it.");
	COPY(result->unreadable[0], "the event's record in the database");
	report->unreadable = result->unreadable;
	report->unreadable_count = 1;
}

void event_report(const struct event *event, struct verdict_result *result,
	struct postmortem_report *report)
{
	const struct event_row *row = &event->row;

	postmortem_clear(report);
	report->load = event->record.load;
	if (event->row_alone)
		row_report(row, result, report);
	report->load.outcome = row->outcome;
	snprintf(report->load.id, sizeof(report->load.id), "%s", row->id);
	snprintf(report->type, sizeof(report->type), "/help#%s",
		row->outcome ? load_outcome_words[row->outcome]
			     : event_kind_words[row->kind]);
	COPY(report->title, title_of(event));
	report->status = event_outcome_status((enum load_outcome)row->outcome);
	COPY(report->detail, row->detail);
	COPY(report->instance, row->url);
	report->died_at_ms = row->at_ms;
	if (event->row_alone)
		return;
	sample_fill(&event->record.death, &report->last_sample);
	if (!event_is_kill(event))
		return;
	postmortem_set_around(report, &event->around);
	event_judge(event, result);
	report->verdict = result->verdict;
	report->certainty = result->certainty;
	if (result->signal > 0) {
		report->signal = result->signal;
		verdict_signal_name(result->signal, report->signal_name,
			sizeof(report->signal_name));
	}
	limit_fill(result, report);
	COPY(report->next, result->next);
	report->evidence = result->evidence;
	report->evidence_count = result->evidence_count;
	report->unreadable = result->unreadable;
	report->unreadable_count = result->unreadable_count;
}
