/* SPDX-License-Identifier: MIT */
/*
 * What belongs together and what does not: a head of one event is not joined
 * to the kill of another, a group is one event with many victims, and a reaper
 * may come late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "oomlog_house.h"

#define HEAD(name)                                                             \
	name " invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "      \
	     "oom_score_adj=0\n"
#define KILL(pid, name)                                                        \
	"Out of memory: Killed process " pid " (" name ") total-vm:8kB, "      \
	"anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:5 pgtables:4kB "       \
	"oom_score_adj:0\n"
#define NAMED(pid)                                                             \
	"oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"        \
	"mems_allowed=0,global_oom,task_memcg=/,task=a,pid=" pid ",uid=0\n"

static void two_heads_are_two_events(void **state)
{
	struct seen *seen = read_text(HEAD("a") HEAD("b") KILL("5", "c"));

	(void)state;
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->events[0].kind, OOMLOG_INCOMPLETE);
	assert_string_equal(seen->events[0].invoker_comm, "a");
	assert_int_equal(seen->events[1].kind, OOMLOG_KILL);
	assert_string_equal(seen->events[1].invoker_comm, "b");
	free(seen);
}

static void a_kill_without_its_report_stands_alone(void **state)
{
	struct seen *seen = read_text(HEAD("a") KILL("5", "a") KILL("6", "b"));

	(void)state;
	assert_int_equal(seen->count, 2);
	assert_string_equal(seen->events[0].invoker_comm, "a");
	assert_string_equal(seen->events[1].invoker_comm, "");
	assert_int_equal(seen->events[1].victim_pid, 6);
	free(seen);
}

static void hours_apart_is_not_together(void **state)
{
	static const char *const texts[] = {
		"[ 100.000001] " HEAD("a") "[ 9000.000001] " KILL("5", "b"),
		"Nov 25 10:00:00 h kernel: " HEAD(
			"a") "Nov 25 16:00:00 h kernel: " KILL("5", "b"),
		"[Mon Dec  8 10:00:00 2025] " HEAD(
			"a") "[Tue Dec  9 10:00:00 2025] " KILL("5", "b"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct seen *seen = read_text(texts[i]);

		assert_int_equal(seen->count, 2);
		assert_string_equal(seen->events[1].invoker_comm, "");
		free(seen);
	}
}

static void midnight_is_no_gap(void **state)
{
	struct seen *seen = read_text("Nov 25 23:59:59 h kernel: " HEAD(
		"a") "Nov 26 00:00:02 h kernel: " KILL("5", "b"));

	(void)state;
	assert_int_equal(seen->count, 1);
	assert_string_equal(seen->events[0].invoker_comm, "a");
	assert_string_equal(seen->events[0].at, "Nov 26 00:00:02");
	free(seen);
}

static void the_named_and_the_killed_must_agree(void **state)
{
	struct seen *seen = read_text(NAMED("4") KILL("5", "b"));

	(void)state;
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->events[0].named_pid, 4);
	assert_int_equal(seen->events[0].kind, OOMLOG_INCOMPLETE);
	assert_string_equal(seen->events[1].constraint, "");
	free(seen);
}

static void another_process_trace_tells_no_pid(void **state)
{
	struct seen *seen = read_text(
		HEAD("a") "CPU: 1 PID: 77 Comm: b Not tainted 6.1.0 #1\n"
			  "CPU: 1 PID: 78 Comm: a Not tainted 6.1.0 #1\n");

	(void)state;
	assert_int_equal(seen->events[0].invoker_pid, 78);
	assert_string_equal(seen->log.kernel, "6.1.0");
	free(seen);
}

static void a_group_is_one_event_of_many(void **state)
{
	struct seen *seen = read_text(HEAD("a") KILL(
		"5", "a") "Tasks in /g are going to be killed due to "
			  "memory.oom.group "
			  "set\n" KILL("5", "a") KILL("6", "b")
				  KILL("7", "c") "oom_reaper: reaped process 6 "
						 "(b), now anon-rss:0kB\n");

	(void)state;
	assert_int_equal(seen->count, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(seen->events[i].victim_pid, 5 + i);
		assert_int_equal(seen->events[i].group_kill, 1);
		assert_string_equal(seen->events[i].group_memcg, "/g");
		assert_string_equal(seen->events[i].invoker_comm, "a");
		assert_int_equal(seen->events[i].reaped, i == 1);
	}
	free(seen);
}

static void a_reaper_may_come_in_the_next_report(void **state)
{
	struct seen *seen = read_text(
		KILL("5", "a") HEAD("b") "oom_reaper: reaped process 5 (a), "
					 "now anon-rss:0kB\n" KILL("6", "c"));

	(void)state;
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->events[0].reaped, 1);
	assert_int_equal(seen->events[1].reaped, 0);
	assert_string_equal(seen->events[1].invoker_comm, "b");
	free(seen);
}

/* A live reader: nothing held back, and a flush in mid-report. */
static void a_flush_gives_kills_and_goes_on(void **state)
{
	static const char head[] = HEAD("a"), kill[] = KILL("5", "a"),
			  more[] = "Tasks in /g are going to be killed due to "
				   "memory.oom.group set\n" KILL("6", "b");
	struct seen *seen = calloc(1, sizeof(*seen));

	(void)state;
	assert_non_null(seen);
	oomlog_open(&seen->log, 0, see, seen);
	oomlog_feed(&seen->log, head, sizeof(head) - 1);
	oomlog_flush(&seen->log);
	assert_int_equal(seen->count, 0);
	oomlog_feed(&seen->log, kill, sizeof(kill) - 1);
	oomlog_flush(&seen->log);
	assert_int_equal(seen->count, 1);
	assert_string_equal(seen->events[0].invoker_comm, "a");
	oomlog_feed(&seen->log, more, sizeof(more) - 1);
	oomlog_flush(&seen->log);
	oomlog_finish(&seen->log);
	assert_int_equal(seen->count, 2);
	assert_int_equal(seen->events[1].victim_pid, 6);
	assert_string_equal(seen->events[1].invoker_comm, "a");
	free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_heads_are_two_events),
		cmocka_unit_test(a_kill_without_its_report_stands_alone),
		cmocka_unit_test(hours_apart_is_not_together),
		cmocka_unit_test(midnight_is_no_gap),
		cmocka_unit_test(the_named_and_the_killed_must_agree),
		cmocka_unit_test(another_process_trace_tells_no_pid),
		cmocka_unit_test(a_group_is_one_event_of_many),
		cmocka_unit_test(a_reaper_may_come_in_the_next_report),
		cmocka_unit_test(a_flush_gives_kills_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
