/* SPDX-License-Identifier: MIT */
/*
 * Samples from memory and database as one list: whole, in order, none twice,
 * each kill with the sample behind it; what an hour later is left of them.
 */
#include "watch/sample_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "event_house.h"
#include "watch/kills.h"
#include "watch/sample_archive.h"
#include "watch/sample_pack.h"

#define SECOND 1000
#define TENTH  100
#define HOUR   3600000
#define MIB    (INT64_C(1) << 20)

static int64_t base; /* a whole 10 s, less than an hour ago: not thinned */

static int begin(void **state)
{
	base = scoreboard_now_ms() - HOUR + 60 * SECOND;
	base -= base % (10 * SECOND);
	return house_open(state);
}

static void put_at(
	int64_t at_ms, int64_t usage_bytes, int64_t available_bytes, bool late)
{
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample sample;

	sample_clear(&sample);
	sample.cgroup.usage_bytes = usage_bytes;
	sample.host.memory.available_bytes = available_bytes;
	samples_put(&store.samples, at_ms, bytes, sample_pack(&sample, bytes),
		late);
}

static void put_every(int64_t step_ms, int64_t from_ms, int count)
{
	for (int i = 0; i < count; i++)
		put_at(from_ms + i * step_ms, MIB, MIB, false);
}

#define put_seconds(from_ms, count) put_every(SECOND, from_ms, count)
#define put_tenths(from_ms, count)  put_every(TENTH, from_ms, count)

static void kill_at(int number, int64_t at_ms)
{
	struct event event;

	make_event(number, true, &event);
	event.row.at_ms = at_ms;
	store_add(&store, &event);
}

struct seen {
	int count;
	int kills;
	int64_t first_ms, last_ms;
};

static struct seen read_all(int64_t from_ms, int64_t to_ms, int64_t step_ms)
{
	struct sample_query query = {from_ms, to_ms, step_ms};
	struct sample_reader *reader = sample_reader_open(&store, &query);
	const struct sample *sample;
	struct seen seen = {0};

	assert_non_null(reader);
	while ((sample = sample_reader_next(reader))) {
		assert_true(sample->at_ms > seen.last_ms);
		for (int32_t i = 0; i < sample->kill_count; i++)
			assert_in_range(sample->kills[i].at_ms,
				seen.count ? seen.last_ms + 1 : from_ms,
				step_ms ? to_ms : sample->at_ms);
		if (seen.count++ == 0)
			seen.first_ms = sample->at_ms;
		seen.last_ms = sample->at_ms;
		seen.kills += sample->kill_count;
	}
	sample_reader_close(reader);
	return seen;
}

static void before_and_after_a_restart_is_one_list(void **state)
{
	struct seen seen;

	(void)state;
	put_seconds(base, 600);
	assert_true(keeper_round(&store));
	store_again();
	put_seconds(base + 600 * SECOND, 600);
	seen = read_all(base, base + 1199 * SECOND, 0);
	assert_int_equal(seen.count, 1200);
	assert_int_equal(seen.first_ms, base);
	assert_int_equal(seen.last_ms, base + 1199 * SECOND);
	seen = read_all(base + 599 * SECOND, base + 600 * SECOND, 0);
	assert_int_equal(seen.count, 2);
	assert_int_equal(
		sample_reader_count(&store,
			&(struct sample_query){base, base + 1199 * SECOND, 0}),
		1200);
}

/* What a death brings late lies in memory and in the database both. */
static void what_came_late_is_there_once(void **state)
{
	struct seen seen;

	(void)state;
	put_seconds(base, 10);
	assert_true(keeper_round(&store));
	store_again();
	put_at(base + 4 * SECOND, MIB, MIB, true); /* known already */
	put_at(base + 4 * SECOND + 500, MIB, MIB, true);
	put_seconds(base + 20 * SECOND, 5);
	assert_true(keeper_round(&store));
	seen = read_all(0, base + 1000 * SECOND, 0);
	assert_int_equal(seen.count, 16);
}

/* Memory forgets its oldest while somebody reads on slowly. */
static void a_slow_reader_misses_none(void **state)
{
	struct sample_query query = {0, INT64_MAX / 2, 0};
	struct sample_reader *reader;
	int64_t last_ms, count = 1;

	(void)state;
	put_tenths(base, SAMPLES_KEPT);
	assert_true(keeper_round(&store));
	reader = sample_reader_open(&store, &query);
	last_ms = sample_reader_next(reader)->at_ms;
	put_tenths(base + SAMPLES_KEPT * TENTH, SAMPLES_KEPT / 2);
	assert_true(keeper_round(&store));
	for (const struct sample *sample; (sample = sample_reader_next(reader));
		count++) {
		assert_int_equal(sample->at_ms, last_ms + TENTH);
		last_ms = sample->at_ms;
	}
	sample_reader_close(reader);
	assert_int_equal(count, SAMPLES_KEPT + SAMPLES_KEPT / 2);
}

static void a_kill_stands_with_the_sample_behind_it(void **state)
{
	struct seen seen;

	(void)state;
	put_seconds(base, 100);
	for (int i = 0; i < 90; i++)
		kill_at(i, base + i * 1001 + 7);
	assert_int_equal(read_all(0, base + 1000 * SECOND, 0).kills, 90);
	assert_true(keeper_round(&store)); /* now the database has them */
	assert_int_equal(read_all(0, base + 1000 * SECOND, 0).kills, 90);
	store_again();
	seen = read_all(0, base + 1000 * SECOND, 0);
	assert_int_equal(seen.kills, 90);
	assert_int_equal(seen.count, 100);
	assert_int_equal(
		read_all(0, base + 1000 * SECOND, 30 * SECOND).kills, 90);
}

static void of_a_step_the_highest_is_shown(void **state)
{
	struct sample_query query = {0, base + 1000 * SECOND, 10 * SECOND};
	struct sample_reader *reader;
	const struct sample *sample;

	(void)state;
	for (int i = 0; i < 20; i++)
		put_at(base + i * SECOND, i == 13 ? 9 * MIB : MIB, MIB, false);
	reader = sample_reader_open(&store, &query);
	sample = sample_reader_next(reader);
	assert_int_equal(sample->at_ms, base);
	sample = sample_reader_next(reader);
	assert_int_equal(sample->at_ms, base + 13 * SECOND);
	assert_int_equal(sample->cgroup.usage_bytes, 9 * MIB);
	assert_null(sample_reader_next(reader));
	sample_reader_close(reader);
}

static bool kept(int64_t at_ms)
{
	return read_all(at_ms, at_ms, 0).count == 1;
}

/* An hour and more ago, of each ten seconds: the first, the peak, the trough,
 * and the two at a kill. A second time it changes nothing. */
static void thinning_keeps_peaks_and_kills(void **state)
{
	int64_t old = base - HOUR, thinned_ms = 0;
	int64_t now_ms = base + HOUR;
	struct database_fault fault;

	(void)state;
	for (int i = 0; i < 7200; i++)
		put_at(old + i * SECOND, i == 37 ? 9 * MIB : MIB,
			i == 44 ? 1 : MIB, false);
	kill_at(1, old + 65 * SECOND + 500);
	assert_true(keeper_round(&store));
	for (int round = 0; round < 2; round++) {
		assert_int_equal(
			sample_archive_tidy(store.writer, now_ms,
				24 * (int64_t)HOUR, &thinned_ms, &fault),
			0);
		thinned_ms = 0;
	}
	store_again();
	assert_true(kept(old) && kept(old + 10 * SECOND));
	assert_true(kept(old + 37 * SECOND) && kept(old + 44 * SECOND));
	assert_true(kept(old + 65 * SECOND) && kept(old + 66 * SECOND));
	assert_false(kept(old + 36 * SECOND) || kept(old + 67 * SECOND));
	assert_int_equal(read_all(old, old + HOUR - 1, 0).count, 360 + 4);
	assert_int_equal(read_all(old + HOUR, old + 2 * HOUR, 0).count, 3600);
	assert_int_equal(read_all(old, old + HOUR, 0).kills, 1);
}

static void what_is_too_old_goes(void **state)
{
	struct database_fault fault;
	int64_t thinned_ms = 0;

	(void)state;
	put_seconds(base, 100);
	assert_true(keeper_round(&store));
	assert_int_equal(sample_archive_tidy(store.writer, base + 100 * SECOND,
				 60 * SECOND, &thinned_ms, &fault),
		0);
	store_again();
	assert_int_equal(read_all(0, base + 1000 * SECOND, 0).first_ms,
		base + 40 * SECOND);
}

static void what_is_older_than_kept_is_not_read(void **state)
{
	(void)state;
	put_seconds(base, 600);
	store.keep_ms = scoreboard_now_ms() - (base + 300 * SECOND);
	assert_in_range(read_all(0, base + HOUR, 0).count, 298, 300);
	assert_in_range(sample_reader_count(&store,
				&(struct sample_query){0, base + HOUR, 0}),
		298, 300);
}

static void without_a_database_memory_serves(void **state)
{
	(void)state;
	store_close(&store);
	assert_int_equal(store_open(&store, NULL), 0);
	put_seconds(base, 10);
	kill_at(1, base + 3 * SECOND + 1);
	assert_int_equal(read_all(0, base + 1000 * SECOND, 0).count, 10);
	assert_int_equal(read_all(0, base + 1000 * SECOND, 0).kills, 1);
}

static void too_many_are_counted_no_further(void **state)
{
	(void)state;
	put_tenths(base, SAMPLES_MOST + 500);
	assert_true(keeper_round(&store));
	store_again();
	assert_int_equal(sample_reader_count(&store,
				 &(struct sample_query){0, INT64_MAX / 2, 0}),
		SAMPLES_MOST + 1);
	assert_in_range(sample_reader_count(&store,
				&(struct sample_query){base,
					base + 5500 * SECOND, 10 * SECOND}),
		55, 56);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(before_and_after_a_restart_is_one_list),
		TEST(what_came_late_is_there_once),
		TEST(a_slow_reader_misses_none),
		TEST(a_kill_stands_with_the_sample_behind_it),
		TEST(of_a_step_the_highest_is_shown),
		TEST(thinning_keeps_peaks_and_kills),
		TEST(what_is_too_old_goes),
		TEST(what_is_older_than_kept_is_not_read),
		TEST(without_a_database_memory_serves),
		TEST(too_many_are_counted_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
