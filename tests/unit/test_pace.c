/* SPDX-License-Identifier: MIT */
/*
 * Growth along a rate: a straight line from the first bytes on, and the same
 * line asked the other way round.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "load/pace.h"

#define MiB ((int64_t)1 << 20)
#define SECOND ((int64_t)1000000)

static const struct {
	const char *why;
	int64_t bytes, rate, first, elapsed_us, due;
} lines[] = {
	{"without a rate all is due at once", 500 * MiB, 0, 0, 0, 500 * MiB},
	{"nothing at the beginning", 500 * MiB, 50 * MiB, 0, 0, 0},
	{"the first at once", 500 * MiB, 50 * MiB, 100 * MiB, 0, 100 * MiB},
	{"then the line", 500 * MiB, 50 * MiB, 100 * MiB, 2 * SECOND,
		200 * MiB},
	{"between two seconds", 500 * MiB, 50 * MiB, 0, SECOND / 2, 25 * MiB},
	{"never more than all", 500 * MiB, 50 * MiB, 0, 3600 * SECOND,
		500 * MiB},
	{"a first larger than all", 10 * MiB, MiB, 100 * MiB, 0, 10 * MiB},
	{"a byte a second", 100, 1, 0, 7 * SECOND, 7},
	{"the largest rate does not overflow", INT64_MAX, INT64_MAX, 0,
		86400 * SECOND, INT64_MAX},
};

static void what_is_due_lies_on_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct load_spec spec = {.bytes = lines[i].bytes,
			.rate_bytes = lines[i].rate,
			.first_bytes = lines[i].first};
		int64_t due = pace_due(&spec, lines[i].elapsed_us);

		if (due != lines[i].due)
			fail_msg("%s: %ld", lines[i].why, (long)due);
	}
}

static void when_and_how_much_agree(void **state)
{
	struct load_spec spec = {.bytes = 900 * MiB,
		.rate_bytes = 33 * MiB,
		.first_bytes = 7 * MiB};

	(void)state;
	for (int64_t bytes = MiB; bytes < spec.bytes; bytes += 3 * MiB + 1) {
		int64_t when_us = pace_when(&spec, bytes);

		assert_true(pace_due(&spec, when_us + 1) >= bytes);
		if (when_us > 0)
			assert_true(pace_due(&spec, when_us - 1) <= bytes);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(what_is_due_lies_on_the_line),
		cmocka_unit_test(when_and_how_much_agree),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
