/* SPDX-License-Identifier: MIT */
/*
 * What is said of a death: the sentence, the evidence line by line with its
 * files and figures, and what could not be read.
 */
#include "verdict_try.h"

static void sentences_are_whole_and_end(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++) {
		struct verdict_result result;
		size_t length;

		judge(&cases[i], &result);
		length = strlen(result.detail);
		if (length < 40 || length >= sizeof(result.detail) - 1 ||
			result.detail[length - 1] != '.' ||
			result.next[0] == '\0')
			fail_msg("%s: \"%s\" \"%s\"", cases[i].why,
				result.detail, result.next);
	}
}

static void the_sentence_says_who_how_much_and_which_limit(void **state)
{
	struct verdict_result result;

	(void)state;
	judge(find("v1, own limit"), &result);
	assert_string_equal(result.detail,
		"Killed by the kernel's OOM killer: request 1a2b3c4d with "
		"400.0 MiB of 878.0 MiB resident, when its cgroup /house/load "
		"reached its own limit of 512.0 MiB.");
	judge(find("an idle worker at the limit"), &result);
	assert_string_equal(result.detail,
		"Killed by the kernel's OOM killer: an idle worker, and no "
		"request with it, when its cgroup /house/load reached its own "
		"limit of 512.0 MiB.");
	judge(find("v1, own limit, another death fits too"), &result);
	assert_memory_equal(result.detail, "Most likely killed by", 21);
}

static const struct verdict_evidence *evidence_of(
	const struct verdict_result *result, const char *source)
{
	for (int i = 0; i < result->evidence_count; i++) {
		if (strcmp(result->evidence[i].source, source) == 0)
			return &result->evidence[i];
	}
	fail_msg("no evidence from %s", source);
	return &result->evidence[0];
}

static void the_evidence_names_files_and_figures(void **state)
{
	const struct verdict_evidence *line;
	struct verdict_result result;

	(void)state;
	judge(find("v1, own limit"), &result);
	line = evidence_of(&result, "waitpid(2)");
	assert_non_null(strstr(line->says, "SIGKILL"));
	assert_true(line->before == FIELD_ABSENT);
	line = evidence_of(&result,
		"/sys/fs/cgroup/house/load/memory.oom_control oom_kill");
	assert_int_equal(line->before, 4);
	assert_int_equal(line->after, 5);
	line = evidence_of(&result, "/sys/fs/cgroup/house/load/memory.failcnt");
	assert_int_equal(line->after, 9);
	evidence_of(&result, "/proc/vmstat oom_kill");
	judge(find("v2, the parent's limit"), &result);
	line = evidence_of(
		&result, "/sys/fs/cgroup/house/memory.events.local oom");
	assert_int_equal(line->after, 9);
}

static bool names(const struct verdict_result *result, const char *source)
{
	for (int i = 0; i < result->unreadable_count; i++) {
		if (strcmp(result->unreadable[i], source) == 0)
			return true;
	}
	return false;
}

static void what_could_not_be_read_is_named(void **state)
{
	struct verdict_result result;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		judge(&cases[i], &result);
		assert_true(names(&result, "kernel log (/dev/kmsg)"));
	}
	judge(find("SIGKILL, no counter"), &result);
	assert_true(names(&result, "memory cgroup (/proc/self/cgroup)"));
	judge(find("v2, the level's own count could not be read"), &result);
	assert_true(names(
		&result, "/sys/fs/cgroup/house/load/memory.events.local oom"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_are_whole_and_end),
		cmocka_unit_test(
			the_sentence_says_who_how_much_and_which_limit),
		cmocka_unit_test(the_evidence_names_files_and_figures),
		cmocka_unit_test(what_could_not_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
