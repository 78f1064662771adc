/* SPDX-License-Identifier: MIT */
/*
 * Samples in memory: as bytes and back, in the order of their time, and within
 * their bounds whatever comes.
 */
#include "watch/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watch/sample_pack.h"

static struct samples samples;
static _Alignas(8) char list[1 << 20];

static int begin(void **state)
{
	(void)state;
	return samples_open(&samples);
}

static int end(void **state)
{
	(void)state;
	samples_close(&samples);
	return 0;
}

/* Times of a list of that size; each sample is to be its own time's text. */
static int times(size_t size, int64_t *out, int max)
{
	int count = 0;

	for (size_t at = 0; at < size && count < max;) {
		const struct packed_sample *one = (const void *)(list + at);
		char text[32];

		(void)snprintf(
			text, sizeof(text), "%lld", (long long)one->at_ms);
		assert_memory_equal(one->bytes, text, strlen(text));
		out[count++] = one->at_ms;
		at += packed_sample_size(one->size);
	}
	return count;
}

static void put(int64_t at_ms, size_t size, bool late)
{
	char bytes[SAMPLE_PACK_MAX] = "";

	(void)snprintf(bytes, sizeof(bytes), "%lld", (long long)at_ms);
	samples_put(&samples, at_ms, bytes, size, late);
}

static void a_sample_comes_back_as_it_was(void **state)
{
	struct status_worker workers[2] = {
		{.slot = 0, .pid = 4711, .state = SLOT_IDLE, .rss_bytes = 5},
		{.slot = 287,
			.pid = 1,
			.state = SLOT_GROWING,
			.rss_bytes = -1,
			.load = "00112233445566778899aabbccddeeff"}};
	struct status_worker read[SCOREBOARD_SLOTS];
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample sample, back;
	size_t size;

	(void)state;
	sample_clear(&sample);
	sample.host.memory.total_bytes = INT64_C(24) << 40;
	sample.host.memory.free_bytes = 0;
	sample.cgroup.limit_bytes = INT64_MAX;
	sample.cgroup.usage_bytes = 1;
	sample.workers = workers;
	sample.worker_count = 2;
	size = sample_pack(&sample, bytes);
	sample_unpack(bytes, size, read, &back);
	assert_int_equal(back.host.memory.total_bytes, INT64_C(24) << 40);
	assert_int_equal(back.host.memory.free_bytes, 0);
	assert_int_equal(back.host.memory.available_bytes, FIELD_ABSENT);
	assert_int_equal(back.cgroup.limit_bytes, INT64_MAX);
	assert_int_equal(back.cgroup.usage_bytes, 1);
	assert_int_equal(back.worker_count, 2);
	assert_int_equal(back.workers[0].pid, 4711);
	assert_string_equal(back.workers[0].load, "");
	assert_int_equal(back.workers[1].slot, 287);
	assert_int_equal(back.workers[1].state, SLOT_GROWING);
	assert_true(back.workers[1].rss_bytes < 0);
	assert_string_equal(
		back.workers[1].load, "00112233445566778899aabbccddeeff");
}

static void unknown_workers_are_not_none(void **state)
{
	struct status_worker read[SCOREBOARD_SLOTS];
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample sample, back;

	(void)state;
	sample_clear(&sample);
	sample_unpack(bytes, sample_pack(&sample, bytes), read, &back);
	assert_int_equal(back.worker_count, -1);
	sample.worker_count = 0;
	sample_unpack(bytes, sample_pack(&sample, bytes), read, &back);
	assert_int_equal(back.worker_count, 0);
}

/* A full board of the largest figures there can be. */
static void the_largest_sample_has_room(void **state)
{
	static struct status_worker workers[SCOREBOARD_SLOTS];
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample sample;

	(void)state;
	sample_clear(&sample);
	memset(&sample.host, 0x7e, sizeof(sample.host));
	memset(&sample.cgroup, 0x7e, sizeof(sample.cgroup));
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		workers[i] = (struct status_worker){
			i, 4194304, SLOT_DEAD, "", INT64_C(1) << 45};
		memset(workers[i].load, 'f', 32);
	}
	sample.workers = workers;
	sample.worker_count = SCOREBOARD_SLOTS;
	assert_in_range(sample_pack(&sample, bytes), 1, SAMPLE_PACK_MAX);
}

static void bytes_of_any_kind_lead_nowhere(void **state)
{
	struct status_worker read[SCOREBOARD_SLOTS];
	unsigned char bytes[512];
	struct sample back;

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		size_t size = (size_t)random() % sizeof(bytes);

		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)random();
		sample_unpack(bytes, size, read, &back);
		assert_in_range(back.worker_count + 1, 0, SCOREBOARD_SLOTS + 1);
	}
}

static void they_stand_in_the_order_of_their_time(void **state)
{
	int64_t at[8];

	(void)state;
	put(3000, 8, false);
	put(5000, 8, false);
	put(4000, 8, true);
	put(4000, 8, true); /* one of that time stays as it is */
	assert_int_equal(
		times(samples_copy(&samples, 0, 9999, list, sizeof(list)), at,
			8),
		3);
	assert_int_equal(at[0], 3000);
	assert_int_equal(at[1], 4000);
	assert_int_equal(at[2], 5000);
	assert_int_equal(
		times(samples_copy(&samples, 3000, 4000, list, sizeof(list)),
			at, 8),
		1);
	assert_int_equal(at[0], 4000);
	assert_int_equal(samples_count(&samples, 3000, 5000, 1), 3);
}

static void what_came_late_does_not_make_the_past_whole(void **state)
{
	(void)state;
	assert_int_equal(samples_whole_from(&samples), INT64_MAX);
	put(1000, 8, true);
	assert_int_equal(samples_whole_from(&samples), INT64_MAX);
	put(5000, 8, false);
	put(4000, 8, true);
	assert_int_equal(samples_whole_from(&samples), 5000);
}

static void a_list_takes_what_fits_whole(void **state)
{
	int64_t at[8];

	(void)state;
	for (int i = 1; i <= 4; i++)
		put(i * 1000, 100, false);
	assert_int_equal(times(samples_copy(&samples, 0, 9999, list,
				       2 * packed_sample_size(100) + 7),
				 at, 8),
		2);
	assert_int_equal(at[1], 2000);
}

/* Sizes of all kinds, three times around: memory has the last of them, each
 * whole, and says from when on it has them all. */
static void the_oldest_go_when_it_is_full(void **state)
{
	int64_t at_ms = 1000000, after_ms = 0, count = 0, at[4096];
	size_t size, bytes = 0;
	int got;

	(void)state;
	srandom(2);
	while (bytes < 3 * SAMPLES_BYTES) {
		size = 16 + (size_t)random() % 9000;
		put(at_ms, size, false);
		bytes += size;
		at_ms += 100;
	}
	after_ms = samples_whole_from(&samples) - 1;
	while ((size = samples_copy(
			&samples, after_ms, at_ms, list, sizeof(list))) > 0) {
		got = times(size, at, 4096);
		for (int i = 0; i < got; i++)
			assert_true(i == 0 || at[i] - at[i - 1] == 100);
		after_ms = at[got - 1];
		count += got;
	}
	assert_int_equal(after_ms, at_ms - 100); /* the last is there */
	assert_in_range(count, SAMPLES_BYTES / 9000 - 4, 4096);
	assert_true(samples.lost > 0); /* nobody saved them */
}

static void the_list_itself_has_an_end(void **state)
{
	(void)state;
	for (int i = 1; i <= SAMPLES_KEPT + 10; i++)
		put(i * 1000, 8, false);
	assert_int_equal(
		samples_count(&samples, 0, INT64_MAX, 1), SAMPLES_KEPT);
	assert_int_equal(samples_whole_from(&samples), 10001);
}

static void what_is_saved_is_not_offered_again(void **state)
{
	size_t size;

	(void)state;
	put(1000, 8, false);
	put(2000, 8, false);
	size = samples_unsaved(&samples, list, sizeof(list));
	assert_int_equal(size, 2 * packed_sample_size(8));
	put(1500, 8, true);
	samples_saved(&samples, list, size);
	assert_int_equal(samples_unsaved(&samples, list, sizeof(list)),
		packed_sample_size(8));
	samples_unsave(&samples);
	assert_int_equal(samples_unsaved(&samples, list, sizeof(list)),
		3 * packed_sample_size(8));
}

/* A full list of a future that the clock was set back from. */
static void what_comes_after_a_step_back_of_the_clock_stays(void **state)
{
	int64_t found[20];
	size_t size;

	(void)state;
	for (int i = 0; i < SAMPLES_KEPT; i++)
		put(10000000 + i, 8, false);
	while ((size = samples_unsaved(&samples, list, sizeof(list))) > 0)
		samples_saved(&samples, list, size);
	put(20000000, 8, false); /* not in the database yet */
	for (int i = 0; i < 10; i++)
		put(1000 + i, 8, false);
	size = samples_copy(&samples, 0, INT64_MAX - 1, list, sizeof(list));
	assert_int_equal(times(size, found, 20), 11);
	assert_int_equal(found[0], 1000);
	assert_int_equal(found[9], 1009);
	assert_int_equal(found[10], 20000000);
	assert_int_equal(samples_whole_from(&samples), 1000);
	assert_int_equal(samples.lost, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sample_comes_back_as_it_was),
		TEST(unknown_workers_are_not_none),
		TEST(the_largest_sample_has_room),
		TEST(bytes_of_any_kind_lead_nowhere),
		TEST(they_stand_in_the_order_of_their_time),
		TEST(what_came_late_does_not_make_the_past_whole),
		TEST(a_list_takes_what_fits_whole),
		TEST(the_oldest_go_when_it_is_full),
		TEST(the_list_itself_has_an_end),
		TEST(what_is_saved_is_not_offered_again),
		TEST(what_comes_after_a_step_back_of_the_clock_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
