/* SPDX-License-Identifier: MIT */
/*
 * A load's JSON is docs/API.md's, name by name and in its order, that of the
 * ancestor's page included; without memory it is an error, not half a load.
 */
#include "views/load_report.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "views/json.h"
#include "views/page.h"

static void a_cleared_load_is_all_null(void **state)
{
	struct load_report load;
	size_t length;
	char *body;

	(void)state;
	load_report_clear(&load);
	assert_int_equal(
		json_render(load_report_fields, &load, &body, &length), 0);
	assert_string_equal(body,
		"{\"id\":null,\"state\":null,\"outcome\":null,\"kind\":null,"
		"\"requested_bytes\":null,\"resident_bytes\":null,"
		"\"cgroup_delta_bytes\":null,\"swapped_bytes\":null,"
		"\"rss_bytes\":null,\"peak_rss_bytes\":null,"
		"\"minor_faults\":null,\"major_faults\":null,"
		"\"started_at\":null,\"ends_at\":null,\"grow_seconds\":null,"
		"\"held_seconds\":null,\"bytes_per_second\":null,"
		"\"oom_score_adj\":null,\"charged\":{\"place\":null,"
		"\"anon_bytes\":null,\"shmem_bytes\":null,"
		"\"file_bytes\":null,\"unevictable_bytes\":null,"
		"\"kernel_bytes\":null},\"agrees\":null,\"worker\":{\"slot\":null,"
		"\"pid\":null},\"limit\":{\"bytes\":null,"
		"\"headroom_bytes\":null,\"high_bytes\":null,\"level\":null,"
		"\"path\":null,\"source\":null},\"event\":null,"
		"\"ended_at\":null,\"reason\":null}\n");
	free(body);
}

static void fill(struct load_report *load)
{
	load_report_clear(load);
	strcpy(load->id, "0123456789abcdef0123456789abcdef");
	strcpy(load->kind, "rows");
	load->state = LOAD_ENDED;
	load->outcome = OUTCOME_HELD;
	load->requested_bytes = INT64_C(9007199254740993); /* 2^53 + 1 */
	load->cgroup_delta_bytes = -4096;
	load->major_faults = 0;
	load->started_at_ms = 1769860800123;
	load->grow_us = 1204001;
	load->rows = 1000000;
	load->worker.slot = 0;
	load->limit.bytes = INT64_C(1) << 31;
	load->limit.high_bytes = INT64_MAX;
	load->limit.level = LIMIT_OWN;
	strcpy(load->limit.path, "/lab");
}

/* The page's JSON is the load's, with its figure beside it. */
static void a_pages_json_is_the_loads(void **state)
{
	static const char *const parts[] = {
		"{\"id\":\"0123456789abcdef0123456789abcdef\","
		"\"state\":\"ended\",\"outcome\":\"held\",\"kind\":\"rows\","
		"\"requested_bytes\":9007199254740993,",
		"\"cgroup_delta_bytes\":-4096,", "\"major_faults\":0,",
		"\"started_at\":\"2026-01-31T12:00:00.123Z\",",
		"\"grow_seconds\":1.204001,", "\"slot\":0,\"pid\":null}",
		"{\"bytes\":2147483648,\"headroom_bytes\":null,"
		"\"high_bytes\":null,\"level\":\"own\",\"path\":\"/lab\",",
		"\"rows\":1000000,\"rss_mb\":\"1105.0\"}\n"};
	struct page_report page = {.rss_mb = "1105.0"};
	size_t length;
	char *body;

	(void)state;
	fill(&page.load);
	assert_int_equal(
		view_render(HTTP_JSON, &page_view, &page, &body, &length), 0);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strstr(body, parts[i]))
			fail_msg("no %s in %s", parts[i], body);
	free(body);
}

/* cJSON's own hooks: every allocation fails once. */
static int allocations_left;

static void *failing_malloc(size_t size)
{
	return allocations_left-- == 0 ? NULL : malloc(size);
}

static void no_memory_is_an_error_and_no_leak(void **state)
{
	cJSON_Hooks hooks = {failing_malloc, free};
	struct load_report load;
	size_t length;
	char *body;
	int failures = 0;

	(void)state;
	fill(&load);
	cJSON_InitHooks(&hooks);
	for (allocations_left = 0;
		json_render(load_report_fields, &load, &body, &length) < 0;
		allocations_left = failures)
		failures++;
	cJSON_InitHooks(NULL);
	assert_true(failures > 30);
	free(body);
}

static void every_state_and_outcome_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(load_state_words[LOAD_GROWING], "growing");
	assert_string_equal(load_state_words[LOAD_ENDED], "ended");
	assert_null(load_outcome_words[OUTCOME_NONE]);
	for (int i = OUTCOME_HELD; i < OUTCOME_COUNT; i++)
		assert_non_null(load_outcome_words[i]);
	assert_string_equal(load_outcome_words[OUTCOME_KILLED], "killed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cleared_load_is_all_null),
		cmocka_unit_test(a_pages_json_is_the_loads),
		cmocka_unit_test(no_memory_is_an_error_and_no_leak),
		cmocka_unit_test(every_state_and_outcome_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
