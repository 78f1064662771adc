/* SPDX-License-Identifier: MIT */
/*
 * What /status and /readyz make of a scoreboard: counted at the moment of
 * asking, warned where it matters, null where nothing is known.
 */
#include "watch/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#include "watch_house.h"
#include "watch/handlers.h"

static struct report report;

static void look(void)
{
	const struct scoreboard *board = board_take(&house.watch.board);

	report_fill(&house.watch, board, &report);
	board_give(&house.watch.board, board);
}

static bool warns(const char *code)
{
	for (int i = 0; i < report.status.warnings_count; i++) {
		if (strcmp(report.warnings[i].code, code) == 0)
			return true;
	}
	return false;
}

static void workers_are_counted_when_asked(void **state)
{
	(void)state;
	house_master_starts();
	house.board->header.pool.busy = 77; /* stale */
	house_slot(0, SLOT_IDLE, NULL);
	house_slot(1, SLOT_GROWING, "aa");
	house_slot(2, SLOT_HOLDING, "bb");
	house_slot(3, SLOT_STARTING, NULL);
	house_slot(4, SLOT_DEAD, "cc");
	look();
	assert_int_equal(report.status.pool.busy, 2);
	assert_int_equal(report.status.pool.idle, 1);
	assert_int_equal(report.status.pool.max, 4);
	assert_int_equal(report.status.workers_count, 4);
	assert_string_equal(report.workers[1].load, "aa");
	assert_string_equal(
		slot_stage_words[report.workers[1].state], "growing");
	assert_int_equal(report.workers[1].pid, 101);
	assert_int_equal(report.workers[1].rss_bytes, -1); /* not sampled */
	assert_int_equal(report.status.master.alive, 1);
}

static void limits_come_level_by_level_and_the_host_last(void **state)
{
	(void)state;
	house_master_starts();
	house.board->header.now.levels[0].hierarchical_limit_bytes = 1 << 30;
	look();
	assert_int_equal(report.status.limits_count, 3);
	assert_int_equal(report.limits[0].level, LIMIT_OWN);
	assert_string_equal(report.limits[0].path, "/lab");
	assert_int_equal(report.limits[1].level, LIMIT_ANCESTOR);
	assert_string_equal(report.limits[1].path, "");
	assert_string_equal(report.limits[1].source,
		"/sys/fs/cgroup/memory/lab/memory.stat "
		"hierarchical_memory_limit");
	assert_int_equal(report.limits[2].level, LIMIT_HOST);
	assert_false(warns("no-limit"));
	assert_true(warns("ancestors-hidden"));
}

static void no_limit_and_no_guard_are_warned_of(void **state)
{
	(void)state;
	house_master_starts();
	house.board->header.now.levels[0].limit_bytes = INT64_MAX;
	look();
	assert_true(warns("no-limit"));
	assert_false(warns("guard-off"));
	house.board->header.guard_host = 0;
	look();
	assert_true(warns("guard-off"));
	/* A limit of more than the host has binds nobody. */
	house.board->header.now.levels[0].limit_bytes = INT64_C(64) << 30;
	look();
	assert_true(warns("no-limit"));
}

static void a_group_kill_and_memory_high_are_warned_of(void **state)
{
	struct cgroup_reading *own = &house.board->header.now.levels[0];

	(void)state;
	house_master_starts();
	own->high_bytes = INT64_MAX;
	look();
	assert_false(warns("oom-group") || warns("memory-high"));
	own->oom_group = 1;
	own->high_bytes = INT64_C(1) << 30;
	look();
	assert_true(warns("oom-group"));
	assert_true(warns("memory-high"));
}

static void a_dead_master_is_told_from_a_slow_one(void **state)
{
	(void)state;
	house_master_starts();
	look();
	assert_false(warns("load-down") || warns("heartbeat-old"));
	atomic_store(&house.board->header.heartbeat_ms,
		scoreboard_now_ms() - BOARD_SILENT_MS - 1);
	look();
	assert_true(warns("heartbeat-old"));
	house_master_dies();
	look();
	assert_true(warns("load-down"));
	assert_int_equal(report.status.master.alive, 0);
}

static void without_a_scoreboard_all_is_unknown(void **state)
{
	(void)state;
	report_fill(&house.watch, NULL, &report);
	assert_true(warns("load-down"));
	assert_int_equal(report.status.workers_count, 0);
	assert_int_equal(report.status.limits_count, 0);
	assert_true(report.status.pool.busy == FIELD_ABSENT);
	assert_true(report.status.pool.max == FIELD_ABSENT);
	assert_int_equal(report.status.ancestors_visible, -1);
	assert_string_equal(report.status.guard.mode, "");
}

static void a_replaced_scoreboard_is_found(void **state)
{
	const struct scoreboard *old, *fresh;
	char path[96];

	(void)state;
	old = board_take(&house.watch.board);
	assert_non_null(old);
	(void)snprintf(path, sizeof(path), "%s/" SCOREBOARD_FILE, house.run);
	unlink(path);
	scoreboard_unmap(house.board);
	house.board = scoreboard_create(house.run);
	house.watch.board.looked_ms = 0; /* a second has passed */
	fresh = board_take(&house.watch.board);
	assert_ptr_not_equal(fresh, old);
	assert_int_equal(old->header.pool.max, 4); /* still mapped */
	board_give(&house.watch.board, old);
	board_give(&house.watch.board, fresh);
}

static int ready(void)
{
	struct http_exchange x = {.context = &house.watch};

	x.problem.status = 0;
	x.format = HTTP_JSON;
	/* Only what refuses returns without an answer to send. */
	return health_ready(&x) < 0 ? x.problem.status : 200;
}

static void a_full_pool_or_no_load_is_not_ready(void **state)
{
	(void)state;
	assert_int_equal(ready(), 503); /* no master */
	house_master_starts();
	for (int i = 0; i < 4; i++)
		house_slot(i, SLOT_GROWING, "aa");
	assert_int_equal(ready(), 503);
	house_slot(0, SLOT_IDLE, NULL);
	house.board->header.stopping = 1;
	assert_int_equal(ready(), 503);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(workers_are_counted_when_asked),
		HOUSE(limits_come_level_by_level_and_the_host_last),
		HOUSE(no_limit_and_no_guard_are_warned_of),
		HOUSE(a_group_kill_and_memory_high_are_warned_of),
		HOUSE(a_dead_master_is_told_from_a_slow_one),
		HOUSE(without_a_scoreboard_all_is_unknown),
		HOUSE(a_replaced_scoreboard_is_found),
		HOUSE(a_full_pool_or_no_load_is_not_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
