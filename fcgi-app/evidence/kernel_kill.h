/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_KERNEL_KILL_H
#define OOMLAB_EVIDENCE_KERNEL_KILL_H

/*
 * What the kernel log says of one death: the part of an oomlog event that a
 * verdict needs. Plain data of a fixed size, kept with the event. Absent as in
 * evidence/oomlog_event.h; texts are cut off, a path at its front.
 */
#include <stdint.h>

#include "evidence/oomlog_event.h"

/* As `readable` and `unreadable` call it. */
#define KERNEL_LOG_NAME "kernel log (/dev/kmsg)"

enum kernel_log_state {
	KERNEL_LOG_UNREADABLE,
	KERNEL_LOG_UNASKED, /* can be read, but has nothing to do with it */
	KERNEL_LOG_SILENT, /* read without a gap, and it names nobody who fits */
	KERNEL_LOG_GAPS,   /* likewise, but records were lost */
	KERNEL_LOG_FOUND,
};

struct kernel_kill {
	int32_t state; /* enum kernel_log_state; the rest is FOUND's */
	int32_t scope; /* enum oomlog_scope */
	int32_t group_kill;
	int64_t read_at_ms; /* since 1970: when the watch read it */
	int64_t victim_pid; /* of the host's pid namespace */
	int64_t anon_rss_kb, file_rss_kb, shmem_rss_kb;
	int64_t usage_kb, limit_kb; /* of the cgroup that was hit */
	int64_t invoker_pid;
	char victim_comm[16], invoker_comm[16];
	char oom_memcg[128], task_memcg[128];
	char line[320]; /* "Killed process ...", as the kernel wrote it */
};

void kernel_kill_fill(const struct oomlog_event *event, const char *line,
	int64_t read_at_ms, struct kernel_kill *out);

/* Whether the limit of the victim's own cgroup was hit: 1, or that of one above
 * it: 0, or -1 where the log does not tell. */
int kernel_kill_own_limit(const struct kernel_kill *kill);

#endif
