/* SPDX-License-Identifier: MIT */
/*
 * The minute before a kill: what is kept of it, and how it is drawn.
 */
#include "watch/history.h"
#include "watch/sample_pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIB (INT64_C(1) << 20)

static struct samples samples;
static struct scoreboard board; /* megabytes: not for the stack */
static struct scoreboard_record record;
static int64_t now_ms;

static int fresh(void **state)
{
	(void)state;
	samples_open(&samples);
	memset(&board, 0, sizeof(board));
	memset(&record, 0, sizeof(record));
	now_ms = scoreboard_now_ms();
	strcpy(record.load.id, "1a2b3c4d5e6f708192a3b4c5d6e7f809");
	record.death.died_at_ms = now_ms;
	record.death.before.count = 1;
	record.death.before.at_ms = now_ms - 20;
	record.death.before.levels[0].limit_bytes = 256 * MIB;
	record.death.before.levels[0].usage_bytes = 200 * MIB;
	record.death.most_usage_bytes[0] = 256 * MIB;
	return 0;
}

static int end(void **state)
{
	(void)state;
	samples_close(&samples);
	return 0;
}

static void sample(int64_t before_ms, int64_t usage_bytes)
{
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample one;

	sample_clear(&one);
	one.cgroup.usage_bytes = usage_bytes;
	samples_put(&samples, now_ms - before_ms, bytes,
		sample_pack(&one, bytes), false);
}

static struct around around(void)
{
	static struct around out;

	history_around(&samples, NULL, &record, &out);
	return out;
}

static void the_peak_at_the_kill_is_its_last_point(void **state)
{
	struct around out;

	(void)state;
	sample(3000, 7 * MIB);
	out = around();
	assert_int_equal(out.limit_bytes, 256 * MIB);
	assert_int_equal(out.point_count, 3);
	assert_int_equal(out.points[0].usage_bytes, 7 * MIB);
	assert_int_equal(out.points[1].usage_bytes, 200 * MIB);
	assert_int_equal(out.points[2].usage_bytes, 256 * MIB);
	assert_int_equal(out.points[2].at_ms, now_ms);
}

static void ten_a_second_for_two_minutes_fit_in_order_with_the_peaks(
	void **state)
{
	struct around out;
	int64_t most = 0;

	(void)state;
	for (int64_t before = 120000; before > 0; before -= 100)
		sample(before, before == 30000 ? 250 * MIB : 50 * MIB);
	out = around();
	assert_in_range(out.point_count, 100, AROUND_POINTS);
	for (int32_t i = 0; i < out.point_count; i++) {
		assert_in_range(now_ms - out.points[i].at_ms, 0, AROUND_MS);
		if (i > 0)
			assert_true(out.points[i - 1].at_ms <=
				    out.points[i].at_ms);
		if (i < out.point_count - 2 &&
			out.points[i].usage_bytes > most)
			most = out.points[i].usage_bytes;
	}
	assert_int_equal(most, 250 * MIB);
}

static void of_an_old_death_nothing_is_said(void **state)
{
	struct around out;

	(void)state;
	sample(1000, MIB);
	record.death.died_at_ms = now_ms - 60000;
	out = around();
	assert_int_equal(out.point_count, -1);
	assert_int_equal(out.others_in_all, FIELD_ABSENT);
}

static void load(int slot, const char *id, int64_t resident_bytes)
{
	board.slots[slot].stage = SLOT_HOLDING;
	strcpy(board.slots[slot].load.id, id);
	board.slots[slot].load.state = LOAD_HOLDING;
	board.slots[slot].load.resident_bytes = resident_bytes;
}

static void the_largest_others_are_named_and_all_are_counted(void **state)
{
	static struct around out;

	(void)state;
	for (int i = 0; i < 12; i++) {
		char id[33] = "00000000000000000000000000000000";

		id[0] = (char)('a' + i);
		load(i, id, (i * 7 % 12) * MIB);
	}
	load(20, record.load.id, 999 * MIB); /* the dead one itself */
	history_around(&samples, &board, &record, &out);
	assert_int_equal(out.others_in_all, 12);
	assert_int_equal(out.other_count, AROUND_OTHERS);
	for (int32_t i = 0; i < out.other_count; i++)
		assert_int_equal(out.others[i].resident_bytes, (11 - i) * MIB);
}

static void a_browser_and_a_terminal_draw_it_to_the_limit(void **state)
{
	char points[AROUND_POINTS * 10], line[256];
	struct around out;

	(void)state;
	sample(59500, 128 * MIB);
	out = around();
	assert_int_equal(
		around_svg(&out, now_ms, points, sizeof(points)), 5);
	assert_memory_equal(points, "5,77 ", 5); /* half of 145 above 150 */
	assert_non_null(strstr(points, "600,5"));
	assert_int_equal(around_most(&out), 256 * MIB);
	around_line(&out, now_ms, line, sizeof(line));
	assert_memory_equal(line, "\u2584 ", 4);
	assert_memory_equal(line + strlen(line) - 3, "\u2588", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_peak_at_the_kill_is_its_last_point, fresh, end),
		cmocka_unit_test_setup_teardown(
			ten_a_second_for_two_minutes_fit_in_order_with_the_peaks,
			fresh, end),
		cmocka_unit_test_setup_teardown(of_an_old_death_nothing_is_said, fresh, end),
		cmocka_unit_test_setup_teardown(
			the_largest_others_are_named_and_all_are_counted,
			fresh, end),
		cmocka_unit_test_setup_teardown(
			a_browser_and_a_terminal_draw_it_to_the_limit, fresh, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
