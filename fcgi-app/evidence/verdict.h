/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_VERDICT_H
#define OOMLAB_EVIDENCE_VERDICT_H

/*
 * Where a kill is judged. A pure function from what was read about one death
 * to a verdict, how sure it is, and the evidence line by line; docs/API.md,
 * "The post-mortem", has the words, docs/DESIGN.md, "Verdicts are earned", the
 * rules. Thread-safe, allocates nothing.
 */
#include "evidence/kernel_kill.h"
#include "readings/headroom.h"
#include "scoreboard/scoreboard.h"

enum verdict {
	VERDICT_CGROUP_OOM,
	VERDICT_HOST_OOM,
	VERDICT_OOM,
	VERDICT_GROUP_OOM,
	VERDICT_SIGNAL,
	VERDICT_CRASH,
	VERDICT_LOAD_GONE,
	VERDICT_UNKNOWN,
	VERDICT_COUNT
};

enum certainty {
	CERTAINTY_PROVEN,
	CERTAINTY_LIKELY,
	CERTAINTY_UNPROVEN,
	CERTAINTY_COUNT
};

#define VERDICT_EVIDENCE   32
#define VERDICT_UNREADABLE 8

struct verdict_evidence {
	char source[320]; /* file, counter or call it was read from */
	char says[320];	  /* what that means */
	int64_t before, after; /* FIELD_ABSENT where there is none */
};

struct verdict_facts {
	const struct scoreboard_death *death;
	const struct load_report *load; /* as last known */
	const struct scoreboard_level *levels; /* levels[level_count] */
	int level_count;
	int cgroup_version;
	bool ancestors_visible;
	bool master_gone; /* nobody reaped it: the lock was free */
	const struct kernel_kill *log; /* NULL: the log was not read */
};

struct verdict_result {
	int32_t verdict, certainty;
	int32_t signal; /* 0: none, or unknown */
	char detail[400]; /* one sentence that a tired person understands */
	char next[400];	  /* what the person can do now */
	struct limit limit; /* whose limit was hit; cleared for the rest */
	int32_t evidence_count;
	struct verdict_evidence evidence[VERDICT_EVIDENCE];
	int32_t unreadable_count;
	char unreadable[VERDICT_UNREADABLE][320];
};

void verdict_judge(
	const struct verdict_facts *facts, struct verdict_result *out);

/* "SIGKILL", or "signal 64". */
void verdict_signal_name(int number, char *out, size_t size);

extern const char *const verdict_words[];   /* by enum, NULL-ended */
extern const char *const certainty_words[];

#endif
