/* SPDX-License-Identifier: MIT */
/*
 * What is counted: each kill once under each verdict, each load once, across
 * restarts, failing disks and files that come and go; and no count that was
 * shown ever goes back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "event_house.h"
#include "faulty_vfs.h"
#include "watch/archive.h"

static int64_t kills(enum verdict verdict)
{
	struct store_sums sums;

	store_sums(&store, &sums);
	return sums.known ? sums.events[verdict] : -1;
}

static int64_t loads(enum load_outcome outcome)
{
	struct store_sums sums;

	store_sums(&store, &sums);
	return sums.loads_known ? sums.loads[outcome] : -1;
}

/* The kill of a number, as the watch concludes it before it is recorded. */
static void conclude(int number)
{
	struct event record, event;

	make_event(number, true, &record);
	record.record.death.reaped = 0;
	event_conclude(&record.record.load, &record.record.death, true,
		&record.place, &no_sources, &event);
	store_add(&store, &event);
}

static int quiet_stderr(void)
{
	int saved = dup(STDERR_FILENO);

	(void)!freopen("/dev/null", "w", stderr);
	return saved;
}

static void loud_stderr(int saved)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

static void round_fails(void)
{
	int saved = quiet_stderr();

	assert_false(keeper_round(&store));
	loud_stderr(saved);
}

static void round_works(void)
{
	int saved = quiet_stderr(); /* what it moves aside it tells */

	assert_true(keeper_round(&store));
	loud_stderr(saved);
}

static void a_kill_counts_once_however_often_it_is_read(void **state)
{
	(void)state;
	assert_int_equal(kills(VERDICT_SIGNAL), -1); /* not asked yet */
	for (int i = 0; i < 100; i++)
		add(i, i % 4 != 0);
	round_works();
	assert_int_equal(kills(VERDICT_SIGNAL), 75);
	for (int life = 0; life < 3; life++) {
		store_again();
		assert_int_equal(kills(VERDICT_SIGNAL), 75);
		for (int i = 0; i < 100; i++)
			add(i, i % 4 != 0); /* the ring, read again */
		assert_int_equal(kills(VERDICT_SIGNAL), 75);
		round_works();
		assert_int_equal(kills(VERDICT_SIGNAL), 75);
	}
}

static void a_better_verdict_counts_as_well_and_each_once(void **state)
{
	(void)state;
	conclude(7);
	round_works();
	assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
	add(7, true);
	round_works();
	for (int life = 0; life < 2; life++) {
		assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
		assert_int_equal(kills(VERDICT_SIGNAL), 1);
		store_again();
		add(7, true);
		round_works();
	}
	conclude(8); /* bettered before it is written: never was a verdict */
	add(8, true);
	round_works();
	assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
	assert_int_equal(kills(VERDICT_SIGNAL), 2);
}

static void what_makes_room_stays_counted(void **state)
{
	(void)state;
	for (int i = 0; i < ARCHIVE_EVENTS + 500; i++) {
		add(i, true);
		if (i % 500 == 0)
			round_works();
	}
	round_works();
	assert_int_equal(kills(VERDICT_SIGNAL), ARCHIVE_EVENTS + 500);
	store_again();
	assert_int_equal(kills(VERDICT_SIGNAL), ARCHIVE_EVENTS + 500);
	assert_int_equal(store.counts.kept, ARCHIVE_EVENTS);
}

static void memory_counts_while_the_disk_fails(void **state)
{
	(void)state;
	faulty_install();
	store_close(&store);
	store_begin();
	for (int i = 0; i < 10; i++)
		add(i, true);
	round_works();
	faulty = (struct faulty){1, true, SQLITE_FULL, 0};
	for (int i = 10; i < 15; i++)
		add(i, true);
	conclude(15);
	round_fails();
	assert_int_equal(kills(VERDICT_SIGNAL), 15);
	assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
	add(15, true); /* the verdict before was shown: it stays */
	round_fails();
	assert_int_equal(kills(VERDICT_SIGNAL), 16);
	assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
	for (int i = 100; i < 100 + STORE_EVENTS; i++)
		add(i, true); /* more than memory has room for */
	round_fails();
	assert_int_equal(kills(VERDICT_SIGNAL), 16 + STORE_EVENTS);
	faulty.countdown = 0;
	round_works();
	for (int life = 0; life < 2; life++) {
		assert_int_equal(kills(VERDICT_SIGNAL), 16 + STORE_EVENTS);
		assert_int_equal(kills(VERDICT_LOAD_GONE), 1);
		store_again();
	}
}

static void a_file_that_is_taken_away_takes_no_count_along(void **state)
{
	char path[96];

	(void)state;
	for (int i = 0; i < 20; i++)
		add(i, true);
	round_works();
	(void)snprintf(path, sizeof(path), "%s/" DATABASE_FILE, state_dir);
	assert_int_equal(unlink(path), 0);
	add(20, true);
	round_works();
	for (int life = 0; life < 2; life++) {
		assert_int_equal(kills(VERDICT_SIGNAL), 21);
		store_again();
	}
}

/* Unreadable when the watch started: its counts begin at nothing, and what is
 * found later must not look like kills of now. */
static void what_is_learned_late_is_no_leap(void **state)
{
	char path[96];

	(void)state;
	for (int i = 0; i < 20; i++)
		add(i, true);
	round_works();
	store_close(&store);
	(void)snprintf(path, sizeof(path), "%s/" DATABASE_FILE, state_dir);
	assert_int_equal(rename(path, "/tmp/oomlab-test-away"), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	store_begin();
	for (int i = 15; i < 25; i++)
		add(i, true); /* five of them are in the file that is away */
	round_fails();
	assert_int_equal(kills(VERDICT_SIGNAL), 10);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename("/tmp/oomlab-test-away", path), 0);
	round_works();
	assert_int_equal(kills(VERDICT_SIGNAL), 10);
	add(30, true);
	round_works();
	assert_int_equal(kills(VERDICT_SIGNAL), 11);
	store_again();
	assert_int_equal(kills(VERDICT_SIGNAL), 26);
}

/* Another program's now, or a later version's: moved aside and read. */
static void what_is_moved_aside_leaves_its_counts(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		add(i, true);
	round_works();
	run_sql("UPDATE event_counts SET events = 500;" /* made room long ago */
		"PRAGMA user_version = 99");
	store.counts.saved[VERDICT_SIGNAL] = 500;
	store.suspect = true; /* as a reader found it */
	add(20, true);
	round_works();
	assert_int_equal(store.health.aside_count, 1);
	assert_int_equal(kills(VERDICT_SIGNAL), 501);
	store_close(&store);
	run_sql("PRAGMA user_version = 99");
	store_begin();
	add(20, true);
	add(21, true);
	round_works();
	assert_int_equal(store.health.aside_count, 1);
	assert_int_equal(kills(VERDICT_SIGNAL), 502);
}

static void without_a_database_memory_counts(void **state)
{
	(void)state;
	store_close(&store);
	assert_int_equal(store_open(&store, NULL), 0);
	for (int i = 0; i < 2 * STORE_EVENTS; i++)
		add(i, i % 2);
	assert_int_equal(kills(VERDICT_SIGNAL), STORE_EVENTS);
}

static void an_older_database_is_counted_when_it_is_met(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++)
		add(i, i % 3 != 0);
	round_works();
	store_close(&store);
	run_sql("DROP TABLE samples; DROP TRIGGER event_added; DROP TRIGGER "
		"event_changed;"
		"DROP TRIGGER event_removed; DROP TABLE event_counts;"
		"DROP TABLE events_counted; DROP TABLE load_counts;"
		"PRAGMA user_version=1");
	store_begin();
	round_works();
	assert_int_equal(kills(VERDICT_SIGNAL), 6);
}

/* A header as load's master writes it. */
static void see(
	uint64_t generation, uint64_t head, int64_t held, int64_t killed)
{
	static struct scoreboard_header header;

	memset(&header, 0, sizeof(header));
	atomic_store(&header.generation, generation);
	atomic_store(&header.ring_head, head);
	header.pool.loads[OUTCOME_HELD] = held;
	header.pool.loads[OUTCOME_KILLED] = killed;
	store_note_loads(&store, &header);
}

static void loads_add_up_over_masters_and_scoreboards(void **state)
{
	(void)state;
	round_works();
	see(1, 6, 3, 2);
	see(2, 10, 5, 4); /* the next master goes on */
	assert_int_equal(loads(OUTCOME_HELD), 5);
	see(1, 2, 1, 0); /* another file */
	assert_int_equal(loads(OUTCOME_HELD), 6);
	assert_int_equal(loads(OUTCOME_KILLED), 4);
	see(1, 2, 1, 0);
	assert_int_equal(loads(OUTCOME_HELD), 6);
	assert_int_equal(loads(OUTCOME_SHORT), 0);
}

static void loads_outlive_the_watch(void **state)
{
	(void)state;
	round_works();
	see(1, 6, 3, 2);
	round_works();
	store_again();
	assert_int_equal(loads(OUTCOME_HELD), 3);
	see(1, 9, 6, 2); /* three while no watch ran */
	assert_int_equal(loads(OUTCOME_HELD), 6);
	round_works();
	store_close(&store);
	store_begin();
	see(1, 3, 1, 1); /* seen before the database is: another file */
	assert_true(keeper_round(&store));
	assert_int_equal(loads(OUTCOME_HELD), 7);
	assert_int_equal(loads(OUTCOME_KILLED), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(a_kill_counts_once_however_often_it_is_read),
		HOUSE(a_better_verdict_counts_as_well_and_each_once),
		HOUSE(what_makes_room_stays_counted),
		HOUSE(memory_counts_while_the_disk_fails),
		HOUSE(a_file_that_is_taken_away_takes_no_count_along),
		HOUSE(what_is_learned_late_is_no_leap),
		HOUSE(what_is_moved_aside_leaves_its_counts),
		HOUSE(without_a_database_memory_counts),
		HOUSE(an_older_database_is_counted_when_it_is_met),
		HOUSE(loads_add_up_over_masters_and_scoreboards),
		HOUSE(loads_outlive_the_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
