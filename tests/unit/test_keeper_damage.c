/* SPDX-License-Identifier: MIT */
/*
 * What another version wrote is misread by nobody, and a bad file costs what
 * is on its bad pages and memory has not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>

#include "event_house.h"

static struct event_row rows[1000];

static int list(const struct query *query, int max)
{
	return store_list(&store, query, rows, max);
}

/* Databases that were moved aside, their logs not counted. */
static int count_aside(void)
{
	DIR *directory = opendir(state_dir);
	const struct dirent *entry;
	int count = 0;

	while ((entry = readdir(directory)))
		count += strstr(entry->d_name, ".damaged-") &&
			 entry->d_name[strlen(entry->d_name) - 1] == 'Z';
	closedir(directory);
	return count;
}

/* Event 7 is in the database, which somebody then changes behind the store's
 * back. */
static void change_it(const char *sql)
{
	add(7, true);
	assert_true(keeper_round(&store));
	store_close(&store);
	run_sql(sql);
	store_begin();
	assert_true(keeper_round(&store));
}

static void what_another_version_kept_is_listed_and_says_so(void **state)
{
	static const char *const changes[] = {
		"UPDATE events SET layout = layout + 1",
		"UPDATE events SET size = size + 8",
		"UPDATE events SET record = substr(record, 1, 200)",
		"UPDATE events SET record = NULL",
		"UPDATE events SET record = zeroblob(length(record))",
		"UPDATE events SET layout = 7, verdict = 'by-comet'",
	};
	struct verdict_result result;
	struct postmortem_report report;
	struct event event, found;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		change_it(changes[i]);
		make_event(7, true, &event);
		assert_true(has(7, &found));
		assert_true(found.row_alone);
		assert_string_equal(found.row.detail, event.row.detail);
		assert_int_equal(found.row.at_ms, event.row.at_ms);
		assert_int_equal(list(&all, 10), 1);
		event_report(&found, &result, &report);
		assert_int_equal(report.unreadable_count, 1);
		assert_int_equal(report.status, 502);
		assert_string_equal(report.load.id, event.row.id);
		assert_non_null(strstr(report.next, "another version"));
		assert_int_equal(store.health.aside_count, 0);
		add(7, true); /* the record is still in the ring */
		assert_is(7, true);
		assert_true(keeper_round(&store));
		store_again();
		assert_is(7, true);
		store_close(&store);
		run_sql("DELETE FROM events");
		store_begin();
	}
}

static void what_is_not_ours_is_moved_aside(void **state)
{
	static const char *const changes[] = {
		"PRAGMA user_version = 99",
		"PRAGMA application_id = 1",
		"DROP TABLE events; CREATE TABLE mine (x);"
		"PRAGMA application_id = 0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		change_it(changes[i]);
		assert_int_equal(store.health.aside_count, 1);
		assert_int_equal(count_aside(), i + 1);
		add(8, true);
		assert_true(keeper_round(&store));
		assert_is(8, true);
	}
}

static void spoil(off_t at, size_t length, off_t cut)
{
	unsigned char noise[8192];
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/" DATABASE_FILE, state_dir);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)(i * 167 + 13);
	assert_int_equal(pwrite(fd, noise, length, at), length);
	if (cut > 0)
		assert_int_equal(ftruncate(fd, cut), 0);
	close(fd);
}

/* Whatever is done to the file while nobody has it open. */
static void a_damaged_file_is_moved_aside(void **state)
{
	static const struct {
		const char *what;
		off_t at;
		size_t length;
		off_t cut;
		int rescued; /* of 300, at least */
	} cases[] = {
		{"header", 0, 100, 0, 0},
		{"first page", 100, 3000, 0, 0},
		{"middle", 8192 * 20, 8192, 0, 100},
		{"cut short", 0, 0, 4096 * 60, 10},
		{"cut in mid-page", 0, 0, 4096 * 60 + 100, 10},
		{"nothing but noise", 0, 8192, 8192, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rescued;

		for (int j = 0; j < 300; j++)
			add(j, true);
		assert_true(keeper_round(&store));
		store_close(&store);
		spoil(cases[i].at, cases[i].length, cases[i].cut);
		store_begin();
		assert_true(keeper_round(&store));
		assert_int_equal(store.health.aside_count, 1);
		assert_int_equal(count_aside(), 1);
		rescued = list(&all, 1000);
		if (rescued < cases[i].rescued)
			fail_msg("%s: %d", cases[i].what, rescued);
		for (int j = 0; j < 300; j++)
			add(j, true); /* of the ring */
		assert_true(keeper_round(&store));
		store_again();
		assert_int_equal(store.health.aside_count, 0);
		assert_int_equal(list(&all, 1000), 300);
		for (int j = 0; j < 300; j++)
			assert_is(j, true);
		house_close(state);
		house_open(state);
	}
}

/* Under the watch's hands: all that memory has is written again. */
static void damage_in_mid_life_costs_nothing_that_memory_has(void **state)
{
	for (int cut = 0; cut < 2; cut++) {
		for (int i = 0; i < 300; i++)
			add(i, true);
		assert_true(keeper_round(&store));
		sqlite3_wal_checkpoint_v2(store.writer, NULL,
			SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		spoil(4096, 8192, cut ? 4096 * 5 : 0);
		sqlite3_db_release_memory(store.writer);
		sqlite3_db_release_memory(store.reader);
		for (int i = 300; i < 310; i++)
			add(i, true);
		list(&all, 1000); /* a reader may meet it first */
		assert_true(keeper_round(&store));
		for (int i = 0; i < 310; i++)
			assert_is(i, true);
		assert_true(keeper_round(&store));
		store_again();
		assert_int_equal(list(&all, 1000), 310);
		assert_int_equal(count_aside() > 0, 1);
		house_close(state);
		house_open(state);
	}
}

static void a_file_that_was_removed_is_made_again(void **state)
{
	char command[128];

	(void)state;
	for (int i = 0; i < 50; i++)
		add(i, true);
	assert_true(keeper_round(&store));
	(void)snprintf(command, sizeof(command), "rm %s/*", state_dir);
	assert_int_equal(system(command), 0);
	add(50, true);
	assert_true(keeper_round(&store));
	store_again();
	assert_int_equal(list(&all, 1000), 51);
	assert_int_equal(count_aside(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(what_another_version_kept_is_listed_and_says_so),
		HOUSE(what_is_not_ours_is_moved_aside),
		HOUSE(a_damaged_file_is_moved_aside),
		HOUSE(damage_in_mid_life_costs_nothing_that_memory_has),
		HOUSE(a_file_that_was_removed_is_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
