/* SPDX-License-Identifier: MIT */
/*
 * GET /events and GET /events/ID.
 */
#include "watch/handlers.h"

#include <stdlib.h>

#include "watch/collect.h"

/* What has been told of by now, by load or by its clients, is here. */
static void catch_up(struct watch *watch)
{
	const struct scoreboard *board = board_take(&watch->board);

	if (board)
		collect_now(watch, board);
	board_give(&watch->board, board);
}

int events_list(struct http_exchange *x)
{
	struct event_row *rows = calloc(STORE_EVENTS, sizeof(*rows));
	struct events_report report = {.events = rows};
	int result;

	if (!rows)
		return http_problem(&x->problem, 500, "No memory for the list");
	catch_up(watch_of(x));
	report.count = store_list(&watch_of(x)->store, rows, STORE_EVENTS);
	result = view_send(x, 200, &events_view, &report);
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
