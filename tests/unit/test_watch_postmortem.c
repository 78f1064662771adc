/* SPDX-License-Identifier: MIT */
/*
 * What nginx hands to the watch when a load's connection broke, or when it
 * refused a request itself, and what the client reads then.
 */
#include "watch/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#include "request.h"
#include "watch_house.h"
#include "views/view.h"
#include "watch/collect.h"

static char answer[65536];
static const struct query all = {.verdict = QUERY_ANY, .outcome = QUERY_ANY};
static int64_t took_us; /* to find the answer */

/* One request through the gate; what came back is in answer. */
static void ask(const char *const *params)
{
	struct http_exchange x;
	struct request request;
	int result = 0;

	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	x.context = &house.watch;
	took_us = scoreboard_now_us();
	assert_true(gate_answer(&x, &result));
	took_us = scoreboard_now_us() - took_us;
	if (result < 0)
		view_problem(&x);
	request_close(&request, answer, sizeof(answer));
}

static void ask_broken(const char *format)
{
	const char *params[] = {"REQUEST_METHOD=GET", "DOCUMENT_URI=/", format,
		"REQUEST_ID=" REQUEST_ID, "OOMLAB_POSTMORTEM=1",
		"UPSTREAM_CONNECT_TIME=0.000", NULL};

	ask(params);
}

static void assert_says(const char *text)
{
	if (!strstr(answer, text))
		fail_msg("no %s in:\n%s", text, answer);
}

static void bury(int32_t account, int32_t by_master, int32_t outcome)
{
	static struct scoreboard_record record;
	struct scoreboard_readings *before = &record.death.before;

	memset(&record, 0, sizeof(record));
	record.kind = RECORD_DEATH;
	record.generation = 1;
	load_report_clear(&record.load);
	strcpy(record.load.id, REQUEST_ID);
	record.load.outcome = outcome;
	record.load.requested_bytes = INT64_C(900) << 20;
	record.load.resident_bytes = INT64_C(300) << 20;
	record.death.died_at_ms = scoreboard_now_ms();
	record.death.reaped = record.death.busy = 1;
	record.death.wait_status = SIGKILL;
	record.death.account = account;
	record.death.ended_by_master = by_master;
	*before = house.board->header.now;
	before->levels[0].usage_bytes = before->levels[0].limit_bytes;
	before->levels[0].oom_kill = 3;
	before->levels[0].failcnt = 8;
	record.death.after = *before;
	record.death.after.levels[0].oom_kill = 4;
	record.death.after.levels[0].failcnt = 9;
	scoreboard_append(house.board, &record);
}

static void a_killed_request_reads_its_own_post_mortem(void **state)
{
	struct event event;

	(void)state;
	house_master_starts();
	bury(ACCOUNT_PROVEN, 0, OUTCOME_KILLED);
	ask_broken("QUERY_STRING=format=json");
	assert_says("Status: 502");
	assert_says("Content-Type: application/problem+json");
	assert_says("\"verdict\":\"cgroup-oom\"");
	assert_says("\"certainty\":\"proven\"");
	assert_says("\"outcome\":\"killed\"");
	assert_says("\"instance\":\"/events/" REQUEST_ID "\"");
	assert_says("\"resident_bytes\":314572800");
	assert_says("\"level\":\"own\"");
	/* Whoever asks for the event at once finds it. */
	assert_true(store_find(&house.watch.store, REQUEST_ID, &event));
}

static void it_reads_well_in_80_columns(void **state)
{
	const char *line;

	(void)state;
	assert_int_equal(views_load("templates"), 0);
	house_master_starts();
	bury(ACCOUNT_PROVEN, 0, OUTCOME_KILLED);
	ask_broken("QUERY_STRING=format=text");
	line = strstr(answer, "\r\n\r\n") + 4;
	assert_memory_equal(line, "Killed: cgroup-oom, proven\n", 27);
	while (*line) {
		size_t length = strcspn(line, "\n");

		if (length > 80)
			fail_msg("%.*s", (int)length, line);
		line += length + 1;
	}
	ask_broken("QUERY_STRING=format=html");
	assert_says("<h1>Killed: cgroup-oom, proven</h1>");
	assert_says("memory.oom_control oom_kill");
}

static void a_death_that_is_recorded_later_is_waited_for(void **state)
{
	pid_t writer;

	(void)state;
	house_master_starts();
	writer = fork();
	if (writer == 0) {
		usleep(150 * 1000);
		bury(ACCOUNT_UNMOVED, 0, OUTCOME_KILLED);
		_exit(0);
	}
	ask_broken("QUERY_STRING=format=json");
	waitpid(writer, NULL, 0);
	assert_says("\"verdict\":\"signal\"");
	assert_in_range(took_us, 140 * 1000, 1000 * 1000);
}

static void without_a_master_the_slot_is_the_last_word(void **state)
{
	(void)state;
	house_slot(7, SLOT_GROWING, REQUEST_ID);
	ask_broken("QUERY_STRING=format=json");
	assert_says("Status: 502");
	assert_says("\"verdict\":\"load-gone\"");
	assert_says("\"resident_bytes\":314572800");
	assert_in_range(took_us, 0, 500 * 1000);
}

static void without_any_trace_it_is_unknown_and_says_so(void **state)
{
	struct event event;

	(void)state;
	house_master_starts();
	house_slot(7, SLOT_GROWING, REQUEST_ID);
	ask_broken("QUERY_STRING=format=json");
	assert_says("Status: 502");
	assert_says("\"verdict\":\"unknown\"");
	assert_says("\"certainty\":\"unproven\"");
	/* It may yet be recorded, or go on. */
	assert_false(store_find(&house.watch.store, REQUEST_ID, &event));
}

static void a_restart_since_then_is_load_gone(void **state)
{
	const char *params[] = {"REQUEST_METHOD=GET", "DOCUMENT_URI=/",
		"QUERY_STRING=format=json", "REQUEST_ID=" REQUEST_ID,
		"OOMLAB_POSTMORTEM=1", "UPSTREAM_CONNECT_TIME=0.001",
		"UPSTREAM_RESPONSE_TIME=5.000", NULL};

	(void)state;
	house_master_starts();
	house.board->header.started_at_ms = scoreboard_now_ms() - 4000;
	ask(params);
	assert_says("\"verdict\":\"load-gone\"");
	assert_says("\"resident_bytes\":null");
}

static void the_same_request_is_one_event(void **state)
{
	struct event_row rows[4];

	(void)state;
	house_slot(7, SLOT_GROWING, REQUEST_ID);
	ask_broken("QUERY_STRING=format=json");
	bury(ACCOUNT_UNREADABLE, 0, OUTCOME_KILLED); /* by a new master */
	collect_now(&house.watch, house.board);
	assert_int_equal(house.watch.collector.next, 2);
	assert_int_equal(store_list(&house.watch.store, &all, rows, 4), 1);
}

static void what_the_master_ended_has_its_outcome(void **state)
{
	(void)state;
	house_master_starts();
	bury(ACCOUNT_UNMOVED, 1, OUTCOME_STALLED);
	ask_broken("QUERY_STRING=format=json");
	assert_says("Status: 503");
	assert_says("\"outcome\":\"stalled\"");
	assert_null(strstr(answer, "verdict"));
}

static void nobody_to_connect_to_is_busy_and_no_kill(void **state)
{
	const char *params[] = {"REQUEST_METHOD=GET", "DOCUMENT_URI=/",
		"QUERY_STRING=format=json", "REQUEST_ID=" REQUEST_ID,
		"OOMLAB_POSTMORTEM=1", "UPSTREAM_CONNECT_TIME=-", NULL};

	(void)state;
	ask(params);
	assert_says("Status: 503");
	assert_says("Retry-After: 1");
	assert_says("\"outcome\":\"busy\"");
}

static void nginxs_refusals_name_what_is_allowed(void **state)
{
	static const struct {
		const char *error, *status, *says;
	} rows[] = {
		{"OOMLAB_ERROR=400", "Status: 400", "malformed"},
		{"OOMLAB_ERROR=413", "Status: 413", "\"parameter\":\"body\""},
		{"OOMLAB_ERROR=413", "Status: 413", "1048576"},
		{"OOMLAB_ERROR=414", "Status: 414", "4 KiB"},
		{"OOMLAB_ERROR=421", "Status: 421", "\"got\":\"evil.example\""},
		{"OOMLAB_ERROR=421", "Status: 421", "(oom.example)"},
		{"OOMLAB_ERROR=503", "Status: 503", "\"busy\""},
		{"OOMLAB_ERROR=497", "Status: 400", "malformed"},
		{"OOMLAB_ERROR=x", "Status: 500", "nginx"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *params[] = {"REQUEST_METHOD=POST", "DOCUMENT_URI=/",
			"QUERY_STRING=format=json", "HTTP_HOST=evil.example",
			rows[i].error, NULL};

		ask(params);
		assert_says(rows[i].status);
		assert_says(rows[i].says);
	}
}

static void an_ordinary_request_passes_the_gate(void **state)
{
	const char *params[] = {
		"REQUEST_METHOD=GET", "DOCUMENT_URI=/status", NULL};
	struct http_exchange x;
	struct request request;
	int result;

	(void)state;
	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	x.context = &house.watch;
	assert_false(gate_answer(&x, &result));
	request_close(&request, answer, sizeof(answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(a_killed_request_reads_its_own_post_mortem),
		HOUSE(it_reads_well_in_80_columns),
		HOUSE(a_death_that_is_recorded_later_is_waited_for),
		HOUSE(without_a_master_the_slot_is_the_last_word),
		HOUSE(without_any_trace_it_is_unknown_and_says_so),
		HOUSE(a_restart_since_then_is_load_gone),
		HOUSE(the_same_request_is_one_event),
		HOUSE(what_the_master_ended_has_its_outcome),
		HOUSE(nobody_to_connect_to_is_busy_and_no_kill),
		HOUSE(nginxs_refusals_name_what_is_allowed),
		HOUSE(an_ordinary_request_passes_the_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
