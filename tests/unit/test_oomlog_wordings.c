/* SPDX-License-Identifier: MIT */
/*
 * Every wording of a kill and of its report that a kernel has had, by its
 * shape: who, how large, whose limit. One event a text, none for what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oomlog_house.h"

#define A FIELD_ABSENT

/* clang-format off */
static const struct {
	const char *why, *text, *comm;
	int64_t pid, chosen, total_vm_kb, adj;
	int scope;
} kills[] = {
	{"2.4", "Out of Memory: Killed process 2019 (emacs).\n",
		"emacs", 2019, A, A, A, OOMLOG_HOST},
	{"2.6.18, a child", "Out of memory: kill process 8029 (java) score 62823 or a child\n"
		"Killed process 8030 (java)\n",
		"java", 8030, 8029, A, A, OOMLOG_HOST},
	{"2.6.16", "Out of Memory: Kill process 4117 (init) score 12 and children.\n"
		"Out of memory: Killed process 4118 (foo).\n",
		"foo", 4118, 4117, A, A, OOMLOG_HOST},
	{"2.6.34 says vsz", "Out of memory: kill process 5 (a) score 1 or a child\n"
		"Killed process 5 (a) vsz:100kB, anon-rss:8kB, file-rss:4kB\n",
		"a", 5, 5, 100, A, OOMLOG_HOST},
	{"EL6 has a UID", "Killed process 11726, UID 498, (mysqld) total-vm:7823732kB, "
		"anon-rss:2539268kB, file-rss:768kB\n",
		"mysqld", 11726, A, 7823732, A, OOMLOG_UNKNOWN},
	{"2.6 cpuset", "No available memory in cpuset: kill process 7 (x) score 3 or a child\n"
		"Killed process 7 (x)\n", "x", 7, 7, A, A, OOMLOG_CPUSET},
	{"2.6 mempolicy", "No available memory (MPOL_BIND): kill process 7 (x) score 3 or a child\n"
		"Killed process 7 (x)\n", "x", 7, 7, A, A, OOMLOG_MEMPOLICY},
	{"3.x memcg", "Memory cgroup out of memory: Kill process 4142 (python3) score 68 or "
		"sacrifice child\nKilled process 4254 (python3) total-vm:11968kB, "
		"anon-rss:4288kB, file-rss:3972kB\n",
		"python3", 4254, 4142, 11968, A, OOMLOG_MEMCG},
	{"whoever asks is killed", "Out of memory (oom_kill_allocating_task): Kill process 9 "
		"(a b) score 0 or sacrifice child\nKilled process 9 (a b) total-vm:1kB\n",
		"a b", 9, 9, 1, A, OOMLOG_HOST},
	{"the same, 5.x", "Out of memory (oom_kill_allocating_task): Killed process 9 (a) "
		"total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB "
		"oom_score_adj:-7\n", "a", 9, A, 1, -7, OOMLOG_HOST},
	{"5.0, sharers are no victims", "Memory cgroup out of memory: Killed process 3 (a) "
		"total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB\n"
		"Kill process 4 (b) sharing same memory\n", "a", 3, A, 1, A, OOMLOG_MEMCG},
	{"parentheses", "Out of memory: Killed process 857 ((sd-pam)) total-vm:8kB\n",
		"(sd-pam)", 857, A, 8, A, OOMLOG_HOST},
	{"one parenthesis", "Out of memory: Killed process 8 (a) (b) total-vm:8kB\n",
		"a) (b", 8, A, 8, A, OOMLOG_HOST},
	{"colons, slashes", "Out of memory: Killed process 8 (tmux: server) total-vm:8kB\n",
		"tmux: server", 8, A, 8, A, OOMLOG_HOST},
	{"cut within a figure", "Out of memory: Killed process 8 (a) total-vm:94",
		"a", 8, A, A, A, OOMLOG_HOST},
	{"cut within the name", "Out of memory: Killed process 8 (mysq",
		"", 8, A, A, A, OOMLOG_HOST},
	{"a constraint of no mainline kernel", "oom-kill:constraint=CONSTRAINT_NEW,nodemask=(null),"
		"cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=a,pid=8,uid=0\n"
		"Memory cgroup out of memory: Killed process 8 (a) total-vm:8kB\n",
		"a", 8, A, 8, A, OOMLOG_MEMCG},
};
/* clang-format on */

static void each_wording_is_one_kill(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
		struct seen *seen = read_text(kills[i].text);
		const struct oomlog_event *event = &seen->events[0];

		print_message("%s\n", kills[i].why);
		assert_int_equal(seen->count, 1);
		assert_int_equal(event->kind, OOMLOG_KILL);
		assert_string_equal(event->victim_comm, kills[i].comm);
		assert_int_equal(event->victim_pid, kills[i].pid);
		assert_int_equal(event->chosen_pid, kills[i].chosen);
		assert_int_equal(event->total_vm_kb, kills[i].total_vm_kb);
		assert_int_equal(event->victim_oom_score_adj, kills[i].adj);
		assert_int_equal(event->scope, kills[i].scope);
		free(seen);
	}
}

static const char *const none[] = {
	"oom_reaper: reaped process 5 (a), now anon-rss:0kB\n",
	"Kill process 4 (b) sharing same memory\n",
	"oomd[1]: Killed process 12 (x)\n",
	"Jan  5 15:19:27 host1 app[7]: Out of memory: Killed process 1 (a)\n",
	"Jan  5 15:19:27 host1 npd[7]: saw \"[ 1.5] Out of memory: Killed "
	"process 1 (a)\"\n",
	"Jan  5 15:19:27 host1 npd[7]: [ 1.5] Out of memory: Killed process 1 "
	"(a)\n",
	"java.lang.OutOfMemoryError: Out of memory\n",
	"Out of memory\n",
	"Mem-Info:\nactive_anon:1 inactive_anon:2\nFree swap  = 0kB\n"
	"Total swap = 8kB\n",
	"sysrq: Show Memory\nMem-Info:\nTotal swap = 8kB\n",
	"[ 1.5] x: page allocation failure: order:0, mode:0x4\n[ 1.6] "
	"Mem-Info:\n"
	"[ 1.7] Total swap = 8kB\n",
	"lowmemorykiller: Killing 'foo' (123), adj 900\n",
	"[12345] 1 2 3 4 5 6 7 x\n", /* no table: tgid is another */
	"",
	"\n\n\n",
};

static void what_is_no_oom_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct seen *seen = read_text(none[i]);

		print_message("%s\n", none[i]);
		assert_int_equal(seen->count, 0);
		assert_int_equal(seen->log.no_killable, 0);
		free(seen);
	}
}

static void nobody_killable_is_counted_once(void **state)
{
	static const char text[] =
		"x invoked oom-killer: gfp_mask=0x0, order=0, oom_score_adj=0\n"
		"Out of memory and no killable processes...\n"
		"Kernel panic - not syncing: Out of memory and no killable "
		"processes...\n"
		"---[ end Kernel panic - not syncing: Out of memory and no "
		"killable processes... ]---\n";
	struct seen *seen = read_text(text);

	(void)state;
	assert_int_equal(seen->log.no_killable, 1);
	assert_int_equal(seen->count, 1);
	assert_int_equal(seen->events[0].kind, OOMLOG_INCOMPLETE);
	assert_int_equal(seen->events[0].no_killable, 1);
	free(seen);
}

/* Found by the fuzzer: they were added. */
static void figures_that_no_machine_has_are_absent(void **state)
{
	static const char text[] =
		"memory: usage 9223372036854775807kB, limit 8kB, failcnt 1\n"
		"Memory cgroup stats for /a: "
		"inactive_file:9223372036854775807KB "
		"active_file:4KB\n"
		"Memory cgroup out of memory: Killed process 8 (a) "
		"total-vm:9223372036854775807kB, anon-rss:4kB\n";
	struct seen *seen = read_text(text);

	(void)state;
	assert_int_equal(seen->count, 1);
	assert_int_equal(seen->events[0].memcg.usage_kb, FIELD_ABSENT);
	assert_int_equal(seen->events[0].memcg.inactive_file_kb, FIELD_ABSENT);
	assert_int_equal(seen->events[0].memcg.active_file_kb, 4);
	assert_int_equal(seen->events[0].total_vm_kb, FIELD_ABSENT);
	assert_int_equal(seen->events[0].anon_rss_kb, 4);
	free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wording_is_one_kill),
		cmocka_unit_test(what_is_no_oom_is_none),
		cmocka_unit_test(nobody_killable_is_counted_once),
		cmocka_unit_test(figures_that_no_machine_has_are_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
