/* SPDX-License-Identifier: MIT */
/*
 * The ancestor's ballast: what it costs, that it is really built, really
 * resident, and really gone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <unistd.h>

#include "load/ballast/ballast.h"
#include "load/spec.h"

static const struct {
	int64_t rows, columns;
} shapes[] = {
	{0, 100},
	{1, 1},
	{7, 3},
	{1000, 100},
	{20000, 100},
	{50, 100000},
	{100000, 1},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static int64_t cpython_bytes(int64_t rows, int64_t columns)
{
	return (int64_t)((double)rows * (120.5 + 8.0 * (double)columns));
}

static void a_row_costs_what_cpythons_does(void **state)
{
	(void)state;
	for (int i = 0; i < SHAPES; i++)
		assert_int_equal(
			ballast_rows_bytes(shapes[i].rows, shapes[i].columns),
			cpython_bytes(shapes[i].rows, shapes[i].columns));
	/* The largest that the parameters allow does not overflow. */
	assert_int_equal(ballast_rows_bytes(100000000, 100000),
		cpython_bytes(100000000, 100000));
}

static void grow_whole(struct ballast *ballast, struct load_spec *spec)
{
	const int64_t step = 65536;

	assert_int_equal(ballast_open(ballast, spec), 0);
	for (int64_t at = 0; at < spec->bytes; at += step) {
		int64_t to = at + step < spec->bytes ? at + step : spec->bytes;

		assert_int_equal(ballast_rows.grow(ballast, at, to), 0);
	}
}

static void all_of_it_is_resident_and_no_more(void **state)
{
	int64_t page = sysconf(_SC_PAGESIZE);

	(void)state;
	for (int i = 0; i < SHAPES; i++) {
		struct ballast ballast;
		struct load_spec spec = {.kind = &ballast_rows,
			.rows = shapes[i].rows,
			.columns = shapes[i].columns};
		int64_t resident;

		spec.bytes = ballast_rows_bytes(spec.rows, spec.columns);
		grow_whole(&ballast, &spec);
		resident = ballast_rows.resident(&ballast);
		assert_true(resident >= spec.bytes);
		assert_true(resident <= spec.bytes + 2 * page);
		ballast_rows.release(&ballast);
		assert_int_equal(ballast_rows.resident(&ballast), 0);
	}
}

static void every_row_is_addressable_and_filled(void **state)
{
	struct load_spec spec = {
		.kind = &ballast_rows, .rows = 5000, .columns = 20};
	struct ballast ballast;
	int64_t **index;

	(void)state;
	spec.bytes = ballast_rows_bytes(spec.rows, spec.columns);
	grow_whole(&ballast, &spec);
	index = (int64_t **)(void *)ballast.arena.base;
	for (int64_t row = 0; row < spec.rows; row++) {
		const int64_t *item = index[row] + 112 / sizeof(int64_t);

		assert_int_equal(index[row][0], spec.columns);
		for (int64_t i = 0; i < spec.columns; i++)
			assert_int_equal(item[i], i);
		if (row > 0)
			assert_ptr_not_equal(index[row], index[row - 1]);
	}
	ballast_rows.release(&ballast);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(a_row_costs_what_cpythons_does),
		cmocka_unit_test(all_of_it_is_resident_and_no_more),
		cmocka_unit_test(every_row_is_addressable_and_filled),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
