/* SPDX-License-Identifier: MIT */
/*
 * What a death is called, how surely, and whose limit it was: every case of
 * verdict_cases.h.
 */
#include "verdict_try.h"

static void each_death_gets_its_verdict(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++) {
		const struct death_case *row = &cases[i];
		struct verdict_result result;

		judge(row, &result);
		if (result.verdict != (int)row->verdict ||
			result.certainty != (int)row->certainty ||
			result.limit.level != (int)row->level ||
			result.limit.bytes != row->limit_bytes)
			fail_msg("%s: got %s, %s, level %d, %lld bytes",
				row->why, verdict_words[result.verdict],
				certainty_words[result.certainty],
				result.limit.level,
				(long long)result.limit.bytes);
	}
}

static void words_are_the_contracts(void **state)
{
	static const char *const verdicts[] = {"cgroup-oom", "host-oom", "oom",
		"group-oom", "signal", "crash", "load-gone", "unknown"};

	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++)
		assert_string_equal(verdict_words[i], verdicts[i]);
	assert_null(verdict_words[VERDICT_COUNT]);
	assert_null(certainty_words[CERTAINTY_COUNT]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_death_gets_its_verdict),
		cmocka_unit_test(words_are_the_contracts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
