/* SPDX-License-Identifier: MIT */
/*
 * Why that one. oom_badness() (mm/oom_kill.c), in pages: resident, swapped and
 * page tables, and oom_score_adj thousandths of all that the domain has, which
 * is RAM and swap, or the cgroup's limit and what swap it may use. What of this
 * the text does not tell is not guessed, and then neither is the badness. (The
 * 3 % that root's processes were spared before 4.17 are not in the text.)
 */
#include <string.h>

#include "evidence/oomlog_report.h"

#define UNKILLABLE  (-1000)
#define PAGE_KB_MAX 256
#define NO_LIMIT_KB (INT64_C(1) << 52) /* PAGE_COUNTER_MAX, by page size */

static bool known(int64_t value)
{
	return value != FIELD_ABSENT;
}

/* What badness is held against, or absent. A swap limit counts no further than
 * there is swap, which a cgroup's report does not say; none at all is clear. */
static int64_t total_pages(const struct oomlog_event *event, int64_t page_kb)
{
	const struct oomlog_memcg *memcg = &event->memcg;
	const struct oomlog_host *host = &event->host;

	if (page_kb <= 0)
		return FIELD_ABSENT;
	if (known(memcg->limit_kb)) {
		if (memcg->limit_kb < NO_LIMIT_KB &&
			(memcg->swap_limit_kb == 0 ||
				memcg->memsw_limit_kb == memcg->limit_kb))
			return memcg->limit_kb / page_kb;
		return FIELD_ABSENT;
	}
	if (event->scope != OOMLOG_HOST || !known(host->ram) ||
		!known(host->reserved) || !known(host->swap_total_kb))
		return FIELD_ABSENT;
	return host->ram - host->reserved + host->swap_total_kb / page_kb;
}

static int64_t pgtable_pages(const struct oomlog_row *row, int64_t page_kb)
{
	if (!row->has_pgtables)
		return FIELD_ABSENT;
	if (!row->pgtables_in_bytes)
		return row->pgtables;
	return page_kb > 0 ? row->pgtables / 1024 / page_kb : FIELD_ABSENT;
}

static int64_t badness(
	const struct oomlog_row *row, int64_t page_kb, int64_t total)
{
	int64_t pgtables = pgtable_pages(row, page_kb), points;

	if (!known(pgtables) || !row->has_swap || !row->has_adj ||
		row->oom_score_adj == UNKILLABLE)
		return FIELD_ABSENT;
	points = row->rss + row->swap + pgtables;
	if (row->oom_score_adj == 0)
		return points;
	/* As the kernel: the product before the division would overflow. */
	return known(total) ? points + row->oom_score_adj * (total / 1000)
			    : FIELD_ABSENT;
}

/* What a row is ranked by where its badness is not known. */
static int64_t size_of(const struct oomlog_row *row)
{
	return row->rss + row->swap;
}

void oomlog_report_row(
	struct oomlog_report *report, const struct oomlog_named_row *row)
{
	int64_t size = size_of(&row->row);
	int at;

	report->rows_seen++;
	if (report->row_count < OOMLOG_ROWS)
		report->rows[report->row_count++] = row->row;
	for (at = report->worst_count; at > 0; at--)
		if (size_of(&report->worst[at - 1].row) >= size)
			break;
	if (at == OOMLOG_WORST)
		return;
	if (report->worst_count < OOMLOG_WORST)
		report->worst_count++;
	memmove(report->worst + at + 1, report->worst + at,
		(size_t)(report->worst_count - at - 1) *
			sizeof(report->worst[0]));
	report->worst[at] = *row;
}

static const struct oomlog_row *row_of(
	const struct oomlog_report *report, int64_t pid)
{
	for (int i = 0; i < report->worst_count; i++)
		if (report->worst[i].row.pid == pid)
			return &report->worst[i].row;
	for (int i = 0; i < report->row_count; i++)
		if (report->rows[i].pid == pid)
			return &report->rows[i];
	return NULL;
}

static void task_fill(struct oomlog_task *task, const struct oomlog_row *row,
	const struct oomlog_event *event)
{
	task->pid = row->pid;
	task->uid = row->uid;
	task->total_vm = row->total_vm;
	task->rss = row->rss;
	task->swap = row->has_swap ? row->swap : FIELD_ABSENT;
	task->oom_score_adj = row->has_adj ? row->oom_score_adj : FIELD_ABSENT;
	task->pgtables = pgtable_pages(row, event->page_kb);
	task->badness = badness(row, event->page_kb, event->total_pages);
}

/* Before which of the tasks kept so far one belongs: worse first, and what is
 * exempt or not known by its size behind those that are. */
static bool is_worse(const struct oomlog_task *a, const struct oomlog_task *b)
{
	if (known(a->badness) != known(b->badness))
		return known(a->badness);
	if (known(a->badness))
		return a->badness > b->badness;
	return a->rss > b->rss;
}

static void tasks_fill(
	const struct oomlog_report *report, struct oomlog_event *event)
{
	event->task_count = 0;
	for (int i = 0; i < report->worst_count; i++) {
		const struct oomlog_named_row *row = &report->worst[i];
		struct oomlog_task task;
		int at = event->task_count;

		if (row->row.pid == event->victim_pid)
			continue;
		task_fill(&task, &row->row, event);
		memcpy(task.comm, row->comm, sizeof(task.comm));
		while (at > 0 && is_worse(&task, &event->tasks[at - 1]))
			at--;
		if (at == OOMLOG_TOP)
			continue;
		if (event->task_count < OOMLOG_TOP)
			event->task_count++;
		memmove(event->tasks + at + 1, event->tasks + at,
			(size_t)(event->task_count - at - 1) * sizeof(task));
		event->tasks[at] = task;
	}
}

/* The victim's place among all rows, if that of each is known. */
static int64_t rank_of(
	const struct oomlog_report *report, const struct oomlog_event *event)
{
	int64_t rank = 1;

	if (!known(event->victim.badness) || report->rows_seen > OOMLOG_ROWS)
		return FIELD_ABSENT;
	for (int i = 0; i < report->row_count; i++) {
		const struct oomlog_row *row = &report->rows[i];
		int64_t points =
			badness(row, event->page_kb, event->total_pages);

		if (!known(points) &&
			(!row->has_adj || row->oom_score_adj != UNKILLABLE))
			return FIELD_ABSENT;
		rank += known(points) && points > event->victim.badness;
	}
	return rank;
}

/* By constraint, else by the words of the kill, else by what was printed. */
static int scope_of(
	const struct oomlog_report *report, const struct oomlog_event *event)
{
	static const struct {
		const char *constraint;
		int scope;
	} constraints[] = {
		{"CONSTRAINT_NONE", OOMLOG_HOST},
		{"CONSTRAINT_MEMCG", OOMLOG_MEMCG},
		{"CONSTRAINT_CPUSET", OOMLOG_CPUSET},
		{"CONSTRAINT_MEMORY_POLICY", OOMLOG_MEMPOLICY},
	};
	const struct oomlog_memcg *memcg = &event->memcg;

	for (size_t i = 0; i < sizeof(constraints) / sizeof(constraints[0]);
		i++)
		if (strcmp(constraints[i].constraint, event->constraint) == 0)
			return constraints[i].scope;
	if (event->oom_memcg[0])
		return OOMLOG_MEMCG;
	if (report->cause >= 0)
		return report->cause;
	if (known(memcg->usage_kb) || known(memcg->anon_kb) ||
		known(memcg->file_kb) || event->group_kill)
		return OOMLOG_MEMCG;
	if (known(event->host.swap_total_kb))
		return OOMLOG_HOST;
	return event->kind == OOMLOG_KILL ? OOMLOG_UNKNOWN : -1;
}

void oomlog_report_conclude(
	const struct oomlog_report *report, struct oomlog_event *event)
{
	const struct oomlog_row *row = row_of(report, event->victim_pid);
	int64_t page_kb;

	event->scope = scope_of(report, event);
	if (report->rows_seen > 0)
		event->tasks_listed = report->rows_seen;
	/* Both lines tell of the same address space. */
	if (row && row->total_vm > 0 && event->total_vm_kb > 0 &&
		event->total_vm_kb % row->total_vm == 0) {
		page_kb = event->total_vm_kb / row->total_vm;
		if (page_kb <= PAGE_KB_MAX && (page_kb & (page_kb - 1)) == 0)
			event->page_kb = page_kb;
	}
	event->total_pages = total_pages(event, event->page_kb);
	if (row) {
		task_fill(&event->victim, row, event);
		memcpy(event->victim.comm, event->victim_comm,
			sizeof(event->victim.comm));
		if (!known(event->victim_oom_score_adj))
			event->victim_oom_score_adj =
				event->victim.oom_score_adj;
	}
	tasks_fill(report, event);
	event->rank = rank_of(report, event);
}
