/* SPDX-License-Identifier: MIT */
/*
 * What /metrics makes of a scoreboard, and how it is printed: what is not known
 * is left out, what is counted only grows.
 */
#include "watch/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#include "views/fields.h"
#include "watch_house.h"

static struct metrics_report report;
static char *text;

static void look(void)
{
	const struct scoreboard *board = board_take(&house.watch.board);
	size_t length;

	free(text);
	metrics_fill(&house.watch, board, &report);
	board_give(&house.watch.board, board);
	assert_int_equal(metrics_render(&report, &text, &length), 0);
	assert_int_equal(strlen(text), length);
}

static int close_all(void **state)
{
	free(text);
	text = NULL;
	return house_close(state);
}

/* A whole line of what was printed. */
static bool says(const char *line)
{
	const char *at = text;
	size_t length = strlen(line);

	while ((at = strstr(at, line))) {
		if ((at == text || at[-1] == '\n') && at[length] == '\n')
			return true;
		at += length;
	}
	return false;
}

static void workers_and_memory_are_counted_from_the_slots(void **state)
{
	(void)state;
	house_master_starts();
	house_slot(0, SLOT_IDLE, NULL);
	house_slot(1, SLOT_GROWING, "aa");
	house_slot(2, SLOT_HOLDING, "bb");
	house_slot(3, SLOT_ANSWERING, "cc");
	look();
	assert_true(says("oomlab_load_up 1"));
	assert_true(says("oomlab_workers{state=\"growing\"} 1"));
	assert_true(says("oomlab_workers{state=\"dead\"} 0"));
	assert_true(says("oomlab_pool_busy_loads 2"));
	assert_true(says("oomlab_pool_max_loads 4"));
	assert_true(says("oomlab_target_bytes 1887436800"));
	assert_true(says("oomlab_resident_bytes 629145600"));
}

static void levels_are_told_and_what_is_unknown_is_not(void **state)
{
	struct scoreboard_readings *now = &house.board->header.now;

	(void)state;
	house_master_starts();
	house.board->header.ancestors_visible = 1;
	now->count = 3;
	now->levels[2] = now->levels[1] = now->levels[0];
	for (int i = 0; i < 3; i++)
		now->levels[i].inactive_file_bytes =
			now->levels[i].active_file_bytes =
				now->levels[i].slab_reclaimable_bytes = 0;
	now->levels[1].limit_bytes = INT64_MAX;
	now->levels[2].usage_bytes = INT64_C(3) << 29;
	look();
	assert_true(says("oomlab_limit_bytes{level=\"own\"} 2147483648"));
	assert_true(says("oomlab_headroom_bytes{level=\"own\"} 1073741824"));
	assert_true(says("oomlab_usage_bytes{level=\"ancestor\"} 1610612736"));
	assert_true(says("oomlab_headroom_bytes{level=\"ancestor\"} "
			 "536870912"));
	now->count = 2;
	look();
	assert_null(strstr(text, "{level=\"ancestor\"}"));
	assert_null(strstr(text, "oomlab_cgroup_stall_seconds_total{"));
	now->levels[0].psi_some_us = 1500000;
	look();
	assert_true(says(
		"oomlab_cgroup_stall_seconds_total{tasks=\"some\"} 1.500000"));
}

static void a_load_that_is_down_has_no_memory(void **state)
{
	(void)state;
	house.board->header.pool.loads[OUTCOME_HELD] = 5;
	house_slot(1, SLOT_GROWING, "aa"); /* as it was when it went */
	store_note_loads(&house.watch.store, &house.board->header);
	look();
	assert_true(says("oomlab_load_up 0"));
	assert_true(says("oomlab_loads_total{outcome=\"held\"} 5"));
	assert_null(strstr(text, "\noomlab_workers{"));
	assert_null(strstr(text, "\noomlab_resident_bytes "));
	assert_null(strstr(text, "{level=\"own\"}"));
	assert_non_null(strstr(text, "\noomlab_host_available_bytes "));
	assert_non_null(strstr(text, "# TYPE oomlab_resident_bytes gauge\n"));
}

static void every_verdict_and_outcome_is_there_from_the_start(void **state)
{
	char path[96];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/" SCOREBOARD_FILE, house.run);
	assert_int_equal(unlink(path), 0);
	look();
	assert_true(says("oomlab_load_up 0"));
	for (int i = 0; i < VERDICT_COUNT; i++) {
		char line[80];

		(void)snprintf(line, sizeof(line),
			"oomlab_kills_total{verdict=\"%s\"} 0",
			verdict_words[i]);
		assert_true(says(line));
	}
	for (int i = OUTCOME_HELD; i < OUTCOME_COUNT; i++) {
		char line[80];

		(void)snprintf(line, sizeof(line),
			"oomlab_loads_total{outcome=\"%s\"} 0",
			load_outcome_words[i]);
		assert_true(says(line));
	}
	assert_true(says("oomlab_bystanders_total 0"));
	assert_null(strstr(text, "\noomlab_forks_total "));
}

static void loads_not_counted_yet_are_not_none(void **state)
{
	(void)state;
	house_master_starts();
	look(); /* before the collector was there */
	assert_null(strstr(text, "\noomlab_loads_total{"));
	store_note_loads(&house.watch.store, &house.board->header);
	look();
	assert_true(says("oomlab_loads_total{outcome=\"held\"} 0"));
}

static void growth_is_a_histogram_of_this_life(void **state)
{
	struct scoreboard_record record = {.kind = RECORD_LOAD};

	(void)state;
	load_report_clear(&record.load);
	record.load.ended_at_ms = scoreboard_now_ms() + 1000;
	meter_record(&house.watch.meter, &record); /* never got there */
	record.load.grow_us = 10000;
	meter_record(&house.watch.meter, &record);
	record.load.grow_us = 10001;
	meter_record(&house.watch.meter, &record);
	record.load.grow_us = INT64_C(7200) * 1000000;
	meter_record(&house.watch.meter, &record);
	record.load.ended_at_ms = house.watch.meter.started_ms - 1;
	meter_record(&house.watch.meter, &record); /* of an earlier life */
	look();
	assert_true(says("oomlab_growth_seconds_bucket{le=\"0.01\"} 1"));
	assert_true(says("oomlab_growth_seconds_bucket{le=\"0.025\"} 2"));
	assert_true(says("oomlab_growth_seconds_bucket{le=\"1800\"} 2"));
	assert_true(says("oomlab_growth_seconds_bucket{le=\"+Inf\"} 3"));
	assert_true(says("oomlab_growth_seconds_sum 7200.020001"));
	assert_true(says("oomlab_growth_seconds_count 3"));
}

static void forks_add_up_over_masters(void **state)
{
	static const struct {
		int64_t pid, forks, total;
	} rows[] = {
		{10, 3, 3}, {10, 5, 5},
		{11, 5, 10},		  /* another master, as many */
		{11, 6, 11}, {11, 2, 13}, /* the same pid, in a container */
	};
	struct scoreboard_header *header = &house.board->header;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		header->master_pid = rows[i].pid;
		header->pool.forks = rows[i].forks;
		meter_header(&house.watch.meter, header);
		look();
		assert_int_equal(report.load.forks, rows[i].total);
	}
}

/* One reading after the other: what is counted elsewhere then. */
static void kills_elsewhere_are_what_is_not_ours(void **state)
{
	static const struct {
		int64_t host, own;
		uint64_t inode;
		int64_t elsewhere;
		const char *why;
	} rows[] = {
		{100, 40, 1, 0, "what was before is not known"},
		{100, 40, 1, 0, "a quiet moment to begin from"},
		{101, 40, 1, 0, "ours, half counted?"},
		{101, 41, 1, 0, "it was"},
		{101, 41, 1, 0, "and is all"},
		{103, 42, 1, 0, "moves"},
		{103, 42, 1, 1, "stands: one was not ours"},
		{120, 2, 2, 1, "another cgroup: nobody knows"},
		{120, 2, 2, 1, "to begin from"},
		{122, 2, 2, 1, "moves"},
		{122, 2, 2, 3, "stands"},
		{-1, 2, 2, 3, "unreadable"},
		{3, 0, 2, 3, "another boot"},
		{3, 0, 2, 3, "to begin from"},
	};
	struct scoreboard_header *header = &house.board->header;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		header->master_pid = 10;
		header->now.at_ms = 1000 + (int64_t)i;
		header->now.host_oom_kills = rows[i].host;
		header->now.levels[0].oom_kill = rows[i].own;
		header->levels[0].inode = rows[i].inode;
		meter_header(&house.watch.meter, header);
		look();
		if (report.elsewhere != rows[i].elsewhere)
			fail_msg("row %zu, %s: %lld", i, rows[i].why,
				(long long)report.elsewhere);
	}
}

static void a_label_is_escaped(void **state)
{
	size_t length;

	(void)state;
	metrics_clear(&report);
	strcpy(report.version, "1\\2\"3\n4");
	assert_int_equal(metrics_render(&report, &text, &length), 0);
	assert_true(says("oomlab_build_info{version=\"1\\\\2\\\"3\\n4\"} 1"));
	assert_null(strstr(text, "\noomlab_kills_total{"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_open, close_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(workers_and_memory_are_counted_from_the_slots),
		TEST(levels_are_told_and_what_is_unknown_is_not),
		TEST(a_load_that_is_down_has_no_memory),
		TEST(every_verdict_and_outcome_is_there_from_the_start),
		TEST(loads_not_counted_yet_are_not_none),
		TEST(growth_is_a_histogram_of_this_life),
		TEST(forks_add_up_over_masters),
		TEST(kills_elsewhere_are_what_is_not_ours),
		TEST(a_label_is_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
