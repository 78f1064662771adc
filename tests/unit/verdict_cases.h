/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_VERDICT_CASES_H
#define OOMLAB_TESTS_VERDICT_CASES_H

/*
 * Deaths, each as load's master would have recorded it, and what they are to
 * be called. DESIGN.md, "Verdicts are earned": 137 alone is never an OOM kill,
 * a level is named only by its own counts, and `proven` is never wrong.
 */
#include "evidence/verdict.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MIB  (INT64_C(1) << 20)
#define GIB  (INT64_C(1) << 30)
#define NONE INT64_MAX

#define KILLED	  SIGKILL
#define EXITED(n) ((n) << 8)

/* One level: its limit, and what it said before and after. */
struct level {
	int64_t limit_bytes;
	int64_t usage[2], hits[2]; /* hits: v1 failcnt, v2 local oom */
	int64_t peak[2];	   /* 0: at the usage */
	int64_t swap_hits[2];	   /* v1 memsw.failcnt */
};

struct death_case {
	const char *why;
	int version, level_count;
	bool visible, gone, reaped, idle, by_master;
	int wait_status;
	enum oom_account account;
	int64_t oom_kill[2];
	int64_t group_kill[2], oomd[2]; /* v2, own level */
	struct level levels[2];
	int64_t hierarchical_bytes; /* v1; 0: own limit */
	int64_t available[2];	    /* 0: plenty */
	int64_t most_bytes;	    /* own usage as seen in between */
	enum verdict verdict;
	enum certainty certainty;
	enum limit_level level;
	int64_t limit_bytes; /* -1: none is named */
};

/* clang-format off */
#define FULL512      {512 * MIB, {511 * MIB, 400 * MIB}, {3, 9}, {0}, {0}}
#define ROOMY(limit) {limit, {300 * MIB, 200 * MIB}, {5, 5}, {0}, {0}}
/* As on 6.18 with equal limits of memory and swap. */
#define DEAD512      {512 * MIB, {300 * MIB, 9 * MIB}, {0, 0}, \
			{512 * MIB, 512 * MIB}, {0, 0}}
#define REAPED	     .reaped = true
#define V1(n)	     .version = 1, .level_count = n
#define V2(n)	     .version = 2, .level_count = n
#define MOVED	     .oom_kill = {4, 5}
#define OOM(account_) .wait_status = KILLED, .account = account_
#define UNMOVED	     .oom_kill = {4, 4}
/* clang-format on */

static const struct death_case cases[] = {
	{"v1, own limit", V1(1), REAPED, MOVED, OOM(ACCOUNT_PROVEN), .levels = {FULL512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, own limit of memory and swap, as Docker sets it", V1(1), REAPED,
		MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {{512 * MIB, {494 * MIB, 7 * MIB}, {0, 0},
			{512 * MIB, 512 * MIB}, {30, 31}}},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, no count moves, the peak is at the limit, all is seen", V1(2),
		REAPED, MOVED, .visible = true, OOM(ACCOUNT_PROVEN), .levels = {DEAD512, ROOMY(NONE)},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, no count moves, two peaks are at their limits", V1(2), REAPED,
		MOVED, .visible = true, OOM(ACCOUNT_PROVEN), .levels = {DEAD512, DEAD512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_LIKELY,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, no count moves, somebody hidden may be full", V1(1), REAPED,
		MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {DEAD512}, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"v1, no count moves, but it was seen at its limit", V1(1), REAPED,
		MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {DEAD512}, .most_bytes = 511 * MIB,
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, own limit, another death fits too", V1(1), REAPED, MOVED,
		OOM(ACCOUNT_LIKELY),
		.levels = {FULL512}, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"v1, growth too fast for a reading: only the peak got there", V1(1),
		REAPED, MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {{512 * MIB, {20 * MIB, 20 * MIB}, {3, 9},
			{20 * MIB, 512 * MIB}}},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, failcnt moved before the first reading, at the limit", V1(1),
		REAPED, MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {{512 * MIB, {512 * MIB, 100 * MIB}, {9, 9}, {0},
			{0}}},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, second of two: no reading before its kill", V1(1), REAPED,
		.oom_kill = {5, 5}, OOM(ACCOUNT_PROVEN),
		.levels = {{512 * MIB, {512 * MIB, 100 * MIB}, {9, 9}, {0},
			{0}}},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, at the limit while the host was nearly out too", V1(1), REAPED,
		MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {FULL512}, .available = {60 * MIB, 800 * MIB},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_LIKELY,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, an ancestor that can be seen", V1(2), REAPED, MOVED,
		.visible = true, OOM(ACCOUNT_PROVEN), .levels = {ROOMY(NONE), FULL512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_ANCESTOR, .limit_bytes = 512 * MIB},
	{"v1, own and ancestor both at their limits", V1(2), REAPED, MOVED,
		.visible = true, OOM(ACCOUNT_PROVEN), .levels = {FULL512, FULL512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_LIKELY,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"v1, a hidden ancestor at whose limit we stood", V1(1), REAPED, MOVED,
		OOM(ACCOUNT_PROVEN),
		.levels = {{NONE, {255 * MIB, 100 * MIB}, {0, 0}, {0}, {0}}},
		.hierarchical_bytes = 256 * MIB, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_PROVEN, .level = LIMIT_ANCESTOR,
		.limit_bytes = 256 * MIB},
	{"v1, a hidden ancestor that others may have filled", V1(1), REAPED,
		MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {{NONE, {90 * MIB, 80 * MIB}, {0, 0}, {0}, {0}}},
		.hierarchical_bytes = 256 * MIB, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_ANCESTOR,
		.limit_bytes = 256 * MIB},
	{"v1, a hidden ancestor, or a host that was low", V1(1), REAPED, MOVED,
		OOM(ACCOUNT_PROVEN),
		.levels = {{NONE, {90 * MIB, 80 * MIB}, {0, 0}, {0}, {0}}},
		.hierarchical_bytes = 256 * MIB,
		.available = {60 * MIB, 200 * MIB}, .verdict = VERDICT_HOST_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_HOST,
		.limit_bytes = 16 * GIB},
	{"v1, no limit, the host was low", V1(1), REAPED, MOVED,
		.visible = true, OOM(ACCOUNT_PROVEN), .levels = {ROOMY(NONE)},
		.available = {60 * MIB, 9 * GIB}, .verdict = VERDICT_HOST_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_HOST,
		.limit_bytes = 16 * GIB},
	{"v1, no level fits and the host had memory", V1(1), REAPED, MOVED,
		OOM(ACCOUNT_PROVEN),
		.levels = {ROOMY(512 * MIB)}, .verdict = VERDICT_OOM,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"v1, failcnt moves as cache is reclaimed, far from the limit", V1(1),
		REAPED, MOVED, OOM(ACCOUNT_PROVEN),
		.levels = {{512 * MIB, {300 * MIB, 300 * MIB}, {5, 8}, {0},
			{0}}},
		.verdict = VERDICT_OOM, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"v2, own limit", V2(2), REAPED, MOVED, .visible = true,
		OOM(ACCOUNT_PROVEN),
		.levels = {FULL512, ROOMY(-1)}, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_PROVEN, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"v2, the parent's limit", V2(2), REAPED, MOVED, OOM(ACCOUNT_PROVEN), .levels = {ROOMY(NONE), FULL512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_ANCESTOR, .limit_bytes = 512 * MIB},
	{"v2, both levels counted an OOM", V2(2), REAPED, .oom_kill = {4, 6},
		OOM(ACCOUNT_PROVEN),
		.levels = {FULL512, FULL512}, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"v2, no level counted, all can be seen, the host had memory", V2(2),
		REAPED, MOVED, .visible = true, OOM(ACCOUNT_PROVEN),
		.levels = {ROOMY(512 * MIB), ROOMY(-1)},
		.verdict = VERDICT_OOM, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"v2, no level counted, all can be seen, the host was low", V2(2),
		REAPED, MOVED, .visible = true, OOM(ACCOUNT_PROVEN),
		.levels = {ROOMY(512 * MIB), ROOMY(-1)},
		.available = {60 * MIB, 200 * MIB},
		.verdict = VERDICT_HOST_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_HOST, .limit_bytes = 16 * GIB},
	{"v2, no level counted, ancestors hidden", V2(1), REAPED, MOVED,
		OOM(ACCOUNT_PROVEN),
		.levels = {ROOMY(512 * MIB)}, .verdict = VERDICT_OOM,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"v2, hidden ancestors and a host that was low", V2(1), REAPED, MOVED,
		OOM(ACCOUNT_LIKELY),
		.levels = {ROOMY(512 * MIB)}, .available = {9 * MIB, 90 * MIB},
		.verdict = VERDICT_OOM, .certainty = CERTAINTY_LIKELY,
		.limit_bytes = -1},
	{"v2, the level's own count could not be read", V2(2), REAPED, MOVED,
		.visible = true, OOM(ACCOUNT_PROVEN),
		.levels =
			{{512 * MIB, {511 * MIB, 9 * MIB}, {-1, -1}, {0}, {0}},
				ROOMY(-1)},
		.verdict = VERDICT_OOM, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"kill -9, counter unmoved, even at the limit", V1(1), REAPED, UNMOVED,
		OOM(ACCOUNT_UNMOVED),
		.levels = {FULL512}, .verdict = VERDICT_SIGNAL,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"kill -9 while others are killed for memory", V1(1), REAPED, MOVED,
		OOM(ACCOUNT_UNLIKELY),
		.levels = {FULL512}, .verdict = VERDICT_SIGNAL,
		.certainty = CERTAINTY_LIKELY, .limit_bytes = -1},
	{"SIGKILL, no counter", .version = 0, REAPED, .oom_kill = {-1, -1},
		OOM(ACCOUNT_UNREADABLE), .verdict = VERDICT_UNKNOWN,
		.certainty = CERTAINTY_UNPROVEN, .limit_bytes = -1},
	{"SIGKILL, and the whole machine counted no OOM kill", .version = 0,
		REAPED, UNMOVED, OOM(ACCOUNT_UNREADABLE),
		.verdict = VERDICT_SIGNAL, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"SIGKILL, the machine counted an OOM kill and was low", .version = 0,
		REAPED, MOVED, OOM(ACCOUNT_UNREADABLE), .visible = true,
		.available = {60 * MIB, 500 * MIB}, .verdict = VERDICT_HOST_OOM,
		.certainty = CERTAINTY_LIKELY, .level = LIMIT_HOST,
		.limit_bytes = 16 * GIB},
	{"SIGKILL, the machine counted somebody's OOM kill", .version = 0,
		REAPED, MOVED, OOM(ACCOUNT_UNREADABLE),
		.verdict = VERDICT_UNKNOWN, .certainty = CERTAINTY_UNPROVEN,
		.limit_bytes = -1},
	{"SIGTERM", V1(1), REAPED, MOVED, .wait_status = SIGTERM,
		.account = ACCOUNT_UNMOVED, .levels = {FULL512},
		.verdict = VERDICT_SIGNAL, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"SIGSEGV with the counter moving", V1(1), REAPED, MOVED,
		.wait_status = SIGSEGV | 0x80, .account = ACCOUNT_PROVEN,
		.levels = {FULL512}, .verdict = VERDICT_CRASH,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"exit 137 is an exit, and no signal", V1(1), REAPED, MOVED,
		.wait_status = EXITED(137), .account = ACCOUNT_PROVEN,
		.levels = {FULL512}, .verdict = VERDICT_CRASH,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"an idle worker at the limit", V1(1), REAPED, MOVED, .idle = true,
		OOM(ACCOUNT_PROVEN),
		.levels = {FULL512}, .verdict = VERDICT_CGROUP_OOM,
		.certainty = CERTAINTY_PROVEN, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"nobody reaped it, the master is gone", V1(1), MOVED, .gone = true,
		.levels = {FULL512}, .verdict = VERDICT_LOAD_GONE,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"memory.oom.group took all, at the own limit", V2(2), MOVED,
		.visible = true, .gone = true, .group_kill = {0, 1},
		.levels = {FULL512, ROOMY(-1)}, .verdict = VERDICT_GROUP_OOM,
		.certainty = CERTAINTY_PROVEN, .level = LIMIT_OWN,
		.limit_bytes = 512 * MIB},
	{"memory.oom.group took all, at the parent's limit", V2(2), MOVED,
		.gone = true, .group_kill = {3, 4},
		.levels = {ROOMY(NONE), FULL512}, .verdict = VERDICT_GROUP_OOM,
		.certainty = CERTAINTY_PROVEN, .level = LIMIT_ANCESTOR,
		.limit_bytes = 512 * MIB},
	{"memory.oom.group took all, one was reaped before", V2(2), MOVED,
		REAPED, .wait_status = KILLED, .visible = true, .gone = true,
		.group_kill = {0, 1}, .levels = {FULL512, ROOMY(-1)},
		.verdict = VERDICT_GROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"gone, an OOM kill was counted, but none of a group", V2(2), MOVED,
		.visible = true, .gone = true, .group_kill = {1, 1},
		.levels = {FULL512, ROOMY(-1)}, .verdict = VERDICT_LOAD_GONE,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"gone, systemd-oomd noted a kill", V2(2), UNMOVED, .visible = true,
		.gone = true, .oomd = {0, 3}, .levels = {FULL512, ROOMY(-1)},
		.verdict = VERDICT_SIGNAL, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"gone, systemd-oomd had noted one long before", V2(2), UNMOVED,
		.visible = true, .gone = true, .oomd = {3, 3},
		.levels = {FULL512, ROOMY(-1)}, .verdict = VERDICT_LOAD_GONE,
		.certainty = CERTAINTY_PROVEN, .limit_bytes = -1},
	{"reaped, but the master went before it was settled", V1(1), REAPED,
		.gone = true, .wait_status = KILLED, .levels = {FULL512},
		.verdict = VERDICT_LOAD_GONE, .certainty = CERTAINTY_LIKELY,
		.limit_bytes = -1},
	{"a crash is one, though the master went with it", V1(1), REAPED,
		.gone = true, .wait_status = SIGSEGV, .levels = {FULL512},
		.verdict = VERDICT_CRASH, .certainty = CERTAINTY_PROVEN,
		.limit_bytes = -1},
	{"no death was recorded, the master lives", V1(1), UNMOVED,
		.levels = {FULL512}, .verdict = VERDICT_UNKNOWN,
		.certainty = CERTAINTY_UNPROVEN, .limit_bytes = -1},
	{"a bystander: the counter moved without a death", V1(1), MOVED,
		.idle = true, .account = ACCOUNT_PROVEN, .levels = {FULL512},
		.verdict = VERDICT_CGROUP_OOM, .certainty = CERTAINTY_PROVEN,
		.level = LIMIT_OWN, .limit_bytes = 512 * MIB},
	{"the master's own SIGKILL has no verdict", V1(1), REAPED, MOVED,
		.by_master = true, OOM(ACCOUNT_PROVEN), .levels = {FULL512},
		.verdict = VERDICT_COUNT, .certainty = CERTAINTY_COUNT,
		.limit_bytes = -1},
	{"an account of another version", V1(1), REAPED, MOVED,
		.wait_status = KILLED, .account = (enum oom_account)77,
		.levels = {FULL512}, .verdict = VERDICT_UNKNOWN,
		.certainty = CERTAINTY_UNPROVEN, .limit_bytes = -1},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

#endif
