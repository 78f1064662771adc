/* SPDX-License-Identifier: MIT */
/*
 * Each kill is marked once, whether it is known before the line of its time is
 * printed or long after.
 */
#include "watch/sar_marks.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "event_house.h"

#define BEGIN_MS INT64_C(1000000) /* make_event()'s, of number 0 */

/* Takes all up to to_ms, which is how many. */
static int take(struct sar_marks *marks, int64_t to_ms)
{
	int count = 0;

	for (; sar_marks_next(marks, to_ms); count++)
		sar_marks_take(marks);
	return count;
}

static void each_is_taken_once_in_the_order_of_time(void **state)
{
	static struct sar_marks marks;
	const struct sample_kill *kill;

	(void)state;
	for (int i = 200; i > 0; i--)
		add(i, true);
	sar_marks_open(&marks, &store, BEGIN_MS);
	sar_marks_look(&marks, BEGIN_MS + 150);
	for (int i = 1; i <= 100; i++) {
		kill = sar_marks_next(&marks, BEGIN_MS + 100);
		assert_non_null(kill);
		assert_int_equal(kill->at_ms, BEGIN_MS + i);
		assert_ptr_equal(sar_marks_next(&marks, BEGIN_MS + 100), kill);
		sar_marks_take(&marks);
	}
	assert_null(sar_marks_next(&marks, BEGIN_MS + 100));
	assert_int_equal(take(&marks, BEGIN_MS + 1000), 50);
	sar_marks_look(&marks, BEGIN_MS + 1000);
	assert_int_equal(take(&marks, BEGIN_MS + 1000), 50);
}

static void what_fell_before_is_not_for_this_table(void **state)
{
	static struct sar_marks marks;

	(void)state;
	add(5, true);
	add(6, true);
	sar_marks_open(&marks, &store, BEGIN_MS + 5);
	sar_marks_look(&marks, BEGIN_MS + 1000);
	assert_int_equal(take(&marks, BEGIN_MS + 1000), 1);
}

static void one_that_is_known_late_is_taken_then(void **state)
{
	static struct sar_marks marks;

	(void)state;
	add(10, true);
	sar_marks_open(&marks, &store, BEGIN_MS);
	sar_marks_look(&marks, BEGIN_MS + 1000);
	assert_int_equal(take(&marks, BEGIN_MS + 1000), 1);
	add(9, true);
	add(11, true);
	sar_marks_look(&marks, BEGIN_MS + 2000);
	assert_int_equal(take(&marks, BEGIN_MS + 2000), 2);
	sar_marks_look(&marks, BEGIN_MS + 3000);
	assert_int_equal(take(&marks, BEGIN_MS + 3000), 0);
}

/* More kills in a minute than are remembered: still none twice. */
static void what_is_forgotten_is_not_looked_at_again(void **state)
{
	static struct sar_marks marks;
	int taken = 0;

	(void)state;
	sar_marks_open(&marks, &store, BEGIN_MS);
	for (int i = 1; i <= 2 * SAR_MARKS_SEEN; i++) {
		add(i, true);
		if (i % 512 > 0)
			continue;
		keeper_round(&store);
		sar_marks_look(&marks, BEGIN_MS + i);
		taken += take(&marks, BEGIN_MS + i);
	}
	assert_int_equal(taken, 2 * SAR_MARKS_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(each_is_taken_once_in_the_order_of_time),
		HOUSE(what_fell_before_is_not_for_this_table),
		HOUSE(one_that_is_known_late_is_taken_then),
		HOUSE(what_is_forgotten_is_not_looked_at_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
