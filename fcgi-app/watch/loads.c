/* SPDX-License-Identifier: MIT */
/*
 * Loads as the scoreboard has them: under way from the slots, ended from the
 * ring. A load moves from the one to the other while this reads, so the ring
 * is read last and wins: better shown twice and once left out than missed.
 */
#include "watch/handlers.h"

#include <stdlib.h>
#include <string.h>

#include "views/loads.h"
#include "watch/search.h"

static const struct scoreboard *take(struct http_exchange *x)
{
	const struct scoreboard *board = board_take(&watch_of(x)->board);

	if (!board)
		http_problem(&x->problem, 503,
			"load has not been started yet: there is no "
			"scoreboard");
	return board;
}

/* Until the master has recorded its end it has not ended for anybody: who reads
 * of an end finds the event, too. */
static void show_unrecorded(struct load_report *load)
{
	if (load->state != LOAD_ENDED)
		return;
	load->state = LOAD_RELEASING;
	load->outcome = OUTCOME_NONE;
	load->ended_at_ms = 0;
	load->event[0] = '\0';
}

/* One that is shown as under way; its own state says how far. */
static bool read_live(
	const struct scoreboard *board, int slot, struct load_report *out)
{
	struct scoreboard_slot copy;
	int32_t stage = atomic_load(&board->slots[slot].stage);

	if (!board_busy((enum slot_stage)stage))
		return false;
	board_read_slot(board, slot, &copy);
	*out = copy.load;
	if (copy.stage < SLOT_ANSWERING)
		show_unrecorded(out);
	return copy.load.id[0] != '\0';
}

static bool is_load(const struct scoreboard_record *record)
{
	return record->load.id[0] &&
	       (record->kind == RECORD_LOAD || record->kind == RECORD_DEATH);
}

/* Whether first[0..count) has it already: a load whose worker died while it
 * answered has two records. */
static bool is_listed(
	const struct load_report *first, int32_t count, const char *id)
{
	for (int32_t i = 0; i < count; i++) {
		if (strcmp(first[i].id, id) == 0)
			return true;
	}
	return false;
}

static int32_t read_ended(
	const struct scoreboard *board, struct load_report *out)
{
	uint64_t head = atomic_load(&board->header.ring_head);
	struct scoreboard_record record;
	int32_t count = 0;

	for (uint64_t i = head; i > 0 && i + SCOREBOARD_RING > head; i--) {
		if (scoreboard_read_record(board, i, &record) &&
			is_load(&record) &&
			!is_listed(out, count, record.load.id))
			out[count++] = record.load;
	}
	return count;
}

static int32_t read_all_live(
	const struct scoreboard *board, struct load_report *out)
{
	struct load_report load;
	int32_t count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (read_live(board, i, &load))
			out[count++] = load;
	}
	return count;
}

/* Lays live loads before the ended ones; room for all is there. */
static int32_t gather(const struct scoreboard *board, struct load_report *out)
{
	struct load_report *ended = out + SCOREBOARD_SLOTS;
	int32_t live = read_all_live(board, out);
	int32_t old = read_ended(board, ended);

	for (int32_t i = 0; i < live;) {
		if (is_listed(ended, old, out[i].id))
			out[i] = out[--live];
		else
			i++;
	}
	memmove(out + live, ended, (size_t)old * sizeof(*out));
	return live + old;
}

/* What state= asks for: who looks each second at loads under way is spared the
 * thousand that ended. */
static int32_t gather_some(const struct scoreboard *board,
	const struct param_value *state, struct load_report *out)
{
	if (!state->given)
		return gather(board, out);
	return state->integer == LISTED_BUSY ? read_all_live(board, out)
					     : read_ended(board, out);
}

int loads_list(struct http_exchange *x)
{
	size_t room = SCOREBOARD_SLOTS + SCOREBOARD_RING;
	const struct scoreboard *board = take(x);
	struct loads_report report = {0};
	struct load_report *loads;
	int result;

	if (!board)
		return -1;
	loads = calloc(room, sizeof(*loads));
	if (loads) {
		report.loads = loads;
		report.count = gather_some(
			board, params_value(&x->params, "state"), loads);
	}
	board_give(&watch_of(x)->board, board);
	if (!loads)
		return http_problem(&x->problem, 500, "No memory for the list");
	result = view_send(x, 200, &loads_view, &report);
	free(loads);
	return result;
}

static bool find_ended(
	const struct scoreboard *board, const char *id, struct load_report *out)
{
	struct search search = {.id = id, .board = board};

	search_look(&search);
	if (!search.death && !search.load)
		return false;
	*out = search.record.load;
	return true;
}

static bool find_live(
	const struct scoreboard *board, const char *id, struct load_report *out)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (strncmp(board->slots[i].load.id, id, sizeof(out->id)) ==
				0 &&
			read_live(board, i, out) && strcmp(out->id, id) == 0)
			return true;
	}
	return false;
}

/* Not in a slot any more, not in the ring yet: between the two the death waits
 * to be settled. */
static bool find_dead(
	const struct scoreboard *board, const char *id, struct load_report *out)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		struct scoreboard_slot copy;

		if (atomic_load(&board->slots[i].stage) != SLOT_DEAD)
			continue;
		board_read_slot(board, i, &copy);
		if (strcmp(copy.load.id, id) != 0)
			continue;
		*out = copy.load;
		return true;
	}
	return false;
}

int loads_show(struct http_exchange *x)
{
	const struct scoreboard *board = take(x);
	struct load_report load;
	bool found;

	if (!board)
		return -1;
	found = find_live(board, x->tail, &load) ||
		find_dead(board, x->tail, &load) ||
		find_ended(board, x->tail, &load);
	board_give(&watch_of(x)->board, board);
	if (!found)
		return http_problem(&x->problem, 404,
			"There is no load %s, or it ended too long ago; "
			"/loads lists those that are known",
			x->tail);
	return view_send(x, 200, &load_view, &load);
}
