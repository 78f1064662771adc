/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_KERNEL_LOG_H
#define OOMLAB_WATCH_KERNEL_LOG_H

/*
 * The kernel log, live: /dev/kmsg (Documentation/ABI/testing/dev-kmsg) from the
 * watch's start on, its OOM kills kept until their deaths ask for them. What
 * it costs is taken at the start. Thread-safe once it is open.
 */
#include <pthread.h>

#include "evidence/kernel_kill.h"
#include "evidence/oomlog.h"

#define KERNEL_LOG_PATH	 "/dev/kmsg"
#define KERNEL_LOG_KILLS 512 /* a storm's, and some more */
#define KERNEL_LOG_LINES 64  /* raw, until their event is complete */

struct kernel_log_kill {
	char claimed_by[33]; /* the event that has it, "": none yet */
	struct kernel_kill kill;
};

struct kernel_log {
	pthread_mutex_t lock;
	int fd;	   /* -1: unreadable */
	int fault; /* errno, then */
	int64_t opened_at_ms; /* what was before is not known */
	int64_t lost_at_ms; /* when records were last overwritten unread; 0 */
	uint64_t count; /* kills read; they stand at count % KERNEL_LOG_KILLS */
	uint64_t line_count;
	int64_t overruns, lost_lines; /* since it was opened */
	uint64_t sequence;	      /* of the last record read; 0: none */
	struct oomlog parser;
	struct kernel_log_kill *kills; /* [KERNEL_LOG_KILLS] */
	char lines[KERNEL_LOG_LINES][320];
};

/* Never fails for want of the log: then it is unreadable, and fault says why.
 * -1 with errno without memory. root: "" is the live system. */
int kernel_log_open(struct kernel_log *log, const char *root);
void kernel_log_close(struct kernel_log *log);

/* How it was read so far. */
struct kernel_log_health {
	bool readable;
	int64_t overruns;   /* how often records were overwritten unread */
	int64_t lost_lines; /* how many those were, by their numbers */
};

void kernel_log_health(struct kernel_log *log, struct kernel_log_health *out);

/* Reads what there is by now. */
void kernel_log_catch_up(struct kernel_log *log);

/* Who is looked for. */
struct kernel_log_search {
	char id[33];	  /* of the event: asking twice finds the same */
	const char *comm; /* the victim's name; NULL: any that is not ours */
	int64_t pid;	  /* for a name that others have too: it must be this
			     one; 0: the name is its own */
	int64_t from_ms, to_ms; /* when it was read */
	bool host_only; /* of the machine's own OOM killer alone */
	int64_t until_ms; /* a line that is not there yet is waited for */
};

/* Catches up and looks; the kill that is found is nobody else's from then on.
 * A kill is printed just after it was done, so its line may yet come. SILENT
 * only where the log was read without a gap since from_ms; of several that fit
 * and cannot be told apart, none is found, and that is UNASKED. */
void kernel_log_find(struct kernel_log *log,
	const struct kernel_log_search *search, struct kernel_kill *out);

/* pthread_create(3)'s; watch is a struct watch. */
void *kernel_log_run(void *watch);

#endif
