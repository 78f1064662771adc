/* SPDX-License-Identifier: MIT */
/*
 * process_status_parse() is not fooled by a process's name, knows a pending
 * SIGKILL from any other signal, and has no memory to tell of a zombie. The
 * readers are held against live processes: one's own, a zombie, a gone one.
 */
#include "readings/process.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "descriptors.h"
#include "readings/file.h"

#define KIB INT64_C(1024)

static struct process_status captured(const char *name)
{
	struct process_status status;
	char text[8192];
	int fd = file_open(TEST_DATA "/status/", name);
	ssize_t length = file_read_fd(fd, text, sizeof(text));

	assert_true(length > 0);
	close(fd);
	process_status_parse(text, (size_t)length, &status);
	return status;
}

static void each_figure_is_taken_from_its_line(void **state)
{
	struct process_status status = captured("sleeping");

	(void)state;
	assert_int_equal(status.state, 'S');
	assert_int_equal(status.rss_bytes, 1780 * KIB);
	assert_int_equal(status.peak_rss_bytes, 2048 * KIB);
	assert_int_equal(status.swapped_bytes, 12 * KIB);
	assert_int_equal(status.rss_anon_bytes, 116 * KIB);
	assert_int_equal(status.rss_file_bytes, 1660 * KIB);
	assert_int_equal(status.rss_shmem_bytes, 4 * KIB);
	assert_int_equal(status.locked_bytes, 64 * KIB);
	assert_int_equal(status.page_tables_bytes, 44 * KIB);
}

static void state_and_sigkill_are_told(void **state)
{
	static const struct {
		const char *name, *why;
		char state;
		bool sigkill_pending;
	} cases[] = {
		{"sleeping", "the usual", 'S', false},
		{"hostile-name", "a name cannot forge a line", 'S', false},
		{"sigkill-thread", "pending for the thread", 'R', true},
		{"sigkill-shared", "pending for the process", 'D', true},
		{"sigterm-pending", "bits 10 and 15; 9 of SigCgt", 'S', false},
		{"zombie", "dead", 'Z', false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct process_status status = captured(cases[i].name);

		print_message("  %s: %s\n", cases[i].name, cases[i].why);
		assert_int_equal(status.state, cases[i].state);
		assert_int_equal(
			status.sigkill_pending, cases[i].sigkill_pending);
	}
}

static void a_zombie_has_no_memory_to_tell(void **state)
{
	struct process_status status = captured("zombie");

	(void)state;
	assert_int_equal(status.rss_bytes, -1);
	assert_int_equal(status.peak_rss_bytes, -1);
	assert_int_equal(status.swapped_bytes, -1);
	assert_int_equal(status.locked_bytes, -1);
}

static void a_cut_text_tells_nothing(void **state)
{
	static const char *const texts[] = {"", "State:", "State:\t",
		"State:\t\n", "SigPnd:\t", "ShdPnd:\tx100", "Name:\tState:\tX"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct process_status status;

		process_status_parse(texts[i], strlen(texts[i]), &status);
		assert_int_equal(status.state, 0);
		assert_false(status.sigkill_pending);
		assert_int_equal(status.rss_bytes, -1);
	}
}

static void resident_memory_follows_what_is_touched(void **state)
{
	size_t size = 64 << 20;
	int fd = process_statm_open(0);
	int64_t before = process_statm_rss(fd), minor, major, then;
	struct process_status status;
	char *memory;

	(void)state;
	process_faults(&minor, &major);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	memset(memory, 1, size);
	assert_in_range(process_statm_rss(fd) - before, 60 << 20, 72 << 20);
	assert_int_equal(process_status_read(0, &status), 0);
	assert_true(status.rss_anon_bytes >= 60 << 20);
	assert_true(status.peak_rss_bytes >= status.rss_anon_bytes);
	process_faults(&then, &major);
	assert_true(then > minor);
	munmap(memory, size);
	close(fd);
}

/* Dead but not reaped, then reaped: the two ends of a worker. */
static void a_process_may_go_at_any_moment(void **state)
{
	struct process_status status;
	siginfo_t info;
	pid_t pid = fork();
	int fd;

	(void)state;
	if (pid == 0)
		pause();
	assert_true(pid > 0);
	fd = process_statm_open(pid);
	assert_true(process_statm_rss(fd) > 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(process_status_read(pid, &status), 0);
	assert_int_equal(status.state, 'Z');
	assert_int_equal(status.rss_bytes, -1);
	assert_int_equal(process_statm_rss(fd), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(process_statm_rss(fd), -1);
	assert_int_equal(errno, ESRCH);
	assert_int_equal(process_status_read(pid, &status), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(status.state, 0);
	assert_int_equal(process_statm_open(pid), -1);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEEPS_DESCRIPTORS(each_figure_is_taken_from_its_line),
		KEEPS_DESCRIPTORS(state_and_sigkill_are_told),
		KEEPS_DESCRIPTORS(a_zombie_has_no_memory_to_tell),
		KEEPS_DESCRIPTORS(a_cut_text_tells_nothing),
		KEEPS_DESCRIPTORS(resident_memory_follows_what_is_touched),
		KEEPS_DESCRIPTORS(a_process_may_go_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
