/* SPDX-License-Identifier: MIT */
/*
 * Joins a killed request with its death. nginx sees the connection close some
 * milliseconds before the master has reaped the worker and settled what it
 * died of, so this waits on the scoreboard's bell, but only while somebody
 * lives who could ring it: with the master's lock free, the slot that still
 * holds the request is the last word. What is told to a client is kept as an
 * event before it is told: in the database, or, while that fails, in memory and
 * on stderr.
 */
#include "watch/postmortem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/loads.h"
#include "watch/aftermath.h"
#include "watch/search.h"
#include "watch/state.h"

/* The slot that still holds the request, if any does. */
static bool find_slot(
	const struct search *search, struct scoreboard_slot *out, int *which)
{
	for (int i = 0; search->board && i < SCOREBOARD_SLOTS; i++) {
		const struct scoreboard_slot *at = &search->board->slots[i];

		if (strncmp(at->load.id, search->id, sizeof(at->load.id)) != 0)
			continue;
		board_read_slot(search->board, i, out);
		if (strcmp(out->load.id, search->id) == 0 &&
			out->stage != SLOT_FREE) {
			*which = i;
			return true;
		}
	}
	return false;
}

/* Whether the load's master was started after the request had come to it. */
static bool restarted_since(
	const struct http_exchange *x, const struct search *search)
{
	const char *took = http_param(x, "UPSTREAM_RESPONSE_TIME");
	double seconds = took ? strtod(took, NULL) : 0;
	int64_t sent_ms = search->came_ms - (int64_t)(seconds * 1000);

	return search->board && search->board->header.started_at_ms > sent_ms;
}

/* What is kept is told: the collector may have made the same event a moment
 * before, with others around it. */
static int send_event(struct http_exchange *x, struct event *event, bool keep)
{
	struct store *store = &watch_of(x)->store;
	struct verdict_result result;
	struct postmortem_report report;
	char id[sizeof(event->row.id)];

	if (keep) {
		memcpy(id, event->row.id, sizeof(id));
		store_add(store, event);
		(void)store_settle(store, id);
		(void)store_find(store, id, event);
	}
	event_report(event, &result, &report);
	if (!keep)
		report.instance[0] = report.load.event[0] = '\0';
	return postmortem_send(x, 502, &report);
}

/* What the slot last said, with the last reading that was published. */
static void conclude(struct http_exchange *x, const struct search *search,
	enum board_master master, struct event *event, bool *keep)
{
	static const struct scoreboard_header nothing;
	struct scoreboard_header header = nothing;
	struct scoreboard_death death = {0};
	struct scoreboard_slot slot;
	struct load_report load;
	struct event_place place;
	bool gone = master == BOARD_GONE;
	struct event_sources sources =
		watch_sources(watch_of(x), search->board, true);
	int which = 0;

	load_report_clear(&load);
	snprintf(load.id, sizeof(load.id), "%s", search->id);
	if (search->board && !scoreboard_read_header(search->board, &header))
		header = search->board->header; /* died while it wrote */
	event_place(&header, &place);
	*keep = true;
	if (find_slot(search, &slot, &which)) {
		load = slot.load;
		if (slot.stage == SLOT_DEAD)
			death = slot.death;
		death.sample_at_ms = search->board->samples[which].at_ms;
		death.sample_rss_bytes =
			search->board->samples[which].rss_bytes;
		*keep = gone; /* else it may yet go on, or be recorded */
	} else if (!gone) {
		gone = restarted_since(x, search);
	}
	if (death.before.at_ms == 0)
		scoreboard_last_readings(&header, &death.before);
	if (death.died_at_ms == 0)
		death.died_at_ms = scoreboard_now_ms();
	if (gone && death.after.at_ms == 0)
		aftermath_read(watch_of(x), &place, &death.after);
	event_conclude(
		&load, &death, gone, &place, &sources, event);
}

/* An end that has an outcome of its own: told as the worker would have. */
static int send_outcome(
	struct http_exchange *x, const struct load_report *load, bool lost)
{
	const char *word = load_outcome_words[load->outcome];
	int status = event_outcome_status((enum load_outcome)load->outcome);

	if (status == 200 && !lost)
		return view_send(x, 200, &load_view, load);
	if (lost)
		http_problem(&x->problem, 502,
			"The load had ended as %s, but its answer was lost "
			"on the way; /loads/%s has it",
			word, load->id);
	else
		http_problem(&x->problem, status, "%s",
			load->reason[0] ? load->reason
					: "load's master had to end it: it "
					  "had not ended when it should have");
	snprintf(x->problem.outcome, sizeof(x->problem.outcome), "%s", word);
	return -1;
}

static int send_found(struct http_exchange *x, const struct search *search)
{
	const struct scoreboard_record *record = &search->record;
	bool known = record->load.outcome > OUTCOME_NONE &&
		     record->load.outcome < OUTCOME_COUNT;
	struct scoreboard_header header;
	struct event_sources sources =
		watch_sources(watch_of(x), search->board, true);
	struct event_place place = {0};
	struct event event;

	if (known && (search->load || record->death.ended_by_master))
		return send_outcome(
			x, &record->load, !record->death.ended_by_master);
	if (scoreboard_read_header(search->board, &header))
		event_place(&header, &place);
	if (!event_make(record, &place, &sources, &event))
		event_conclude(&record->load, &record->death, false, &place,
			&sources, &event);
	return send_event(x, &event, true);
}

static int answer_unreached(struct http_exchange *x)
{
	http_problem(&x->problem, 503,
		"load is not there, or is just starting; nothing was run");
	snprintf(x->problem.outcome, sizeof(x->problem.outcome), "%s",
		load_outcome_words[OUTCOME_BUSY]);
	x->problem.retry_after_s = 1;
	return -1;
}

/* nginx's $upstream_connect_time: "0.000", or "-" for none; with several
 * upstreams a list of them, of which the first is load's. */
static bool was_connected(const struct http_exchange *x)
{
	const char *took = http_param(x, "UPSTREAM_CONNECT_TIME");

	return took && *took >= '0' && *took <= '9';
}

int postmortem_answer(struct http_exchange *x)
{
	struct watch *watch = watch_of(x);
	struct search search = {.id = x->id, .came_ms = scoreboard_now_ms()};
	enum board_master master;
	struct event event;
	bool keep;
	int result;

	if (!was_connected(x))
		return answer_unreached(x);
	if (x->id[0] == '\0')
		return http_problem(&x->problem, 502,
			"The connection to load broke, and the request came "
			"here without its id");
	search.board = board_take(&watch->board);
	master = search_await(watch, &search, POSTMORTEM_WAIT_MS);
	if (search.death || search.load) {
		result = send_found(x, &search);
	} else {
		conclude(x, &search, master, &event, &keep);
		result = send_event(x, &event, keep);
	}
	board_give(&watch->board, search.board);
	return result;
}
