/* SPDX-License-Identifier: MIT */
/*
 * Events in the database: they outlive the watch to the byte, and are listed
 * as memory lists them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event_house.h"
#include "evidence/verdict.h"
#include "watch/archive.h"
#include "watch/pack.h"

static struct event_row rows[ARCHIVE_EVENTS + 1];

static int list(const struct query *query, int max)
{
	return store_list(&store, query, rows, max);
}

static void bytes_are_read_as_they_were_written(void **state)
{
	unsigned char bytes[PACK_MAX];
	struct event event, back;
	size_t length;

	(void)state;
	make_event(7, true, &event);
	length = pack_write(&event, bytes);
	assert_in_range(length, 100, 4000);
	assert_true(pack_read(bytes, length, &back));
	assert_memory_equal(&back, &event, sizeof(event));
	for (size_t i = 0; i < length; i++) { /* one bit anywhere */
		bytes[i] ^= 4;
		assert_false(pack_read(bytes, length, &back));
		bytes[i] ^= 4;
		assert_false(pack_read(bytes, i, &back));
	}
	memset(&event.record, 0xa5, sizeof(event.record)); /* no run at all */
	length = pack_write(&event, bytes);
	assert_in_range(length, 1, PACK_MAX);
	assert_true(pack_read(bytes, length, &back));
	assert_memory_equal(&back, &event, sizeof(event));
}

static void events_outlive_the_watch(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		add(i, i % 3);
	assert_true(keeper_round(&store));
	store_again();
	for (int i = 0; i < 100; i++)
		assert_is(i, i % 3);
	for (int i = 0; i < 100; i++)
		add(i, i % 3); /* the ring, read again */
	assert_int_equal(list(&all, 1000), 100);
	assert_true(keeper_round(&store));
	assert_int_equal(list(&all, 1000), 100);
}

static void a_record_replaces_a_conclusion_of_an_earlier_life(void **state)
{
	struct event record, event, found;

	(void)state;
	make_event(7, true, &record);
	record.record.death.reaped = 0;
	event_conclude(&record.record.load, &record.record.death, true,
		&record.place, &no_sources, &event);
	store_add(&store, &event);
	assert_true(keeper_round(&store));
	store_again();
	assert_true(has(7, &found));
	assert_int_equal(found.row.verdict, VERDICT_LOAD_GONE);
	add(7, true);
	assert_is(7, true); /* at once */
	assert_true(keeper_round(&store));
	store_again();
	assert_is(7, true);
	store_add(&store, &event); /* and not the other way round */
	assert_true(keeper_round(&store));
	assert_is(7, true);
	store_again();
	assert_is(7, true);
	assert_int_equal(list(&all, 10), 1);
}

static void ten_thousand_are_kept_and_kills_longest(void **state)
{
	struct event found;

	(void)state;
	for (int i = 1; i <= ARCHIVE_EVENTS + 5; i++) {
		add(i, i % 2);
		if (i % 500 == 0)
			assert_true(keeper_round(&store));
	}
	assert_true(keeper_round(&store));
	store_again(); /* nothing is in memory */
	assert_int_equal(list(&all, ARCHIVE_EVENTS + 1), ARCHIVE_EVENTS);
	for (int i = 1; i <= 10; i++)
		assert_int_equal(has(i, &found), i % 2);
	assert_true(has(12, &found));
	for (int i = 0; i < ARCHIVE_EVENTS; i += 500) {
		for (int j = 0; j < 500; j++)
			add(20000 + i + j, true);
		assert_true(keeper_round(&store));
	}
	store_again();
	assert_int_equal(list(&all, ARCHIVE_EVENTS + 1), ARCHIVE_EVENTS);
	assert_false(has(10001, &found)); /* nothing but kills: the oldest */
	assert_is(20000, true);
}

/* What a list must have, worked out in the plainest way. */
static void assert_lists(const struct query *query, int events)
{
	struct event event;
	int expected = 0;

	for (int i = events - 1; i >= 0; i--) {
		make_event(i, i % 3, &event);
		if (query_has(query, &event.row))
			assert_string_equal(rows[expected++].id, event.row.id);
	}
	assert_int_equal(list(query, 1000), expected);
}

static void memory_and_database_list_the_same(void **state)
{
	const struct query queries[] = {
		all,
		{.since_ms = 1000050, .verdict = -1, .outcome = -1},
		{.verdict = VERDICT_SIGNAL, .outcome = -1},
		{.verdict = VERDICT_OOM, .outcome = -1},
		{.verdict = -1, .outcome = OUTCOME_SHORT},
		{.verdict = VERDICT_SIGNAL, .outcome = OUTCOME_SHORT},
		{0, -1, OUTCOME_KILLED, 1000050,
			"00000000000000000000000000000032"},
		{.verdict = -1,
			.outcome = -1,
			.before_ms = 1000050,
			.before_id = "00000000000000000000000000000033"},
	};

	(void)state;
	for (int i = 0; i < 60; i++)
		add(i, i % 3);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]);
			i++) {
			list(&queries[i], 1000);
			assert_lists(&queries[i], 60 + 40 * (round == 1));
		}
		if (round == 0) { /* half here, half there */
			assert_true(keeper_round(&store));
			for (int i = 60; i < 100; i++)
				add(i, i % 3);
		} else if (round == 1) {
			run_sql("DELETE FROM events WHERE at_ms >= 1000060");
			store_close(&store);
			store_begin();
			assert_true(keeper_round(&store));
		}
	}
}

static void pages_are_stable_while_events_arrive(void **state)
{
	struct query query = all;
	int seen = 0, count;

	(void)state;
	for (int i = 0; i < 50; i++)
		add(i, true);
	assert_true(keeper_round(&store));
	while ((count = list(&query, 7)) > 0) {
		struct event event;

		for (int i = 0; i < count; i++, seen++) {
			make_event(49 - seen, true, &event);
			assert_string_equal(rows[i].id, event.row.id);
		}
		query.before_ms = rows[count - 1].at_ms;
		strcpy(query.before_id, rows[count - 1].id);
		add(100 + seen, true);
		assert_true(keeper_round(&store));
	}
	assert_int_equal(seen, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_read_as_they_were_written),
		HOUSE(events_outlive_the_watch),
		HOUSE(a_record_replaces_a_conclusion_of_an_earlier_life),
		HOUSE(ten_thousand_are_kept_and_kills_longest),
		HOUSE(memory_and_database_list_the_same),
		HOUSE(pages_are_stable_while_events_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
