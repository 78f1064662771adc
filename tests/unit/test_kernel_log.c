/* SPDX-License-Identifier: MIT */
/*
 * The kernel log, live, from a pipe in the place of /dev/kmsg: who finds which
 * kill, once; whose words are believed; what is said when there is no word.
 */
#include "watch/kernel_log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scoreboard/scoreboard.h"

#define KILL(comm, pid) \
	"Memory cgroup out of memory: Killed process " pid " (" comm ") " \
	"total-vm:539624kB, anon-rss:254472kB, file-rss:1852kB, " \
	"shmem-rss:1444kB, UID:33 pgtables:564kB oom_score_adj:1000\n"
#define HOST_KILL(comm, pid) \
	"Out of memory: Killed process " pid " (" comm ") total-vm:99kB, " \
	"anon-rss:88kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB " \
	"oom_score_adj:0\n"
#define CONSTRAINT \
	"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)," \
	"cpuset=/,mems_allowed=0,oom_memcg=/docker/ab,task_memcg=/docker/ab," \
	"task=oom:1a2b3c4d,pid=77,uid=33\n"

static struct kernel_log log_; /* half a megabyte: not for the stack */
static char root[] = "/tmp/oomlab-kmsg-XXXXXX";
static int writer;

static int open_log(void **state)
{
	char path[64];

	(void)state;
	snprintf(root, sizeof(root), "/tmp/oomlab-kmsg-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	snprintf(path, sizeof(path), "%s/dev", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/dev/kmsg", root);
	if (mkfifo(path, 0600) < 0 || kernel_log_open(&log_, root) < 0)
		return -1;
	writer = open(path, O_WRONLY | O_CLOEXEC);
	return log_.fd < 0 || writer < 0 ? -1 : 0;
}

static int close_log(void **state)
{
	char path[64];

	(void)state;
	kernel_log_close(&log_);
	close(writer);
	snprintf(path, sizeof(path), "%s/dev/kmsg", root);
	unlink(path);
	snprintf(path, sizeof(path), "%s/dev", root);
	rmdir(path);
	return rmdir(root);
}

/* One record, as /dev/kmsg gives one a read. */
static void say(int priority, const char *text)
{
	static int sequence;
	char record[1024];
	int length = snprintf(record, sizeof(record), "%d,%d,%d,-;%s", priority,
		sequence, sequence * 1000, text);

	sequence++;
	assert_int_equal(write(writer, record, (size_t)length), length);
	kernel_log_catch_up(&log_);
}

static struct kernel_kill find(const char *id, const char *comm, bool host_only)
{
	struct kernel_log_search search = {.comm = comm,
		.from_ms = log_.opened_at_ms,
		.to_ms = INT64_MAX,
		.host_only = host_only};
	struct kernel_kill found;

	snprintf(search.id, sizeof(search.id), "%s", id);
	kernel_log_find(&log_, &search, &found);
	return found;
}

static void a_kill_is_found_by_its_name_with_its_own_line(void **state)
{
	struct kernel_kill found;

	(void)state;
	say(6, CONSTRAINT);
	say(3, KILL("oom:1a2b3c4d", "77"));
	found = find("one", "oom:1a2b3c4d", false);
	assert_int_equal(found.state, KERNEL_LOG_FOUND);
	assert_int_equal(found.scope, OOMLOG_MEMCG);
	assert_int_equal(found.victim_pid, 77);
	assert_int_equal(found.anon_rss_kb, 254472);
	assert_string_equal(found.oom_memcg, "/docker/ab");
	assert_int_equal(kernel_kill_own_limit(&found), 1);
	assert_memory_equal(found.line, "Memory cgroup out of memory", 27);
	assert_non_null(strstr(found.line, "oom_score_adj:1000"));
}

static void it_is_nobody_elses_from_then_on(void **state)
{
	(void)state;
	say(3, KILL("oom:1a2b3c4d", "77"));
	assert_int_equal(
		find("one", "oom:1a2b3c4d", false).state, KERNEL_LOG_FOUND);
	assert_int_equal(
		find("one", "oom:1a2b3c4d", false).state, KERNEL_LOG_FOUND);
	assert_int_equal(
		find("two", "oom:1a2b3c4d", false).state, KERNEL_LOG_SILENT);
}

static void of_several_that_fit_none_is_taken(void **state)
{
	struct kernel_log_search search = {.id = "one",
		.comm = "oomlab:idle",
		.from_ms = log_.opened_at_ms,
		.to_ms = INT64_MAX};
	struct kernel_kill found;

	(void)state;
	say(3, KILL("oomlab:idle", "77"));
	say(3, KILL("oomlab:idle", "78"));
	kernel_log_find(&log_, &search, &found);
	assert_int_equal(found.state, KERNEL_LOG_UNASKED);
	search.pid = 78;
	kernel_log_find(&log_, &search, &found);
	assert_int_equal(found.state, KERNEL_LOG_FOUND);
	assert_int_equal(found.victim_pid, 78);
}

static void who_is_not_named_is_not_found(void **state)
{
	(void)state;
	say(3, KILL("oom:1a2b3c4d", "77"));
	assert_int_equal(
		find("one", "oom:1a2b3c4e", false).state, KERNEL_LOG_SILENT);
}

static void only_the_kernel_is_believed(void **state)
{
	(void)state;
	say(8 + 3, KILL("oom:1a2b3c4d", "77")); /* facility 1: a user's */
	assert_int_equal(
		find("one", "oom:1a2b3c4d", false).state, KERNEL_LOG_SILENT);
}

static void a_bystander_is_none_of_ours(void **state)
{
	(void)state;
	say(3, HOST_KILL("oom:1a2b3c4d", "77"));
	say(3, KILL("postgres", "78"));
	assert_int_equal(find("one", NULL, true).state, KERNEL_LOG_SILENT);
	say(3, HOST_KILL("java", "79"));
	assert_string_equal(find("one", NULL, true).victim_comm, "java");
	assert_string_equal(find("two", NULL, false).victim_comm, "postgres");
}

static void what_was_before_the_start_is_not_known(void **state)
{
	struct kernel_log_search search = {.id = "one",
		.comm = "oom:1a2b3c4d",
		.from_ms = log_.opened_at_ms - 1,
		.to_ms = INT64_MAX};
	struct kernel_kill found;

	(void)state;
	kernel_log_find(&log_, &search, &found);
	assert_int_equal(found.state, KERNEL_LOG_UNREADABLE);
}

static void a_group_marks_who_was_handed_out_before(void **state)
{
	(void)state;
	say(6, CONSTRAINT);
	say(3, KILL("oom:1a2b3c4d", "77"));
	say(6, "Tasks in /docker/ab are going to be killed due to "
	       "memory.oom.group set\n");
	say(3, KILL("oomlab", "70"));
	say(6, "wlan0: something else\n");
	assert_int_equal(find("one", "oom:1a2b3c4d", false).group_kill, 1);
}

static void what_is_no_log_is_not_read(void **state)
{
	static struct kernel_log other;
	char path[64], null[64];

	(void)state;
	snprintf(null, sizeof(null), "%s/null", root);
	snprintf(path, sizeof(path), "%s/null/dev", root);
	mkdir(null, 0700);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/null/dev/kmsg", root);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(kernel_log_open(&other, null), 0);
	assert_int_equal(other.fd, -1);
	assert_int_not_equal(other.fault, 0);
	kernel_log_close(&other);
	unlink(path);
	snprintf(path, sizeof(path), "%s/null/dev", root);
	rmdir(path);
	rmdir(null);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_kill_is_found_by_its_name_with_its_own_line, open_log,
			close_log),
		cmocka_unit_test_setup_teardown(
			it_is_nobody_elses_from_then_on, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			of_several_that_fit_none_is_taken, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			who_is_not_named_is_not_found, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			only_the_kernel_is_believed, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			a_bystander_is_none_of_ours, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			what_was_before_the_start_is_not_known, open_log,
			close_log),
		cmocka_unit_test_setup_teardown(
			a_group_marks_who_was_handed_out_before, open_log,
			close_log),
		cmocka_unit_test_setup_teardown(
			what_is_no_log_is_not_read, open_log, close_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
