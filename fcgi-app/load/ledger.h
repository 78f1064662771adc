/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_LEDGER_H
#define OOMLAB_LOAD_LEDGER_H

/*
 * Which SIGKILL was an OOM kill: deaths held against the increments of the
 * cgroup's oom_kill counter. The kernel counts a kill before it sends the
 * signal (mm/oom_kill.c, __oom_kill_process), so a process whose death is seen
 * before the counter moved was killed by somebody else; and a kill that was
 * counted may belong to a process that is still on its way out. Pure
 * bookkeeping: whoever calls reads the counter first, then looks who is dying.
 */
#include <stdbool.h>
#include <stdint.h>

#include "scoreboard/scoreboard.h"

struct ledger {
	int64_t accounted; /* the counter, as far as deaths explain it */
};

/* One process that died of SIGKILL and is not settled yet. */
struct ledger_death {
	int64_t badness; /* what the kernel would choose by: bytes */
	int32_t account; /* enum oom_account: set when settled */
};

struct ledger_look {
	int64_t counter; /* oom_kill, -1 when it cannot be read */
	int dying;	 /* others of the cgroup with a SIGKILL pending */
	int missing;	 /* processes not ours that have left the cgroup since
			    the last settled look */
	bool last;	 /* settle now, however unsure */
};

/* Settles all of deaths[count], or none. Returns whether they are settled;
 * *strays then counts the increments that no death of ours explains (somebody
 * else of the cgroup was killed). With count 0 only strays are looked for. */
bool ledger_settle(struct ledger *ledger, const struct ledger_look *look,
	struct ledger_death *deaths, int count, int *strays);

#endif
