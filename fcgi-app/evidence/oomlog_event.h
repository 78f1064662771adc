/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_EVENT_H
#define OOMLAB_EVIDENCE_OOMLOG_EVENT_H

/*
 * What a kernel log tells of one OOM kill, or of a report that has no kill:
 * plain data of a fixed size. Absent is FIELD_ABSENT, -1 for a flag that is
 * not known, "" for a text. Sizes are in kB as the kernel prints them (KiB),
 * a task table's in pages. docs/API.md, "A kernel log, explained".
 */
#include <stdint.h>

#include "views/fields.h"

#define OOMLOG_COMM 64	 /* a name is 15 bytes; a hostile log's may not be */
#define OOMLOG_PATH 1024 /* a kernel's line is not longer */
#define OOMLOG_TOP  8	 /* rows kept of a task table, beside the victim's */

enum oomlog_kind {
	OOMLOG_KILL,	   /* one victim that has a "Killed process" line */
	OOMLOG_INCOMPLETE, /* a head, a tail or a table without one */
};

enum oomlog_scope { /* -1: nothing says */
	OOMLOG_HOST,
	OOMLOG_MEMCG,
	OOMLOG_CPUSET,
	OOMLOG_MEMPOLICY,
	OOMLOG_UNKNOWN, /* a kill without a sign of whose limit it was */
	OOMLOG_SCOPES
};

extern const char *const oomlog_scope_words[];

/* A row of "Tasks state (memory values in pages)". */
struct oomlog_task {
	char comm[OOMLOG_COMM];
	int64_t pid, uid, oom_score_adj;
	int64_t total_vm, rss, swap; /* pages */
	int64_t pgtables;	     /* pages; see pgtables_in_bytes */
	int64_t badness;	     /* pages, as oom_badness() has reckoned
					since 2.6.36; absent for -1000 and where
					a part of it is not in the text */
};

/* Of "memory: usage" and "Memory cgroup stats"; v1's cache and rss are file
 * and anon. */
struct oomlog_memcg {
	int64_t usage_kb, limit_kb;
	int64_t swap_limit_kb;	/* v2: of swap alone */
	int64_t memsw_limit_kb; /* v1: of both */
	int64_t anon_kb, file_kb, shmem_kb, kernel_kb, slab_kb;
	int64_t active_file_kb, inactive_file_kb, slab_reclaimable_kb;
};

/* The host's, in pages, but for swap. */
struct oomlog_host {
	int64_t swap_total_kb, swap_free_kb;
	int64_t ram, reserved, free;
	int64_t active_file, inactive_file, slab_reclaimable;
};

struct oomlog_event {
	int32_t kind; /* enum oomlog_kind */
	int32_t scope;

	/* Of the line of the kill, else of the report's first one. */
	char at[48];	      /* the time as it was printed */
	int64_t monotonic_us; /* since the boot, where it has that */

	char invoker_comm[OOMLOG_COMM];
	int64_t invoker_pid, invoker_oom_score_adj;
	char gfp_mask[24], gfp_flags[256];
	int64_t order; /* -1: SysRq f */

	char constraint[48]; /* CONSTRAINT_MEMCG */
	char oom_memcg[OOMLOG_PATH], task_memcg[OOMLOG_PATH];
	char group_memcg[OOMLOG_PATH]; /* that memory.oom.group killed whole */

	char victim_comm[OOMLOG_COMM];
	int64_t victim_pid, victim_uid, victim_oom_score_adj;
	int64_t total_vm_kb, anon_rss_kb, file_rss_kb, shmem_rss_kb;
	int64_t pgtables_kb;
	char chosen_comm[OOMLOG_COMM]; /* whose child was killed instead */
	int64_t chosen_pid, chosen_score;
	char named_comm[OOMLOG_COMM]; /* by the oom-kill: line */
	int64_t named_pid;
	int32_t group_kill, reaped, no_killable;

	struct oomlog_memcg memcg;
	struct oomlog_host host;

	int64_t page_kb;      /* where the text tells it */
	int64_t total_pages;  /* RAM and swap that badness is held against */
	int64_t tasks_listed; /* rows in the text */
	int64_t rank;	      /* of the victim's badness, 1 the highest; absent
				 unless that of every row is known */
	struct oomlog_task victim; /* its row; pid absent: none */
	int32_t task_count;
	struct oomlog_task tasks[OOMLOG_TOP]; /* the others, worst first */
};

/* Everything absent. */
void oomlog_event_clear(struct oomlog_event *event);

#endif
