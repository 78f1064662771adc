/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_REPORT_H
#define OOMLAB_EVIDENCE_OOMLOG_REPORT_H

/*
 * Which lines are of one event. The kernel prints a report in one order, under
 * a lock; so a line that stands before another in that order, and comes after
 * it in the text, is of another event. Nothing is joined across that, nor
 * across minutes.
 */
#include "evidence/oomlog.h"

/* In the kernel's order. */
enum oomlog_stage {
	STAGE_NONE,
	STAGE_HEAD, /* "invoked oom-killer" */
	STAGE_INFO, /* the cgroup's or the machine's memory */
	STAGE_TABLE,
	STAGE_NAMED,  /* "oom-kill:constraint=" */
	STAGE_CHOSEN, /* "Kill process N (x) score N or sacrifice child" */
	STAGE_KILLED,
};

/* The event that a line of stage belongs to, a new one if need be. opens: such
 * a line is an OOM report's alone. */
struct oomlog_event *oomlog_report_at(struct oomlog *log, int stage, bool opens,
	const struct oomlog_stamp *stamp);

/* The event that a kill of pid belongs to; NULL where the same event has
 * printed that kill before. */
struct oomlog_event *oomlog_report_kill(
	struct oomlog *log, int64_t pid, const struct oomlog_stamp *stamp);

/* Whether a line of this time may be of the report under way. */
bool oomlog_report_near(
	const struct oomlog_report *report, const struct oomlog_stamp *stamp);

/* Ends the report under way: held, if there is something to tell. */
void oomlog_report_end(struct oomlog *log);

/* Hands out held events until so many are left. */
void oomlog_report_release(struct oomlog *log, int left);

/* An oom_reaper line names pid. */
void oomlog_report_reaped(struct oomlog *log, int64_t pid);

/* Fills what follows from all of a report: scope, rows, badness
 * (oomlog_badness.c). */
void oomlog_report_conclude(
	const struct oomlog_report *report, struct oomlog_event *event);

/* Adds a row to those kept (oomlog_badness.c). */
void oomlog_report_row(
	struct oomlog_report *report, const struct oomlog_named_row *row);

#endif
