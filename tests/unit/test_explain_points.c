/* SPDX-License-Identifier: MIT */
/*
 * The sentences of an explained kill: they say what the text has, and that
 * something is missing where it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oomlog_house.h"
#include "views/explain.h"

#define HEAD \
	"x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=2, " \
	"oom_score_adj=0\n"
#define TABLE \
	"[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents " \
	"oom_score_adj name\n" \
	"[      5]     0     5      100       60     8192        3         " \
	"  500 a\n" \
	"[      6]     0     6      100       90     8192        0         " \
	"-1000 b\n"
#define KILLED(cause) \
	cause ": Killed process 5 (a) total-vm:400kB, anon-rss:200kB, " \
	      "file-rss:40kB, shmem-rss:0kB, UID:7 pgtables:8kB " \
	      "oom_score_adj:500\n"
#define MEMCG \
	"memory: usage 8000kB, limit 8000kB, failcnt 3\n" \
	"swap: usage 0kB, limit 0kB, failcnt 0\n" \
	"Memory cgroup stats for /a:\nanon 4096000\nshmem 1024\n" \
	"inactive_file 2048\nactive_file 1024\n"

/* clang-format off */
static const struct {
	const char *text, *about, *says;
} cases[] = {
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"who asked", "x, for 4 pages in a row (gfp_mask 0xcc0 GFP_KERNEL)"},
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"whose limit", "7.8 MiB used of 7.8 MiB (100 %). No swap may be used."},
	/* 500 thousandths of 2000 pages, as the kernel divides */
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"why that one", "Badness 1065 pages: 60 resident + 3 swapped + 2 of page "
		"tables + 500 thousandths of 2000. None of the 2 tasks"},
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"reclaimable", "Page cache of 3.0 KiB"},
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"also large", "b (6) 360.0 KiB, exempt."},
	{HEAD MEMCG TABLE KILLED("Memory cgroup out of memory"),
		"what to do", "Raise memory.max of that cgroup"},
	/* What there is in all is not in the text, so neither is the badness. */
	{TABLE KILLED("Out of memory"),
		"why that one", "a part of its badness is not in the text"},
	{KILLED("Out of memory"), "why that one", "cannot be reckoned"},
	{KILLED("Out of memory"), "who asked", "Not in the text"},
	{KILLED("Out of memory"), "whose limit", "is not in the text"},
	{"Killed process 5 (a)\n", "what happened",
		"Whose memory ran out is not in the text; the kernel killed a (pid 5)."},
	{HEAD, "what happened", "No line here says whether anybody was killed."},
	{"x invoked oom-killer: gfp_mask=0x0, order=-1, oom_score_adj=0\n"
		KILLED("Out of memory"), "what happened", "by SysRq f"},
	{"Out of memory: Kill process 4 (p) score 9 or sacrifice child\n"
		"Killed process 5 (a) total-vm:4kB\n",
		"why that one", "had chosen p (4, score 9 of 1000)"},
	{"memory: usage 8kB, limit 9007199254740988kB, failcnt 3\n"
		KILLED("Memory cgroup out of memory"), "whose limit", "no limit"},
};
/* clang-format on */

static void each_point_says_what_the_text_has(void **state)
{
	static struct explain_point points[EXPLAIN_POINTS];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen *seen = read_text(cases[i].text);
		int count = explain_points(&seen->events[0], points), at = 0;

		assert_int_equal(seen->count, 1);
		while (at < count && strcmp(points[at].about, cases[i].about))
			at++;
		if (at == count || !strstr(points[at].says, cases[i].says))
			fail_msg("\"%s\" is not in: %s", cases[i].says,
				at < count ? points[at].says : "(nothing)");
		free(seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_point_says_what_the_text_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
