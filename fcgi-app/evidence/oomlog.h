/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_H
#define OOMLAB_EVIDENCE_OOMLOG_H

/*
 * Reads kernel logs of whatever kernel, prefix and wrapping for what the OOM
 * killer printed (mm/oom_kill.c, mm/memcontrol.c, 2.4 to 6.18), by the shape
 * of each line. Bytes go in as they come, events come out in the order of the
 * text. Memory is the struct below, however long the log or a line is: nothing
 * is allocated, nothing fails. A parser belongs to one thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>

#include "evidence/oomlog_event.h"
#include "evidence/oomlog_parts.h"

/* Called from within feed, flush and finish. The event is lent until return. */
typedef void oomlog_take(void *context, const struct oomlog_event *event);

struct oomlog {
	oomlog_take *take;
	void *context;
	struct oomlog_lines lines;
	struct oomlog_report report;	       /* the one under way */
	struct oomlog_event held[OOMLOG_HELD]; /* oldest first */
	int held_count, hold;
	char kernel[OOMLOG_KERNEL]; /* "6.1.16-3-rpi-ARCH", "" until seen */
	bool kernel_of_report;	    /* and not merely of some trace */
	bool panic_may_repeat;	    /* the line just read */
	int64_t no_killable;	    /* events without a killable process */
};

/* hold: how many finished events wait for a later oom_reaper line that names
 * their victim, 0..OOMLOG_HELD. With 0 an event comes out as soon as the next
 * one begins. */
void oomlog_open(
	struct oomlog *log, int hold, oomlog_take *take, void *context);

/* The next bytes, cut anywhere: lines, or records of /dev/kmsg. */
void oomlog_feed(struct oomlog *log, const char *bytes, size_t length);

/* For a live reader that has seen nothing for a while: hands out the kills that
 * are known. What is going on (a report that has no kill yet, a group whose
 * further victims may follow) goes on. */
void oomlog_flush(struct oomlog *log);

/* The end of the text: hands out everything, incomplete reports too. Feed may
 * begin anew afterwards. */
void oomlog_finish(struct oomlog *log);

#endif
