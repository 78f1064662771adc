/* SPDX-License-Identifier: MIT */
/*
 * The events that are kept: which records are worth it, one id one event, and
 * who goes first when there is no room left.
 */
#include "watch/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct event_sources no_sources;

static struct store store;
static const struct query all = {.verdict = QUERY_ANY, .outcome = QUERY_ANY};
static const struct event_place place = {.cgroup_version = 1};

static int open_store(void **state)
{
	(void)state;
	return store_open(&store, NULL);
}

static int close_store(void **state)
{
	(void)state;
	store_close(&store);
	return 0;
}

static void make_record(struct scoreboard_record *record, enum record_kind kind,
	int number, enum load_outcome outcome)
{
	memset(record, 0, sizeof(*record));
	record->kind = kind;
	record->generation = 2;
	atomic_store(&record->sequence, (uint64_t)number);
	load_report_clear(&record->load);
	record->load.outcome = outcome;
	record->load.ended_at_ms = 1000 + number;
	if (kind == RECORD_LOAD || kind == RECORD_DEATH)
		snprintf(record->load.id, sizeof(record->load.id), "%032x",
			(unsigned)number);
	if (kind != RECORD_DEATH)
		return;
	record->death.died_at_ms = 1000 + number;
	record->death.reaped = 1;
	record->death.busy = 1;
	record->death.wait_status = SIGKILL;
	record->death.account = ACCOUNT_UNMOVED;
	record->death.after.at_ms = 1000 + number;
}

static bool add(enum record_kind kind, int number, enum load_outcome outcome)
{
	struct scoreboard_record record;
	struct event event;

	make_record(&record, kind, number, outcome);
	if (!event_make(&record, &place, &no_sources, &event))
		return false;
	store_add(&store, &event);
	return true;
}

static bool has(int number, struct event *out)
{
	char id[33];

	snprintf(id, sizeof(id), "%032x", (unsigned)number);
	return store_find(&store, id, out);
}

static void only_ends_worth_keeping_are_events(void **state)
{
	static const struct {
		enum load_outcome outcome;
		bool kept;
	} rows[] = {
		{OUTCOME_HELD, false},
		{OUTCOME_LEFT, false},
		{OUTCOME_RELEASED, false},
		{OUTCOME_BUSY, false},
		{OUTCOME_NONE, false},
		{(enum load_outcome)99, false},
		{OUTCOME_SHORT, true},
		{OUTCOME_STALLED, true},
		{OUTCOME_DISCONNECTED, true},
		{OUTCOME_REFUSED, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(add(RECORD_LOAD, (int)i + 1, rows[i].outcome),
			rows[i].kept);
	assert_true(add(RECORD_DEATH, 50, OUTCOME_KILLED));
	assert_true(add(RECORD_BYSTANDER, 51, OUTCOME_NONE));
	assert_true(add(RECORD_START, 52, OUTCOME_NONE));
}

static void a_first_start_is_no_restart(void **state)
{
	struct scoreboard_record record;
	struct event event;

	(void)state;
	make_record(&record, RECORD_START, 1, OUTCOME_NONE);
	record.generation = 1;
	assert_false(event_make(&record, &place, &no_sources, &event));
}

static void one_id_is_one_event(void **state)
{
	struct event_row rows[4];

	(void)state;
	for (int i = 0; i < 3; i++)
		add(RECORD_DEATH, 7, OUTCOME_KILLED);
	assert_int_equal(store_list(&store, &all, rows, 4), 1);
}

static void a_record_replaces_what_the_watch_concluded(void **state)
{
	struct scoreboard_record record;
	struct event concluded, found;

	(void)state;
	make_record(&record, RECORD_DEATH, 7, OUTCOME_KILLED);
	record.death.reaped = 0;
	event_conclude(&record.load, &record.death, true, &place, &no_sources,
		&concluded);
	store_add(&store, &concluded);
	assert_true(has(7, &found));
	assert_int_equal(found.row.verdict, VERDICT_LOAD_GONE);
	add(RECORD_DEATH, 7, OUTCOME_KILLED);
	assert_true(has(7, &found));
	assert_int_equal(found.row.verdict, VERDICT_SIGNAL);
	store_add(&store, &concluded); /* and not the other way round */
	assert_true(has(7, &found));
	assert_int_equal(found.row.verdict, VERDICT_SIGNAL);
}

static void what_is_no_kill_goes_first(void **state)
{
	struct event found;

	(void)state;
	for (int i = 1; i <= STORE_EVENTS; i++)
		add(i % 2 ? RECORD_DEATH : RECORD_LOAD, i,
			i % 2 ? OUTCOME_KILLED : OUTCOME_SHORT);
	add(RECORD_DEATH, 5001, OUTCOME_KILLED);
	assert_true(has(1, &found)); /* the oldest, but a kill */
	assert_false(has(2, &found));
	for (int i = 1; i < STORE_EVENTS / 2; i++)
		add(RECORD_DEATH, 6000 + i, OUTCOME_KILLED);
	assert_false(has(STORE_EVENTS, &found));
	assert_true(has(1, &found));
	add(RECORD_DEATH, 9001, OUTCOME_KILLED);
	assert_false(has(1, &found)); /* nothing but kills: the oldest */
	assert_true(has(3, &found));
}

static void the_list_is_newest_first(void **state)
{
	struct event_row rows[8];

	(void)state;
	add(RECORD_DEATH, 30, OUTCOME_KILLED);
	add(RECORD_LOAD, 10, OUTCOME_SHORT);
	add(RECORD_LOAD, 20, OUTCOME_REFUSED);
	assert_int_equal(store_list(&store, &all, rows, 8), 3);
	assert_int_equal(rows[0].at_ms, 1030);
	assert_int_equal(rows[2].at_ms, 1010);
	assert_int_equal(store_list(&store, &all, rows, 2), 2);
	assert_int_equal(rows[1].at_ms, 1020);
}

static void an_event_without_a_load_has_an_id_of_its_own(void **state)
{
	struct event_row rows[2];
	size_t length;

	(void)state;
	add(RECORD_START, 52, OUTCOME_NONE);
	add(RECORD_START, 52, OUTCOME_NONE); /* read again: the same */
	assert_int_equal(store_list(&store, &all, rows, 2), 1);
	length = strspn(rows[0].id, "0123456789abcdef");
	assert_int_equal(length, 32);
	assert_int_equal(rows[0].id[32], '\0');
	assert_int_equal(rows[0].outcome, OUTCOME_NONE);
	assert_int_equal(rows[0].kind, EVENT_RESTART);
}

static void an_idle_worker_is_no_killed_request(void **state)
{
	struct scoreboard_record record;
	struct event event;

	(void)state;
	make_record(&record, RECORD_DEATH, 8, OUTCOME_NONE);
	record.load.id[0] = '\0';
	record.death.busy = 0;
	assert_true(event_make(&record, &place, &no_sources, &event));
	assert_int_equal(event.row.kind, EVENT_IDLE);
	assert_int_equal(event.row.outcome, OUTCOME_NONE);
	assert_int_equal(event.row.verdict, VERDICT_SIGNAL);
}

static void what_the_master_ended_keeps_its_outcome(void **state)
{
	struct verdict_result result;
	struct postmortem_report report;
	struct scoreboard_record record;
	struct event event;

	(void)state;
	make_record(&record, RECORD_DEATH, 9, OUTCOME_STALLED);
	record.death.ended_by_master = 1;
	assert_true(event_make(&record, &place, &no_sources, &event));
	assert_int_equal(event.row.kind, EVENT_ENDED);
	assert_int_equal(event.row.outcome, OUTCOME_STALLED);
	assert_int_equal(event.row.verdict, -1);
	event_report(&event, &result, &report);
	assert_int_equal(report.status, 503);
	assert_string_equal(report.type, "/help#stalled");
}

static void a_death_nobody_settled_is_load_gone(void **state)
{
	struct scoreboard_record record;
	struct event event;

	(void)state;
	make_record(&record, RECORD_DEATH, 10, OUTCOME_KILLED);
	record.death.after.at_ms = 0;
	record.death.account = ACCOUNT_UNREADABLE;
	assert_true(event_make(&record, &place, &no_sources, &event));
	assert_int_equal(event.row.verdict, VERDICT_LOAD_GONE);
	assert_int_equal(event.row.certainty, CERTAINTY_LIKELY);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_ends_worth_keeping_are_events),
		TEST(a_first_start_is_no_restart),
		TEST(one_id_is_one_event),
		TEST(a_record_replaces_what_the_watch_concluded),
		TEST(what_is_no_kill_goes_first),
		TEST(the_list_is_newest_first),
		TEST(an_event_without_a_load_has_an_id_of_its_own),
		TEST(an_idle_worker_is_no_killed_request),
		TEST(what_the_master_ended_keeps_its_outcome),
		TEST(a_death_nobody_settled_is_load_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
