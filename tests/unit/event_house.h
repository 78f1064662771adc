/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_EVENT_HOUSE_H
#define OOMLAB_TESTS_EVENT_HOUSE_H

/*
 * A store on a directory of its own, without the keeper's thread: a test takes
 * its rounds itself. Include after cmocka.h.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "watch/keeper.h"

static const struct event_sources no_sources;

static struct store store;
static char state_dir[64];
static const struct query all = {.verdict = QUERY_ANY, .outcome = QUERY_ANY};

static inline void store_begin(void)
{
	assert_int_equal(store_open(&store, state_dir), 0);
}

/* As after a restart of the watch. */
static inline void store_again(void)
{
	store_close(&store);
	store_begin();
	assert_true(keeper_round(&store));
}

static inline int house_open(void **state)
{
	(void)state;
	strcpy(state_dir, "/tmp/oomlab-test-XXXXXX");
	if (!mkdtemp(state_dir))
		return -1;
	store_begin();
	return 0;
}

static inline int house_close(void **state)
{
	char command[128];

	(void)state;
	store_close(&store);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", state_dir);
	return system(command);
}

/* The event of a request: killed by a signal, or ended short. */
static inline void make_event(int number, bool kill, struct event *event)
{
	static const struct event_place place = {.cgroup_version = 1,
		.level_count = 1,
		.levels = {{"/lab", "/sys/fs/cgroup/memory/lab"}}};
	struct scoreboard_record record;

	memset(&record, 0, sizeof(record));
	record.kind = kill ? RECORD_DEATH : RECORD_LOAD;
	record.generation = 2;
	atomic_store(&record.sequence, (uint64_t)number + 1);
	load_report_clear(&record.load);
	record.load.outcome = kill ? OUTCOME_KILLED : OUTCOME_SHORT;
	record.load.requested_bytes = 1000 + number;
	record.load.ended_at_ms = 1000000 + number;
	snprintf(record.load.id, sizeof(record.load.id), "%032x",
		(unsigned)number);
	if (kill) {
		record.death.died_at_ms = 1000000 + number;
		record.death.reaped = record.death.busy = 1;
		record.death.wait_status = SIGKILL;
		record.death.account = ACCOUNT_UNMOVED;
		record.death.after.at_ms = 1000000 + number;
	}
	assert_true(event_make(&record, &place, &no_sources, event));
}

static inline void add(int number, bool kill)
{
	struct event event;

	make_event(number, kill, &event);
	store_add(&store, &event);
}

static inline bool has(int number, struct event *out)
{
	char id[33];

	snprintf(id, sizeof(id), "%032x", (unsigned)number);
	return store_find(&store, id, out);
}

static inline void assert_is(int number, bool kill)
{
	struct event event, found;

	make_event(number, kill, &event);
	if (!has(number, &found))
		fail_msg("event %d is not there", number);
	assert_memory_equal(&found, &event, sizeof(event));
}

/* By somebody else, while no store has it open. */
static inline void run_sql(const char *sql)
{
	char path[96];
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/" DATABASE_FILE, state_dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

#define HOUSE(test)                                                            \
	cmocka_unit_test_setup_teardown(test, house_open, house_close)

#endif
