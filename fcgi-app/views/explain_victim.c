/* SPDX-License-Identifier: MIT */
/*
 * The sentences about the victim, and what all sentences are made of.
 */
#include "views/explain_says.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define SHOWN	  4 /* others that are named */
#define SAYS_SIZE sizeof(((struct explain_point *)0)->says)

void says_add(struct says *says, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(says->text + says->used, SAYS_SIZE - says->used,
		format, arguments);
	va_end(arguments);
	if (length > 0)
		says->used += (size_t)length;
	if (says->used >= SAYS_SIZE)
		says->used = SAYS_SIZE - 1;
}

bool says_known(int64_t value)
{
	return value != FIELD_ABSENT;
}

struct says_amount says_kb(int64_t value)
{
	static const struct field row = {.name = "", .type = FIELD_BYTES};
	struct says_amount amount;
	int64_t bytes;

	if (__builtin_mul_overflow(value, 1024, &bytes))
		bytes = INT64_MAX;
	field_text(&row, &bytes, amount.text, sizeof(amount.text));
	return amount;
}

struct says_amount says_pages(const struct oomlog_event *event, int64_t value)
{
	struct says_amount amount;
	int64_t size;

	if (says_known(event->page_kb) &&
		!__builtin_mul_overflow(value, event->page_kb, &size))
		return says_kb(size);
	(void)snprintf(
		amount.text, sizeof(amount.text), "%" PRId64 " pages", value);
	return amount;
}

const char *says_or(const char *text, const char *other)
{
	return text[0] ? text : other;
}

void explain_say_victim(struct says *says, const struct oomlog_event *event)
{
	says_add(says, "%s (pid %" PRId64 ")",
		says_or(event->victim_comm, "a process without a name here"),
		event->victim_pid);
}

static void say_size(struct says *says, const char *name, int64_t size)
{
	if (says_known(size))
		says_add(says, ", %s %s", says_kb(size).text, name);
}

void explain_say_killed(struct says *says, const struct oomlog_event *event)
{
	if (event->kind != OOMLOG_KILL)
		return;
	explain_say_victim(says, event);
	if (says_known(event->victim_uid))
		says_add(says, ", uid %" PRId64, event->victim_uid);
	if (event->task_memcg[0])
		says_add(says, ", of cgroup %s", event->task_memcg);
	say_size(says, "anonymous", event->anon_rss_kb);
	say_size(says, "of files", event->file_rss_kb);
	say_size(says, "shared", event->shmem_rss_kb);
	say_size(says, "of page tables", event->pgtables_kb);
	say_size(says, "mapped in all", event->total_vm_kb);
	if (says_known(event->victim_oom_score_adj))
		says_add(says, ", oom_score_adj %" PRId64,
			event->victim_oom_score_adj);
	says_add(says, ".%s",
		event->reaped ? " The oom_reaper took its memory." : "");
}

static void say_badness(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_task *victim = &event->victim;

	says_add(says,
		"Badness %" PRId64 " pages: %" PRId64 " resident + %" PRId64
		" swapped + %" PRId64 " of page tables",
		victim->badness, victim->rss, victim->swap, victim->pgtables);
	if (victim->oom_score_adj != 0)
		says_add(says, " %c %" PRId64 " thousandths of %" PRId64,
			victim->oom_score_adj < 0 ? '-' : '+',
			victim->oom_score_adj < 0 ? -victim->oom_score_adj
						  : victim->oom_score_adj,
			event->total_pages);
	says_add(says, ". ");
	if (event->rank == 1)
		says_add(says, "None of the %" PRId64 " tasks listed had more.",
			event->tasks_listed);
	else if (says_known(event->rank))
		says_add(says,
			"%" PRId64 " of the %" PRId64 " tasks listed had "
			"more; why it was taken before them is not in the "
			"text.",
			event->rank - 1, event->tasks_listed);
}

void explain_say_why(struct says *says, const struct oomlog_event *event)
{
	if (event->kind != OOMLOG_KILL)
		return;
	if (says_known(event->chosen_pid) &&
		event->chosen_pid != event->victim_pid)
		says_add(says,
			"The kernel had chosen %s (%" PRId64 ", score %" PRId64
			" of 1000) and killed a child of it, or the process "
			"whose thread it is. ",
			says_or(event->chosen_comm, "a process"),
			event->chosen_pid,
			says_known(event->chosen_score) ? event->chosen_score
							: 0);
	else if (says_known(event->chosen_score))
		says_add(says, "Its score was %" PRId64 ". ",
			event->chosen_score);
	if (says_known(event->victim.badness))
		say_badness(says, event);
	else if (says_known(event->victim.pid))
		says_add(says,
			"It had %s resident; a part of its badness is not in "
			"the text.",
			says_pages(event, event->victim.rss).text);
	else
		says_add(says,
			"Its row of the task table is not in the text, so "
			"its badness cannot be reckoned.");
}

void explain_say_others(struct says *says, const struct oomlog_event *event)
{
	for (int i = 0; i < event->task_count && i < SHOWN; i++) {
		const struct oomlog_task *task = &event->tasks[i];

		says_add(says, "%s%s (%" PRId64 ") %s", i ? ", " : "",
			says_or(task->comm, "?"), task->pid,
			says_pages(event, task->rss).text);
		if (says_known(task->swap) && task->swap > 0)
			says_add(says, " and %s swapped",
				says_pages(event, task->swap).text);
		if (task->oom_score_adj == -1000)
			says_add(says, ", exempt");
		else if (says_known(task->badness))
			says_add(says, ", badness %" PRId64, task->badness);
	}
	if (says->used > 0)
		says_add(says, ".");
}
