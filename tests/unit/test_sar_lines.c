/* SPDX-License-Identifier: MIT */
/*
 * GET /sar as it is answered: which samples become lines, where the table
 * begins, and that a kill has a line in the second before it.
 */
#include "watch/handlers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_house.h"
#include "http/route.h"
#include "request.h"
#include "watch/sample_pack.h"
#include "watch/state.h"
#include "watch/watch.h"

#define BASE_MS INT64_C(1769898600000) /* 2026-01-31 22:30:00 UTC */

static struct watch watch;
static char answer[1 << 20];

static void sample_at(int64_t ms)
{
	unsigned char bytes[SAMPLE_PACK_MAX];
	struct sample sample;

	sample_clear(&sample);
	sample.host.memory.free_bytes = ms * 1024; /* to know it by */
	samples_put(&watch.store.samples, BASE_MS + ms, bytes,
		sample_pack(&sample, bytes), false);
}

static void kill_at(int64_t ms)
{
	struct event event;

	make_event((int)ms, true, &event);
	event.row.at_ms = BASE_MS + ms;
	store_add(&watch.store, &event);
}

/* The status of a refusal, 0 when it was answered: then answer has it. */
static int ask(const char *query)
{
	char text[256];
	const char *params[] = {"REQUEST_METHOD=GET", "DOCUMENT_URI=/sar", text,
		"REQUEST_ID=" REQUEST_ID, NULL};
	const struct http_rules rules = {NULL};
	struct http_exchange x;
	struct request request;
	int status;

	(void)snprintf(text, sizeof(text), "QUERY_STRING=%s", query);
	request_open(&request, params);
	http_exchange_open(&x, &request.fcgi);
	x.context = &watch;
	status = http_route(&x, watch_routes, &rules) == 0 &&
				 x.route->handle(&x) == 0
			 ? 0
			 : x.problem.status;
	request_close(&request, answer, sizeof(answer));
	return status;
}

/* The lines' MemFree, which is their time, with "!" behind a marked one, after
 * the head's time: "22:30:00: 1000 2000!2". */
static void assert_lines(const char *query, const char *expected)
{
	char *rest, lines[4096] = "";

	assert_int_equal(ask(query), 0);
	for (char *line = strtok_r(answer, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		const char *mark = strstr(line, "<- "), *more;
		size_t used = strlen(lines);

		if (strncmp(line, "22:", 3) != 0)
			continue;
		if (strstr(line, "kbmemfree")) {
			snprintf(lines + used, sizeof(lines) - used,
				"%.8s:", line);
			continue;
		}
		more = mark ? strstr(mark, "(+") : NULL;
		snprintf(lines + used, sizeof(lines) - used,
			mark ? " %d!%d" : " %d", atoi(line + 11),
			more ? atoi(more + 2) + 1 : 1);
	}
	assert_string_equal(lines, expected);
}

static void a_line_is_the_first_sample_of_its_second(void **state)
{
	(void)state;
	for (int ms = 0; ms <= 5000; ms += 100)
		sample_at(ms + 3);
	assert_lines("", "22:29:59: 3 1003 2003 3003 4003 5003");
	assert_lines("count=2", "22:30:03: 4003 5003");
	assert_lines("count=2&to=2026-01-31T22:30:04Z", "22:30:01: 2003 3003");
	assert_lines("from=2026-01-31T22:30:02Z&to=2026-01-31T22:30:04Z",
		"22:30:01: 2003 3003");
	assert_lines(
		"from=2026-01-31T22:30:02.500Z&count=2", "22:30:02: 3003 4003");
	assert_lines("step=2s", "22:29:58: 3 2003 4003");
	assert_lines("step=500ms&count=3", "22:30:03: 4003 4503 5003");
}

static void a_gap_is_no_line(void **state)
{
	(void)state;
	sample_at(0);
	sample_at(9000);
	sample_at(600000);
	assert_lines("count=2", "22:30:00: 9000 600000");
	assert_lines("from=2026-01-31T22:30:05Z", "22:30:08: 9000 600000");
	assert_lines("from=2026-01-31T22:35:00Z&to=2026-01-31T22:36:00Z", "");
}

static void a_kill_is_marked_on_the_line_it_fell_before(void **state)
{
	(void)state;
	for (int ms = 0; ms <= 3000; ms += 100)
		sample_at(ms);
	kill_at(500);
	kill_at(1000);
	kill_at(1001);
	kill_at(3001); /* the next table's */
	assert_lines("count=3", "22:30:00: 1000!2 2000!1 3000");
	assert_lines("from=2026-01-31T22:30:02Z", "22:30:01: 2000!1 3000");
	assert_lines("count=1", "22:30:02: 3000");
}

static void a_kill_far_from_a_line_brings_one(void **state)
{
	(void)state;
	sample_at(0);
	sample_at(1000);
	sample_at(1900);
	sample_at(4000);
	kill_at(2000); /* a second after a line: near enough */
	assert_lines("count=2", "22:30:00: 1000 4000!1");
	kill_at(2500);
	assert_lines("count=2", "22:30:00: 1000 1900!1 4000!1");
	kill_at(3000);
	assert_lines("count=2", "22:30:00: 1000 1900!1 4000!2");
	assert_lines("count=1&step=10s", "22:29:50: 0");
}

static void a_step_that_is_long_keeps_what_was_before_a_kill(void **state)
{
	(void)state;
	for (int ms = 0; ms <= 20000; ms += 1000)
		sample_at(ms);
	kill_at(5500);
	kill_at(5600);
	kill_at(7300);
	assert_lines("step=10s&count=2", "22:30:00: 5000 7000!2 10000!1 20000");
}

static void too_many_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i <= 5000; i++)
		sample_at(i * 100);
	assert_int_equal(
		ask("step=100ms&from=2026-01-31T22:30:00Z&format=json"), 400);
	assert_int_equal(
		ask("step=100ms&from=2026-01-31T22:30:00Z&count=500"), 0);
	assert_non_null(strstr(answer, "\nAverage:        24950 "));
}

static int open_watch(void **state)
{
	(void)state;
	return store_open(&watch.store, NULL);
}

static int close_watch(void **state)
{
	(void)state;
	store_close(&watch.store);
	return 0;
}

#define WATCH(test)                                                            \
	cmocka_unit_test_setup_teardown(test, open_watch, close_watch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH(a_line_is_the_first_sample_of_its_second),
		WATCH(a_gap_is_no_line),
		WATCH(a_kill_is_marked_on_the_line_it_fell_before),
		WATCH(a_kill_far_from_a_line_brings_one),
		WATCH(a_step_that_is_long_keeps_what_was_before_a_kill),
		WATCH(too_many_are_refused),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
