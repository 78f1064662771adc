/* SPDX-License-Identifier: MIT */
/*
 * GET /events and GET /events/ID. A page ends with the URL of the next, which
 * names the last event that was shown: what arrives meanwhile stands before it
 * and moves nothing.
 */
#include "watch/handlers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/words.h"
#include "watch/collect.h"

/* What has been told of by now, by load or by its clients, is here. */
static void catch_up(struct watch *watch)
{
	const struct scoreboard *board = board_take(&watch->board);

	if (board)
		collect_now(watch, board);
	board_give(&watch->board, board);
}

static int64_t value_of(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->integer;
}

/* The place among words of what the parameter asks for. The parameter's own
 * list is some of these words in another order. */
static int32_t word_of(const struct http_exchange *x, const char *name,
	const char *const *words, int count)
{
	int place = words_find(words, count, params_word(&x->params, name));

	return place < 0 ? QUERY_ANY : place;
}

static void read_query(const struct http_exchange *x, struct query *query)
{
	const struct param_value *before = params_value(&x->params, "before");

	query_open(query);
	query->since_ms =
		params_time(&x->params, "since", scoreboard_now_ms(), 0);
	query->verdict = word_of(x, "verdict", verdict_words, VERDICT_COUNT);
	query->outcome =
		word_of(x, "outcome", load_outcome_words, OUTCOME_COUNT);
	if (!before->given)
		return;
	query->before_ms = before->integer;
	memcpy(query->before_id, before->id, sizeof(query->before_id));
}

static void add_word(
	const struct http_exchange *x, const char *name, char *url, size_t size)
{
	const char *word = params_word(&x->params, name);
	size_t used = strlen(url);

	if (word && params_value(&x->params, name)->given)
		(void)snprintf(url + used, size - used, "%s=%s&", name, word);
}

/* The same question, from behind the last row that was shown on; a since that
 * was so long ago is now a point in time, or the list would slide. */
static void next_url(const struct http_exchange *x, const struct query *query,
	const struct event_row *last, char *url, size_t size)
{
	static const struct field time = {.name = "", .type = FIELD_TIME};
	char since[40];
	size_t used;

	(void)snprintf(url, size, "/events?");
	if (params_value(&x->params, "since")->given) {
		field_plain(&time, &query->since_ms, since, sizeof(since));
		(void)snprintf(url, size, "/events?since=%s&", since);
	}
	add_word(x, "verdict", url, size);
	add_word(x, "outcome", url, size);
	add_word(x, "format", url, size);
	used = strlen(url);
	(void)snprintf(url + used, size - used,
		"limit=%" PRId64 "&before=%" PRId64 "-%s", value_of(x, "limit"),
		last->at_ms, last->id);
}

/* One more than is shown tells whether there is a next page. */
int events_list(struct http_exchange *x)
{
	int limit = (int)value_of(x, "limit"), result;
	struct event_row *rows = calloc((size_t)limit + 1, sizeof(*rows));
	struct events_report report = {.events = rows};
	struct query query;

	if (!rows)
		return http_problem(&x->problem, 500, "No memory for the list");
	catch_up(watch_of(x));
	read_query(x, &query);
	report.count = store_list(&watch_of(x)->store, &query, rows, limit + 1);
	if (report.count > limit) {
		report.count = limit;
		next_url(x, &query, &rows[limit - 1], report.next,
			sizeof(report.next));
		x->next = report.next;
	}
	result = view_send(x, 200, &events_view, &report);
	x->next = NULL;
	free(rows);
	return result;
}

int events_show(struct http_exchange *x)
{
	struct verdict_result result;
	struct postmortem_report report;
	struct event event;

	catch_up(watch_of(x));
	if (!store_find(&watch_of(x)->store, x->tail, &event))
		return http_problem(&x->problem, 404,
			"There is no event %s, or it was too long ago; "
			"/events lists those that are kept",
			x->tail);
	event_report(&event, &result, &report);
	return postmortem_send(x, 200, &report);
}
