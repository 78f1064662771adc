/* SPDX-License-Identifier: MIT */
/*
 * The same report however it came: behind every prefix, wrapped at blanks or
 * at a column, in pieces of any size, among NULs and lines without end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "oomlog_house.h"

static const char *const report[] = {
	"CPU 2/KVM invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
	"oom_score_adj=872",
	"CPU: 3 PID: 10612 Comm: CPU 2/KVM Not tainted 5.3.18-59-default #1",
	"memory: usage 8388608kB, limit 8388608kB, failcnt 8630",
	"swap: usage 0kB, limit 0kB, failcnt 0",
	"Memory cgroup stats for /vm/a:", "anon 8573157376", "file 16777216",
	"Tasks state (memory values in pages):",
	"[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
	"oom_score_adj name",
	"[  26471]     0 26471     8869     6762   110592        0             "
	"0 Web Content",
	"[  26474]   107 26474  1759986  1495696 12369920        4           "
	"986 "
	"qemu-system-x86",
	"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
	"mems_allowed=0,oom_memcg=/vm/a,task_memcg=/vm/a/b,"
	"task=qemu-system-x86,pid=26474,uid=107",
	"Memory cgroup out of memory: Killed process 26474 (qemu-system-x86) "
	"total-vm:7039944kB, anon-rss:5976536kB, file-rss:6248kB, "
	"shmem-rss:0kB, UID:107 pgtables:12080kB oom_score_adj:986",
	NULL};

static void check(struct seen *seen, const char *why)
{
	const struct oomlog_event *event = &seen->events[0];

	print_message("%s\n", why);
	assert_int_equal(seen->count, 1);
	assert_int_equal(event->kind, OOMLOG_KILL);
	assert_string_equal(event->invoker_comm, "CPU 2/KVM");
	assert_int_equal(event->invoker_pid, 10612);
	assert_int_equal(event->invoker_oom_score_adj, 872);
	assert_string_equal(event->gfp_mask, "0xcc0");
	assert_int_equal(event->memcg.usage_kb, 8388608);
	assert_int_equal(event->memcg.limit_kb, 8388608);
	assert_int_equal(event->memcg.anon_kb, 8573157376 / 1024);
	assert_int_equal(event->tasks_listed, 2);
	assert_string_equal(event->task_memcg, "/vm/a/b");
	assert_string_equal(event->victim_comm, "qemu-system-x86");
	assert_int_equal(event->pgtables_kb, 12080);
	assert_int_equal(event->victim_oom_score_adj, 986);
	assert_int_equal(event->page_kb, 4);
	/* 986 thousandths of 2097152 pages, as the kernel divides */
	assert_int_equal(event->victim.badness,
		1495696 + 4 + 12369920 / 4096 + 986 * (2097152 / 1000));
	assert_int_equal(event->rank, 1);
	assert_int_equal(event->task_count, 1);
	assert_string_equal(event->tasks[0].comm, "Web Content");
	assert_string_equal(seen->log.kernel, "5.3.18-59-default");
	free(seen);
}

static const char *const prefixes[] = {"", "[ 8435.312982] ",
	"<6>[ 8435.312982] ", "[ 8435.312982][ T1234] ", "[ 8435.31][    C0] ",
	"[Thu Dec  7 00:05:14 2017] ", "[jeu. déc.  7 00:05:14 2017] ",
	"2024-04-29T14:55:41,678628+02:00 ",
	"Sep  2 01:53:42 h kernel: ", "Sep  2 01:53:42 kernel: [ 8435.312982] ",
	"2026-09-15T05:34:05.102892+00:00 web-1 kernel: ",
	"2026-09-24T19:58:04+0300 h kernel: ",
	"Thu 2026-09-24 19:58:04 CEST h kernel: ", "[ 8435.312982] h kernel: ",
	"1757914445.102892 h kernel: ", "avril 16 21:08:50 h kernel: ",
	" 4月 16 21:08:50 h kernel: ", "kernel: ", "> > [ 8435.312982] ",
	"    ", "\t[ 8435.312982]  ", "4,1000,8435312982,-;",
	"4,1000,8435312982,-,caller=T12;",
	"Fri Aug  7 08:24:06 2026 kern.info kernel: [13579.902240] ",
	"kern  :warn  : [ 8435.312982] ", "[ 8435.312982 <    0.000012>] ",
	"[  +0.000012] ", "[Nov25 16:25] ", "**", "- [ 8435.312982] ",
	"root@h:/ l[ 8435.312982] ", "\x1b[32m[ 8435.312982] \x1b[0m",
	"a-1  | [ 8435.312982] ",
	"Nov 25 12:00:00 vm-1 klogd: ", "41066.536886] "};

static char *with_prefix(const char *prefix, const char *end)
{
	char *text = calloc(1, 8192);
	size_t used = 0;

	assert_non_null(text);
	for (int i = 0; report[i]; i++)
		used += (size_t)snprintf(text + used, 8192 - used, "%s%s%s",
			prefix, report[i], end);
	return text;
}

static void any_prefix_is_taken_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		char *text = with_prefix(prefixes[i], "\n");

		check(read_text(text), prefixes[i]);
		free(text);
	}
}

static void any_piece_size_gives_the_same(void **state)
{
	char *text = with_prefix("[ 8435.312982] ", "\r\n");

	(void)state;
	for (size_t piece = 1; piece < 200; piece += 7)
		check(read_pieces(text, strlen(text), piece), "pieces");
	free(text);
}

/* Breaks each line at the last blank before so many columns. */
static void wrap_at_blanks(char *text, size_t columns)
{
	char *start = text, *blank = NULL;

	for (; *text; text++) {
		if (*text == '\n') {
			start = text + 1;
			blank = NULL;
		} else if (*text == ' ' && text > start && text[-1] != ' ' &&
			   (size_t)(text - start) > 20) {
			blank = text;
		}
		if ((size_t)(text - start) >= columns && blank) {
			*blank = '\n';
			start = blank + 1;
			blank = NULL;
		}
	}
}

static void mail_wraps_at_blanks(void **state)
{
	static const char *const some[] = {
		"", "[ 8435.312982] ", "Sep  2 01:53:42 h kernel: "};

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		char *text = with_prefix(some[i], "\n");

		wrap_at_blanks(text, 72);
		check(read_text(text), text);
		free(text);
	}
}

static void a_terminal_wraps_at_a_column(void **state)
{
	char *text = with_prefix("[ 8435.312982] ", "\n");
	char *hard = calloc(2, 8192), *to = hard;
	size_t column = 0;

	(void)state;
	assert_non_null(hard);
	for (const char *at = text; *at; at++) {
		if (column++ == 80 && *at != '\n') {
			*to++ = '\n';
			column = 1;
		}
		if (*at == '\n')
			column = 0;
		*to++ = *at;
	}
	check(read_text(hard), hard);
	free(hard);
	free(text);
}

static void kmsg_properties_are_no_text(void **state)
{
	char *text = with_prefix("6,1,8435312982,-;",
		"\n SUBSYSTEM=acpi\n DEVICE=+acpi:x\\x41\n");

	(void)state;
	check(read_text(text), "kmsg");
	free(text);
}

static void nuls_and_endless_lines_do_no_harm(void **state)
{
	size_t size = 3 << 20;
	char *text = calloc(1, size), *end = text + size - 8192;
	char *tail = with_prefix("[ 8435.312982] ", "\n");

	(void)state;
	assert_non_null(text);
	memset(text, 'x', size / 2); /* a line of 1.5 MiB */
	memcpy(text + size / 2 - 32, " invoked oom-killer: gfp_mask=0", 31);
	*end++ = '\n'; /* and NULs to its end */
	memcpy(end, tail, strlen(tail));
	check(read_pieces(text, size, 64), "pieces of 64");
	check(read_pieces(text, size, size), "whole");
	free(tail);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_prefix_is_taken_off),
		cmocka_unit_test(any_piece_size_gives_the_same),
		cmocka_unit_test(mail_wraps_at_blanks),
		cmocka_unit_test(a_terminal_wraps_at_a_column),
		cmocka_unit_test(kmsg_properties_are_no_text),
		cmocka_unit_test(nuls_and_endless_lines_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
