/* SPDX-License-Identifier: MIT */
/*
 * Figures on the ancestor's page look as Python's str() made them there.
 */
#include "views/python_float.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Printed by CPython 3.11. */
static const struct {
	double value;
	const char *text;
} cases[] = {
	{1105.00390625, "1105.00390625"}, /* the ancestor's own */
	{1105, "1105.0"},
	{0, "0.0"},
	{-0.5, "-0.5"},
	{0.1, "0.1"},
	{0.1 + 0.2, "0.30000000000000004"},
	{0.0001, "0.0001"},
	{4096 / 1048576.0, "0.00390625"},
	{920.5 * 1000000 / 1048576, "877.8572082519531"},
	{1.0 / 3, "0.3333333333333333"},
	{1000000, "1000000.0"},
	{8388608.00390625, "8388608.00390625"},
	{9007199254740993.0, "9007199254740992.0"},
	{9999999999999998.0, "9999999999999998.0"},
};

static void floats_look_like_pythons(void **state)
{
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			views_python_float(cases[i].value, out, sizeof(out)),
			0);
		assert_string_equal(out, cases[i].text);
	}
}

static void every_page_count_reads_back_the_same(void **state)
{
	char out[32];

	(void)state;
	for (int64_t pages = 0; pages < INT64_C(1) << 31; pages += 999331) {
		double mb = (double)(pages * 4096) / 1048576;

		assert_int_equal(views_python_float(mb, out, sizeof(out)), 0);
		assert_true(strtod(out, NULL) == mb);
		assert_non_null(strchr(out, '.'));
	}
}

static void what_needs_an_exponent_is_refused(void **state)
{
	static const double values[] = {1e16, -1e16, 0.00009, INFINITY, NAN};
	char out[32];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		errno = 0;
		assert_int_equal(
			views_python_float(values[i], out, sizeof(out)), -1);
		assert_int_equal(errno, ERANGE);
	}
	assert_int_equal(views_python_float(1105.5, out, 6), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floats_look_like_pythons),
		cmocka_unit_test(every_page_count_reads_back_the_same),
		cmocka_unit_test(what_needs_an_exponent_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
