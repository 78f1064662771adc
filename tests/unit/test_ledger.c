/* SPDX-License-Identifier: MIT */
/*
 * The books of the oom_kill counter: what is proven, what waits, what is only
 * likely. The promise behind it: a `kill -9` is never called a proven OOM.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "load/ledger.h"

struct ledger_test {
	const char *why;
	int64_t accounted, counter;
	int dying, missing;
	bool last;
	int count;
	int64_t badness[3];
	bool settled;
	enum oom_account account[3];
	int strays;
	int64_t accounted_then;
};

static const struct ledger_test tests[] = {
	{"one kill counted, one death", 4, 5, 0, 0, false, 1, {900}, true,
		{ACCOUNT_PROVEN}, 0, 5},
	{"no kill counted: somebody's signal", 4, 4, 0, 0, false, 1, {900},
		true, {ACCOUNT_UNMOVED}, 0, 4},
	{"no kill counted, though another is dying", 4, 4, 1, 0, false, 1,
		{900}, true, {ACCOUNT_UNMOVED}, 0, 4},
	{"the counter cannot be read", 0, -1, 0, 0, false, 1, {900}, true,
		{ACCOUNT_UNREADABLE}, 0, 0},
	{"one kill counted, one dead, one dying: whose is it?", 4, 5, 1, 0,
		false, 1, {900}, false, {0}, 0, 4},
	{"two counted, one dead, one dying: both are explained", 4, 6, 1, 0,
		false, 1, {900}, true, {ACCOUNT_PROVEN}, 0, 5},
	{"one kill counted, two dead: the larger one, likely", 4, 5, 0, 0,
		false, 2, {100, 900}, true, {ACCOUNT_UNLIKELY, ACCOUNT_LIKELY},
		0, 5},
	{"the same size: still one of them only", 4, 5, 0, 0, false, 2,
		{900, 900}, true, {ACCOUNT_LIKELY, ACCOUNT_UNLIKELY}, 0, 5},
	{"three counted, three dead", 0, 3, 0, 0, false, 3, {1, 2, 3}, true,
		{ACCOUNT_PROVEN, ACCOUNT_PROVEN, ACCOUNT_PROVEN}, 0, 3},
	{"a stranger left the cgroup: it may have been the victim", 4, 5, 0, 1,
		false, 1, {900}, true, {ACCOUNT_LIKELY}, 0, 5},
	{"more counted than died: likely, and a stray", 4, 6, 0, 0, false, 1,
		{900}, true, {ACCOUNT_LIKELY}, 1, 6},
	{"time is up while another is dying", 4, 5, 1, 0, true, 1, {900}, true,
		{ACCOUNT_LIKELY}, 0, 5},
	{"a stray without a death of ours", 4, 5, 0, 0, false, 0, {0}, true,
		{0}, 1, 5},
	{"a stray whose victim may be ours and on its way", 4, 5, 1, 0, false,
		0, {0}, false, {0}, 0, 4},
	{"a counter that began anew", 9, 0, 0, 0, false, 1, {900}, true,
		{ACCOUNT_UNMOVED}, 0, 0},
};

static void run(const struct ledger_test *test)
{
	struct ledger ledger = {test->accounted};
	struct ledger_look look = {
		test->counter, test->dying, test->missing, test->last};
	struct ledger_death deaths[3] = {0};
	int strays;
	bool settled;

	for (int i = 0; i < test->count; i++)
		deaths[i].badness = test->badness[i];
	settled = ledger_settle(&ledger, &look, deaths, test->count, &strays);
	if (settled != test->settled || strays != test->strays ||
		ledger.accounted != test->accounted_then)
		fail_msg("%s: settled %d, strays %d, accounted %ld", test->why,
			settled, strays, (long)ledger.accounted);
	for (int i = 0; settled && i < test->count; i++) {
		if (deaths[i].account != (int)test->account[i])
			fail_msg("%s: death %d is %d", test->why, i,
				deaths[i].account);
	}
}

static void every_case_is_settled_as_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		run(&tests[i]);
}

/* A kill -9 reaped first, then the OOM killer's own victim: neither proven. */
static void a_kill_in_the_others_window_is_never_proven(void **state)
{
	struct ledger ledger = {7};
	struct ledger_look first = {8, 1, 0, false}, second = {8, 0, 0, false};
	struct ledger_death deaths[2] = {{.badness = 5}, {.badness = 800}};
	int strays;

	(void)state;
	assert_false(ledger_settle(&ledger, &first, deaths, 1, &strays));
	assert_true(ledger_settle(&ledger, &second, deaths, 2, &strays));
	assert_int_equal(deaths[0].account, ACCOUNT_UNLIKELY);
	assert_int_equal(deaths[1].account, ACCOUNT_LIKELY);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(every_case_is_settled_as_it_should),
		cmocka_unit_test(a_kill_in_the_others_window_is_never_proven),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
