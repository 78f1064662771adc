/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339 and nothing else.
 */
#include "http/time.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int64_t ms; /* -1: none */
} cases[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"2026-01-31T12:00:00Z", INT64_C(1769860800000)},
	{"2026-01-31T12:00:00.123Z", INT64_C(1769860800123)},
	{"2026-01-31T12:00:00.1Z", INT64_C(1769860800100)},
	{"2026-01-31T12:00:00.1239999Z", INT64_C(1769860800123)},
	{"2026-01-31t12:00:00z", INT64_C(1769860800000)},
	{"2026-01-31T14:00:00+02:00", INT64_C(1769860800000)},
	{"2026-01-31T06:30:00-05:30", INT64_C(1769860800000)},
	{"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
	{"2016-12-31T23:59:60Z", INT64_C(1483228800000)}, /* a leap second */
	{"9999-12-31T23:59:59Z", INT64_C(253402300799000)},
	{"", -1},
	{"2026-01-31", -1},
	{"2026-01-31T12:00:00", -1}, /* whose? */
	{"2026-01-31T12:00Z", -1},
	{"2026-01-31 12:00:00Z", -1},
	{"2026-01-31T12:00:00 02:00", -1}, /* a + that the query ate */
	{"2026-01-31T12:00:00.Z", -1},
	{"2026-01-31T12:00:00+0200", -1},
	{"2026-01-31T12:00:00+24:00", -1},
	{"2026-01-31T12:00:00Zz", -1},
	{"2026-1-31T12:00:00Z", -1},
	{"2026-02-29T00:00:00Z", -1},
	{"2026-00-10T00:00:00Z", -1},
	{"2026-13-10T00:00:00Z", -1},
	{"2026-01-31T24:00:00Z", -1},
	{"2026-01-31T12:60:00Z", -1},
	{"2026-01-31T12:00:61Z", -1},
	{"1969-12-31T23:59:59Z", -1},
	{"1769860800", -1},
	{"2026-01-31T", -1},
	{"20260131T120000Z", -1},
	{"-026-01-31T12:00:00Z", -1},
};

static void a_time_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = -1;
		int result = time_parse(cases[i].text, &ms);

		if (ms != cases[i].ms || result != (ms < 0 ? -1 : 0))
			fail_msg("%s: %d, %" PRId64, cases[i].text, result, ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
