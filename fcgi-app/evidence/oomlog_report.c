/* SPDX-License-Identifier: MIT */
/*
 * From lines to events. One report is under way at a time; what it knows is
 * copied when it ends or, in a kill of a whole cgroup, for each victim. Those
 * that ended wait a little for the line of the oom_reaper, which often comes
 * when the next report has begun.
 */
#include "evidence/oomlog_report.h"

#include <string.h>

#include "evidence/oomlog_lines.h"

#define TOGETHER_S 120 /* a report took 35 s over a slow serial console */
#define GROUP_S	   5   /* from one victim of a group to the next */
#define DAY_S	   86400

const char *const oomlog_scope_words[] = {
	[OOMLOG_HOST] = "host",
	[OOMLOG_MEMCG] = "memcg",
	[OOMLOG_CPUSET] = "cpuset",
	[OOMLOG_MEMPOLICY] = "mempolicy",
	[OOMLOG_UNKNOWN] = "unknown",
	[OOMLOG_SCOPES] = NULL,
};

static void absent(int64_t *first, const void *end)
{
	for (; (const void *)first < end; first++)
		*first = FIELD_ABSENT;
}

static void task_clear(struct oomlog_task *task)
{
	task->comm[0] = '\0';
	absent(&task->pid, task + 1);
}

void oomlog_event_clear(struct oomlog_event *event)
{
	event->kind = OOMLOG_INCOMPLETE;
	event->scope = -1;
	event->at[0] = '\0';
	event->monotonic_us = FIELD_ABSENT;
	event->invoker_comm[0] = '\0';
	absent(&event->invoker_pid, event->gfp_mask);
	event->gfp_mask[0] = event->gfp_flags[0] = '\0';
	event->order = FIELD_ABSENT;
	event->constraint[0] = '\0';
	event->oom_memcg[0] = event->task_memcg[0] = '\0';
	event->group_memcg[0] = event->victim_comm[0] = '\0';
	absent(&event->victim_pid, event->chosen_comm);
	event->chosen_comm[0] = '\0';
	absent(&event->chosen_pid, event->named_comm);
	event->named_comm[0] = '\0';
	event->named_pid = FIELD_ABSENT;
	event->group_kill = event->reaped = event->no_killable = 0;
	absent(&event->memcg.usage_kb, &event->memcg + 1);
	absent(&event->host.swap_total_kb, &event->host + 1);
	absent(&event->page_kb, &event->victim);
	task_clear(&event->victim);
	event->task_count = 0;
}

static void report_clear(struct oomlog_report *report)
{
	oomlog_event_clear(&report->event);
	report->stage = STAGE_NONE;
	report->open = report->killed = report->in_stats = false;
	report->foreign = report->handed = false;
	report->cause = -1;
	report->last.text[0] = '\0';
	report->last.us = report->last.second = -1;
	report->column_count = 0;
	report->rows_seen = 0;
	report->row_count = report->worst_count = report->pid_count = 0;
}

/* Whether stamp is so close to the report's last line; true without times. */
static bool within(const struct oomlog_report *report,
	const struct oomlog_stamp *stamp, int64_t seconds)
{
	const struct oomlog_stamp *last = &report->last;
	int64_t apart;

	if (last->us >= 0 && stamp->us >= 0) {
		apart = stamp->us - last->us;
		return apart > -seconds * 1000000 && apart < seconds * 1000000;
	}
	if (last->second < 0 || stamp->second < 0)
		return true; /* nothing to say */
	apart = stamp->second - last->second;
	if (last->day != stamp->day)
		apart += DAY_S; /* midnight, or another day altogether */
	return apart > -seconds && apart < seconds;
}

bool oomlog_report_near(
	const struct oomlog_report *report, const struct oomlog_stamp *stamp)
{
	return within(report, stamp, TOGETHER_S);
}

static void remember(
	struct oomlog_report *report, const struct oomlog_stamp *stamp)
{
	struct oomlog_event *event = &report->event;

	if (stamp->us >= 0 || stamp->second >= 0)
		report->last = *stamp;
	if (event->at[0] && report->stage != STAGE_KILLED)
		return;
	if (stamp->text[0])
		memcpy(event->at, stamp->text, sizeof(event->at));
	if (stamp->us >= 0)
		event->monotonic_us = stamp->us;
}

void oomlog_report_release(struct oomlog *log, int left)
{
	int given = log->held_count - left;

	if (given <= 0)
		return;
	for (int i = 0; i < given; i++)
		log->take(log->context, &log->held[i]);
	log->held_count = left > 0 ? left : 0;
	memmove(log->held, log->held + given,
		(size_t)log->held_count * sizeof(log->held[0]));
}

/* Copies the event out, as one of its kind. */
static void event_hold(struct oomlog *log, int kind)
{
	struct oomlog_event *event;

	if (log->held_count == OOMLOG_HELD)
		oomlog_report_release(log, OOMLOG_HELD / 2);
	event = &log->held[log->held_count++];
	*event = log->report.event;
	event->kind = kind;
	oomlog_report_conclude(&log->report, event);
	oomlog_report_release(log, log->hold);
}

void oomlog_report_end(struct oomlog *log)
{
	struct oomlog_report *report = &log->report;

	if (report->killed)
		event_hold(log, OOMLOG_KILL);
	else if (report->open && !report->handed)
		event_hold(log, OOMLOG_INCOMPLETE);
	report_clear(report);
}

/* Whether a line of stage can be of the report under way: each stage once, but
 * for the lines and rows that a stage consists of. */
static bool goes_on(const struct oomlog_report *report, int stage)
{
	if (report->stage == stage)
		return stage == STAGE_INFO || stage == STAGE_TABLE;
	return report->stage < stage;
}

struct oomlog_event *oomlog_report_at(struct oomlog *log, int stage, bool opens,
	const struct oomlog_stamp *stamp)
{
	struct oomlog_report *report = &log->report;

	if (!goes_on(report, stage) || !oomlog_report_near(report, stamp))
		oomlog_report_end(log);
	report->stage = stage;
	report->in_stats = false;
	if (opens)
		report->open = true;
	remember(report, stamp);
	return &report->event;
}

static bool printed_before(const struct oomlog_report *report, int64_t pid)
{
	for (int i = 0; i < report->pid_count && i < OOMLOG_HELD; i++)
		if (report->pids[i] == pid)
			return true;
	return false;
}

/* One more victim of the event whose kill is known. */
static void next_victim(struct oomlog *log)
{
	struct oomlog_report *report = &log->report;
	struct oomlog_event *event = &report->event;

	if (report->killed)
		event_hold(log, OOMLOG_KILL);
	event->victim_comm[0] = '\0';
	absent(&event->victim_pid, event->chosen_comm);
	event->reaped = 0;
}

struct oomlog_event *oomlog_report_kill(
	struct oomlog *log, int64_t pid, const struct oomlog_stamp *stamp)
{
	struct oomlog_report *report = &log->report;
	bool near = oomlog_report_near(report, stamp);

	if (near && report->stage == STAGE_KILLED &&
		printed_before(report, pid))
		return NULL;
	if (report->stage == STAGE_KILLED && report->event.group_kill &&
		within(report, stamp, GROUP_S))
		next_victim(log);
	else
		(void)oomlog_report_at(log, STAGE_KILLED, true, stamp);
	/* The first stays: it is the one that is printed again. */
	report->pids[report->pid_count < OOMLOG_HELD ? report->pid_count
						     : OOMLOG_HELD - 1] = pid;
	report->pid_count++;
	report->killed = true;
	report->handed = false;
	remember(report, stamp);
	return &report->event;
}

void oomlog_report_reaped(struct oomlog *log, int64_t pid)
{
	if (log->report.killed && log->report.event.victim_pid == pid) {
		log->report.event.reaped = 1;
		return;
	}
	for (int i = log->held_count - 1; i >= 0; i--) {
		if (log->held[i].kind != OOMLOG_KILL ||
			log->held[i].victim_pid != pid)
			continue;
		log->held[i].reaped = 1;
		return;
	}
}

void oomlog_flush(struct oomlog *log)
{
	struct oomlog_report *report = &log->report;

	oomlog_lines_end(log);
	if (report->killed) {
		event_hold(log, OOMLOG_KILL);
		report->killed = false;
		report->handed = true;
	}
	oomlog_report_release(log, 0);
}

void oomlog_finish(struct oomlog *log)
{
	oomlog_lines_last(log);
	oomlog_report_end(log);
	oomlog_report_release(log, 0);
}

void oomlog_open(struct oomlog *log, int hold, oomlog_take *take, void *context)
{
	log->take = take;
	log->context = context;
	log->held_count = 0;
	log->hold = hold;
	log->kernel[0] = '\0';
	log->kernel_of_report = log->panic_may_repeat = false;
	log->no_killable = 0;
	oomlog_lines_open(&log->lines);
	report_clear(&log->report);
}
