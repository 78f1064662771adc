/* SPDX-License-Identifier: MIT */
/*
 * DELETE: the watch asks the master, who alone orders workers, and answers
 * when the ring says that the load has ended, which is after its memory is
 * free. A load in somebody's foreground is released like any other; its own
 * client then reads what it held.
 */
#include "watch/handlers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scoreboard/control.h"
#include "views/released.h"
#include "watch/search.h"

/* The master ends a stuck worker after 2 s; then its memory is to be freed. */
#define RELEASE_WAIT_MS 10000
#define CONTROL_WAIT_MS 1000 /* for room in the master's queue */

static bool can_be_released(int32_t stage)
{
	return (stage >= SLOT_ASKING && stage <= SLOT_ENDED) ||
	       stage == SLOT_DEAD;
}

/* The ids of loads under way, or of the one that is asked for; how many. */
static int find_live(const struct scoreboard *board, const char *only,
	char ids[SCOREBOARD_SLOTS][33])
{
	int count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		struct scoreboard_slot copy;

		if (!can_be_released(atomic_load(&board->slots[i].stage)))
			continue;
		board_read_slot(board, i, &copy);
		if (copy.load.id[0] == '\0' ||
			(only && strcmp(copy.load.id, only) != 0))
			continue;
		memcpy(ids[count++], copy.load.id, sizeof(ids[0]));
	}
	return count;
}

static int no_master(struct http_exchange *x)
{
	http_problem(&x->problem, 503, "load's master cannot be reached: %s",
		strerror(errno));
	x->problem.retry_after_s = 1;
	return -1;
}

/* The outcome of a load that was told to end; OUTCOME_NONE: not in time. */
static enum load_outcome await_end(
	struct watch *watch, const struct scoreboard *board, const char *id)
{
	struct search search = {.id = id, .board = board, .any_end = true};

	search_await(watch, &search, RELEASE_WAIT_MS);
	return search.death || search.load
		       ? (enum load_outcome)search.record.load.outcome
		       : OUTCOME_NONE;
}

/* Whether its end is in the ring already, and how it ended. */
static bool ended(const struct scoreboard *board, const char *id,
	enum load_outcome *outcome)
{
	struct search search = {.id = id, .board = board, .any_end = true};

	search_look(&search);
	*outcome = (enum load_outcome)search.record.load.outcome;
	return search.death || search.load;
}

static int ended_already(struct http_exchange *x, enum load_outcome outcome)
{
	return http_problem(&x->problem, 410, "Load %s has ended already: %s",
		x->tail, load_outcome_words[outcome]);
}

static int unknown(struct http_exchange *x)
{
	return http_problem(&x->problem, 404,
		"There is no load %s; /loads lists those that are known",
		x->tail);
}

static int release_one(struct http_exchange *x, const struct scoreboard *board,
	char ids[SCOREBOARD_SLOTS][33])
{
	struct watch *watch = watch_of(x);
	enum load_outcome outcome;
	bool lives = find_live(board, x->tail, ids) > 0;

	/* The ring after the slots: a load goes from these to that. */
	if (ended(board, x->tail, &outcome))
		return ended_already(x, outcome);
	if (!lives)
		return unknown(x);
	if (control_send(watch->config->run, CONTROL_RELEASE, x->tail,
		    CONTROL_WAIT_MS) < 0)
		return no_master(x);
	outcome = await_end(watch, board, x->tail);
	if (outcome == OUTCOME_NONE)
		return http_problem(&x->problem, 504,
			"Load %s was told to end and has not yet", x->tail);
	if (outcome != OUTCOME_RELEASED)
		return ended_already(x, outcome);
	http_respond(x, 204, NULL, NULL, "", 0);
	return 0;
}

static int release_all(struct http_exchange *x, const struct scoreboard *board,
	char ids[SCOREBOARD_SLOTS][33])
{
	struct watch *watch = watch_of(x);
	struct released_report report = {0};
	int count = find_live(board, NULL, ids);

	for (int i = 0; i < count; i++) {
		if (control_send(watch->config->run, CONTROL_RELEASE, ids[i],
			    CONTROL_WAIT_MS) < 0)
			return no_master(x);
	}
	for (int i = 0; i < count; i++)
		report.released +=
			await_end(watch, board, ids[i]) == OUTCOME_RELEASED;
	return view_send(x, 200, &released_view, &report);
}

/* Both need the scoreboard and room for the ids. */
static int with_board(struct http_exchange *x,
	int (*release)(struct http_exchange *x, const struct scoreboard *board,
		char ids[SCOREBOARD_SLOTS][33]))
{
	struct watch *watch = watch_of(x);
	const struct scoreboard *board = board_take(&watch->board);
	char(*ids)[33] = calloc(SCOREBOARD_SLOTS, sizeof(*ids));
	int result;

	if (!board)
		result = no_master(x);
	else if (!ids)
		result = http_problem(&x->problem, 500, "No memory");
	else
		result = release(x, board, ids);
	free(ids);
	if (board)
		board_give(&watch->board, board);
	return result;
}

int release_load(struct http_exchange *x)
{
	return with_board(x, release_one);
}

int release_loads(struct http_exchange *x)
{
	return with_board(x, release_all);
}
