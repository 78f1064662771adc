/* SPDX-License-Identifier: MIT */
/*
 * What a tired person wants to know of an OOM kill, in sentences. Each point
 * is a row: a heading, and what says it or leaves it out. Nothing is said that
 * the text does not have; where the answer to a question is missing, that is
 * said.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "views/explain.h"

#define NO_LIMIT_KB (INT64_C(1) << 52) /* PAGE_COUNTER_MAX, by page size */
#define SHOWN	    4		       /* others that are named */

struct says {
	char *text; /* char[1600], ended */
	size_t used;
};

#define SAYS_SIZE sizeof(((struct explain_point *)0)->says)

__attribute__((format(printf, 2, 3))) static void add(
	struct says *says, const char *format, ...)
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

static bool known(int64_t value)
{
	return value != FIELD_ABSENT;
}

struct amount {
	char text[32];
};

/* "5.7 GiB" */
static struct amount kb(int64_t value)
{
	static const struct field row = {.name = "", .type = FIELD_BYTES};
	struct amount amount;
	int64_t bytes;

	if (__builtin_mul_overflow(value, 1024, &bytes))
		bytes = INT64_MAX;
	field_text(&row, &bytes, amount.text, sizeof(amount.text));
	return amount;
}

/* The same of pages, or "1494 pages" where their size is not known. */
static struct amount pages(const struct oomlog_event *event, int64_t value)
{
	struct amount amount;
	int64_t size;

	if (known(event->page_kb) &&
		!__builtin_mul_overflow(value, event->page_kb, &size))
		return kb(size);
	(void)snprintf(amount.text, sizeof(amount.text), "%" PRId64 " pages",
		value);
	return amount;
}

static const char *or(const char *text, const char *other)
{
	return text[0] ? text : other;
}

static void say_victim(struct says *says, const struct oomlog_event *event)
{
	add(says, "%s (pid %" PRId64 ")",
		or(event->victim_comm, "a process without a name here"),
		event->victim_pid);
}

static void say_limit_hit(struct says *says, const struct oomlog_event *event)
{
	if (known(event->order) && event->order < 0)
		add(says, "Somebody called the OOM killer by SysRq f");
	else if (event->scope == OOMLOG_HOST)
		add(says, "The machine ran out of memory");
	else if (event->scope == OOMLOG_MEMCG && event->oom_memcg[0])
		add(says, "The cgroup %s hit its memory limit",
			event->oom_memcg);
	else if (event->scope == OOMLOG_MEMCG)
		add(says, "A cgroup, not named here, hit its memory limit");
	else if (event->scope == OOMLOG_CPUSET)
		add(says, "The memory nodes of a cpuset ran out");
	else if (event->scope == OOMLOG_MEMPOLICY)
		add(says, "The memory nodes of a memory policy ran out");
	else
		add(says, "Whose memory ran out is not in the text");
}

static void say_what(struct says *says, const struct oomlog_event *event)
{
	say_limit_hit(says, event);
	if (event->kind == OOMLOG_KILL) {
		add(says, "; the kernel killed ");
		say_victim(says, event);
		if (event->group_kill)
			add(says, ", as one of all processes of %s "
				  "(memory.oom.group)",
				or(event->group_memcg, "its cgroup"));
		add(says, ".");
		return;
	}
	add(says, ". ");
	if (event->no_killable)
		add(says, "The kernel found no process that it may kill.");
	else if (known(event->named_pid))
		add(says, "The kernel had chosen %s (pid %" PRId64 "), but no "
			  "line here says that it was killed.",
			event->named_comm, event->named_pid);
	else
		add(says, "No line here says whether anybody was killed.");
}

static void say_asked(struct says *says, const struct oomlog_event *event)
{
	if (!event->invoker_comm[0] && !event->gfp_mask[0]) {
		add(says, "Not in the text: the report's head is missing. (The "
			  "kernel prints ten reports in 5 s at most.)");
		return;
	}
	add(says, "%s", or(event->invoker_comm, "A process without a name here"));
	if (known(event->invoker_pid))
		add(says, " (pid %" PRId64 ")", event->invoker_pid);
	if (known(event->order) && event->order >= 0 && event->order < 32)
		add(says, ", for %" PRId64 " page%s in a row",
			INT64_C(1) << event->order, event->order ? "s" : "");
	if (event->gfp_mask[0])
		add(says, " (gfp_mask %s%s%s)", event->gfp_mask,
			event->gfp_flags[0] ? " " : "", event->gfp_flags);
	add(says, ". It need not be who filled the memory.");
}

static void say_parts(struct says *says, const struct oomlog_memcg *memcg)
{
	const struct {
		const char *name;
		int64_t kb;
	} parts[] = {{"anonymous", memcg->anon_kb},
		{"page cache and tmpfs", memcg->file_kb},
		{"of that shared or tmpfs", memcg->shmem_kb},
		{"kernel", memcg->kernel_kb}, {"slab", memcg->slab_kb}};
	const char *between = " In it: ";

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!known(parts[i].kb))
			continue;
		add(says, "%s%s %s", between, parts[i].name,
			kb(parts[i].kb).text);
		between = ", ";
	}
	if (between[0] == ',')
		add(says, ".");
}

static void say_memcg(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_memcg *memcg = &event->memcg;

	add(says, "%s: ", or(event->oom_memcg, "The cgroup"));
	if (!known(memcg->usage_kb) || !known(memcg->limit_kb)) {
		add(says, "usage and limit are not in the text.");
	} else if (memcg->limit_kb >= NO_LIMIT_KB) {
		add(says, "%s used, and no limit.", kb(memcg->usage_kb).text);
	} else {
		add(says, "%s used of %s", kb(memcg->usage_kb).text,
			kb(memcg->limit_kb).text);
		if (memcg->limit_kb > 0)
			add(says, " (%.0f %%)", (double)memcg->usage_kb *
							100 /
							(double)memcg->limit_kb);
		add(says, ".");
	}
	if (memcg->swap_limit_kb == 0 ||
		(known(memcg->limit_kb) &&
			memcg->memsw_limit_kb == memcg->limit_kb))
		add(says, " No swap may be used.");
	say_parts(says, memcg);
}

static void say_host(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_host *host = &event->host;

	if (known(host->ram) && known(host->reserved))
		add(says, "The machine's: %s of RAM. ",
			pages(event, host->ram - host->reserved).text);
	else
		add(says, "The machine's; how much RAM it has is not in the "
			  "text. ");
	if (host->swap_total_kb == 0)
		add(says, "No swap.");
	else if (known(host->swap_total_kb) && known(host->swap_free_kb))
		add(says, "Of %s of swap %s were free.",
			kb(host->swap_total_kb).text,
			kb(host->swap_free_kb).text);
}

static void say_limit(struct says *says, const struct oomlog_event *event)
{
	if (event->scope == OOMLOG_MEMCG)
		say_memcg(says, event);
	else if (event->scope == OOMLOG_HOST)
		say_host(says, event);
}

static void say_size(struct says *says, const char *name, int64_t size)
{
	if (known(size))
		add(says, ", %s %s", kb(size).text, name);
}

static void say_killed(struct says *says, const struct oomlog_event *event)
{
	if (event->kind != OOMLOG_KILL)
		return;
	say_victim(says, event);
	if (known(event->victim_uid))
		add(says, ", uid %" PRId64, event->victim_uid);
	if (event->task_memcg[0])
		add(says, ", of cgroup %s", event->task_memcg);
	say_size(says, "anonymous", event->anon_rss_kb);
	say_size(says, "of files", event->file_rss_kb);
	say_size(says, "shared", event->shmem_rss_kb);
	say_size(says, "of page tables", event->pgtables_kb);
	say_size(says, "mapped in all", event->total_vm_kb);
	if (known(event->victim_oom_score_adj))
		add(says, ", oom_score_adj %" PRId64,
			event->victim_oom_score_adj);
	add(says, ".%s", event->reaped ? " The oom_reaper took its memory."
				       : "");
}

static void say_badness(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_task *victim = &event->victim;

	add(says, "Badness %" PRId64 " pages: %" PRId64 " resident + %" PRId64
		  " swapped + %" PRId64 " of page tables",
		victim->badness, victim->rss, victim->swap, victim->pgtables);
	if (victim->oom_score_adj != 0)
		add(says, " %c %" PRId64 " thousandths of %" PRId64,
			victim->oom_score_adj < 0 ? '-' : '+',
			victim->oom_score_adj < 0 ? -victim->oom_score_adj
						  : victim->oom_score_adj,
			event->total_pages);
	add(says, ". ");
	if (event->rank == 1)
		add(says, "None of the %" PRId64 " tasks listed had more.",
			event->tasks_listed);
	else if (known(event->rank))
		add(says, "%" PRId64 " of the %" PRId64 " tasks listed had "
			  "more; why it was taken before them is not in the "
			  "text.",
			event->rank - 1, event->tasks_listed);
}

static void say_why(struct says *says, const struct oomlog_event *event)
{
	if (event->kind != OOMLOG_KILL)
		return;
	if (known(event->chosen_pid) && event->chosen_pid != event->victim_pid)
		add(says, "The kernel had chosen %s (%" PRId64 ", score %" PRId64
			  " of 1000) and killed a child of it, or the process "
			  "whose thread it is. ",
			or(event->chosen_comm, "a process"), event->chosen_pid,
			known(event->chosen_score) ? event->chosen_score : 0);
	else if (known(event->chosen_score))
		add(says, "Its score was %" PRId64 ". ", event->chosen_score);
	if (known(event->victim.badness))
		say_badness(says, event);
	else if (known(event->victim.pid))
		add(says, "It had %s resident; a part of its badness is not in "
			  "the text.",
			pages(event, event->victim.rss).text);
	else
		add(says, "Its row of the task table is not in the text, so "
			  "its badness cannot be reckoned.");
}

static int64_t sum(int64_t a, int64_t b)
{
	return known(a) && known(b) ? a + b : FIELD_ABSENT;
}

static void say_reclaimable(
	struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_memcg *memcg = &event->memcg;
	const struct oomlog_host *host = &event->host;
	int64_t cache = sum(memcg->active_file_kb, memcg->inactive_file_kb);
	int64_t cache_pages = sum(host->active_file, host->inactive_file);

	if (event->scope == OOMLOG_MEMCG && known(cache)) {
		add(says, "Page cache of %s", kb(cache).text);
		if (known(memcg->slab_reclaimable_kb))
			add(says, ", slab of %s",
				kb(memcg->slab_reclaimable_kb).text);
		add(says, ": all else could not be given back.");
	} else if (event->scope == OOMLOG_HOST && known(cache_pages)) {
		add(says, "Page cache of %s", pages(event, cache_pages).text);
		if (known(host->slab_reclaimable))
			add(says, ", slab of %s",
				pages(event, host->slab_reclaimable).text);
		add(says, ".");
	}
}

static void say_others(struct says *says, const struct oomlog_event *event)
{
	for (int i = 0; i < event->task_count && i < SHOWN; i++) {
		const struct oomlog_task *task = &event->tasks[i];

		add(says, "%s%s (%" PRId64 ") %s", i ? ", " : "",
			or(task->comm, "?"), task->pid,
			pages(event, task->rss).text);
		if (known(task->swap) && task->swap > 0)
			add(says, " and %s swapped",
				pages(event, task->swap).text);
		if (task->oom_score_adj == -1000)
			add(says, ", exempt");
		else if (known(task->badness))
			add(says, ", badness %" PRId64, task->badness);
	}
	if (says->used > 0)
		add(says, ".");
}

static bool mostly_shared(const struct oomlog_event *event)
{
	return known(event->memcg.shmem_kb) && known(event->memcg.usage_kb) &&
	       event->memcg.shmem_kb > event->memcg.usage_kb / 2;
}

static void say_do(struct says *says, const struct oomlog_event *event)
{
	if (known(event->order) && event->order < 0)
		add(says, "Nothing: memory had not run out, the kill was asked "
			  "for.");
	else if (mostly_shared(event))
		add(says, "More than half of it is shared memory or tmpfs, "
			  "which stays when a process is killed: look at "
			  "/dev/shm and tmpfs mounts in %s first.",
			or(event->oom_memcg, "that cgroup"));
	else if (event->scope == OOMLOG_MEMCG)
		add(says, "Raise memory.max of %s (Docker --memory, Kubernetes "
			  "limits.memory, systemd MemoryMax), or make what is "
			  "in it use less; the machine itself was not out of "
			  "memory.",
			or(event->oom_memcg, "that cgroup"));
	else if (event->scope == OOMLOG_HOST)
		add(says, "Give what grows a cgroup limit of its own, so that "
			  "it dies alone; or less to do at once; or the "
			  "machine more memory or swap. oom_score_adj chooses "
			  "who is killed, not whether.");
	else if (event->scope == OOMLOG_CPUSET ||
		 event->scope == OOMLOG_MEMPOLICY)
		add(says, "Widen cpuset.mems or the memory policy: other nodes "
			  "may well have had memory.");
	else
		add(says, "Look for the whole report: journalctl -k, dmesg or "
			  "/var/log/kern.log around %s.",
			or(event->at, "that time"));
}

static const struct {
	const char *about;
	void (*say)(struct says *says, const struct oomlog_event *event);
} points_table[] = {
	{"what happened", say_what},
	{"who asked", say_asked},
	{"whose limit", say_limit},
	{"who was killed", say_killed},
	{"why that one", say_why},
	{"reclaimable", say_reclaimable},
	{"also large", say_others},
	{"what to do", say_do},
};

int explain_points(
	const struct oomlog_event *event, struct explain_point *points)
{
	int count = 0;

	for (size_t i = 0; i < sizeof(points_table) / sizeof(*points_table);
		i++) {
		struct explain_point *point = &points[count];
		struct says says = {point->says, 0};

		(void)snprintf(point->about, sizeof(point->about), "%s",
			points_table[i].about);
		point->says[0] = '\0';
		points_table[i].say(&says, event);
		count += says.used > 0;
	}
	return count;
}
