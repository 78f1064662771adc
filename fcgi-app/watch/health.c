/* SPDX-License-Identifier: MIT */
/*
 * Alive and ready. The first must not depend on anything that can break: it is
 * asked every few milliseconds while everything else is short of memory. The
 * second says why not, for whoever stands before a closed door.
 */
#include "watch/handlers.h"

#include <string.h>

#include "watch/state.h"

static const char json_type[] = "application/json";
static const char text_type[] = "text/plain; charset=utf-8";

static int say(struct http_exchange *x, const char *json, const char *text)
{
	const char *body = x->format == HTTP_JSON ? json : text;

	(void)http_respond(x, 200,
		x->format == HTTP_JSON ? json_type : text_type, NULL, body,
		strlen(body));
	return 0;
}

int health_alive(struct http_exchange *x)
{
	return say(x, "{\"status\":\"ok\"}\n", "ok\n");
}

static int not_ready(struct http_exchange *x, const char *why)
{
	http_problem(&x->problem, 503, "Not ready: %s", why);
	x->problem.retry_after_s = 1;
	return -1;
}

/* NULL when a load could be taken now. */
static const char *why_not(
	const struct watch *watch, const struct scoreboard *board)
{
	switch (board_master(&watch->board, board)) {
	case BOARD_GONE:
		return "load is down: its master's lock is free";
	case BOARD_UNKNOWN:
		return "whether load lives cannot be told: its master's lock "
		       "cannot be read";
	case BOARD_SILENT:
		return "load's master gives no sign of life";
	case BOARD_ALIVE:
		break;
	}
	if (board->header.stopping)
		return "load is stopping";
	if (board_places_taken(board) >= board->header.pool.max)
		return "all workers are busy";
	return NULL;
}

int health_ready(struct http_exchange *x)
{
	struct watch *watch = watch_of(x);
	const struct scoreboard *board = board_take(&watch->board);
	const char *why = why_not(watch, board);

	board_give(&watch->board, board);
	if (why)
		return not_ready(x, why);
	return say(x, "{\"status\":\"ready\"}\n", "ready\n");
}
