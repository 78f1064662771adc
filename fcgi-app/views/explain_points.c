/* SPDX-License-Identifier: MIT */
/*
 * What a tired person wants to know of an OOM kill, in sentences. Each point
 * is a row: a heading, and what says it or leaves it out. Nothing is said that
 * the text does not have; where the answer to a question is missing, that is
 * said.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "views/explain_says.h"

#define NO_LIMIT_KB (INT64_C(1) << 52) /* PAGE_COUNTER_MAX, by page size */

static void say_limit_hit(struct says *says, const struct oomlog_event *event)
{
	if (says_known(event->order) && event->order < 0)
		says_add(says, "Somebody called the OOM killer by SysRq f");
	else if (event->scope == OOMLOG_HOST)
		says_add(says, "The machine ran out of memory");
	else if (event->scope == OOMLOG_MEMCG && event->oom_memcg[0])
		says_add(says, "The cgroup %s hit its memory limit",
			event->oom_memcg);
	else if (event->scope == OOMLOG_MEMCG)
		says_add(
			says, "A cgroup, not named here, hit its memory limit");
	else if (event->scope == OOMLOG_CPUSET)
		says_add(says, "The memory nodes of a cpuset ran out");
	else if (event->scope == OOMLOG_MEMPOLICY)
		says_add(says, "The memory nodes of a memory policy ran out");
	else
		says_add(says, "Whose memory ran out is not in the text");
}

static void say_what(struct says *says, const struct oomlog_event *event)
{
	say_limit_hit(says, event);
	if (event->kind == OOMLOG_KILL) {
		says_add(says, "; the kernel killed ");
		explain_say_victim(says, event);
		if (event->group_kill)
			says_add(says,
				", as one of all processes of %s "
				"(memory.oom.group)",
				says_or(event->group_memcg, "its cgroup"));
		says_add(says, ".");
		return;
	}
	says_add(says, ". ");
	if (event->no_killable)
		says_add(says, "The kernel found no process that it may kill.");
	else if (says_known(event->named_pid))
		says_add(says,
			"The kernel had chosen %s (pid %" PRId64 "), but no "
			"line here says that it was killed.",
			event->named_comm, event->named_pid);
	else
		says_add(says, "No line here says whether anybody was killed.");
}

static void say_asked(struct says *says, const struct oomlog_event *event)
{
	if (!event->invoker_comm[0] && !event->gfp_mask[0]) {
		says_add(says,
			"Not in the text: the report's head is missing. (The "
			"kernel prints ten reports in 5 s at most.)");
		return;
	}
	says_add(says, "%s",
		says_or(event->invoker_comm, "A process without a name here"));
	if (says_known(event->invoker_pid))
		says_add(says, " (pid %" PRId64 ")", event->invoker_pid);
	if (says_known(event->order) && event->order >= 0 && event->order < 32)
		says_add(says, ", for %" PRId64 "%s",
			INT64_C(1) << event->order,
			event->order ? " pages in a row" : " page");
	if (event->gfp_mask[0])
		says_add(says, " (gfp_mask %s%s%s)", event->gfp_mask,
			event->gfp_flags[0] ? " " : "", event->gfp_flags);
	says_add(says, ". It need not be who filled the memory.");
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
		if (!says_known(parts[i].kb))
			continue;
		says_add(says, "%s%s %s", between, parts[i].name,
			says_kb(parts[i].kb).text);
		between = ", ";
	}
	if (between[0] == ',')
		says_add(says, ".");
}

static void say_memcg(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_memcg *memcg = &event->memcg;

	says_add(says, "%s: ", says_or(event->oom_memcg, "The cgroup"));
	if (!says_known(memcg->usage_kb) || !says_known(memcg->limit_kb)) {
		says_add(says, "usage and limit are not in the text.");
	} else if (memcg->limit_kb >= NO_LIMIT_KB) {
		says_add(says, "%s used, and no limit.",
			says_kb(memcg->usage_kb).text);
	} else {
		says_add(says, "%s used of %s", says_kb(memcg->usage_kb).text,
			says_kb(memcg->limit_kb).text);
		if (memcg->limit_kb > 0)
			says_add(says, " (%.0f %%)",
				(double)memcg->usage_kb * 100 /
					(double)memcg->limit_kb);
		says_add(says, ".");
	}
	if (memcg->swap_limit_kb == 0 ||
		(says_known(memcg->limit_kb) &&
			memcg->memsw_limit_kb == memcg->limit_kb))
		says_add(says, " No swap may be used.");
	say_parts(says, memcg);
}

static void say_host(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_host *host = &event->host;

	if (says_known(host->ram) && says_known(host->reserved))
		says_add(says, "The machine's: %s of RAM. ",
			says_pages(event, host->ram - host->reserved).text);
	else
		says_add(says,
			"The machine's; how much RAM it has is not in the "
			"text. ");
	if (host->swap_total_kb == 0)
		says_add(says, "No swap.");
	else if (says_known(host->swap_total_kb) &&
		 says_known(host->swap_free_kb))
		says_add(says, "Of %s of swap %s were free.",
			says_kb(host->swap_total_kb).text,
			says_kb(host->swap_free_kb).text);
}

static void say_limit(struct says *says, const struct oomlog_event *event)
{
	if (event->scope == OOMLOG_MEMCG)
		say_memcg(says, event);
	else if (event->scope == OOMLOG_HOST)
		say_host(says, event);
}

static int64_t sum(int64_t a, int64_t b)
{
	return says_known(a) && says_known(b) ? a + b : FIELD_ABSENT;
}

static void say_reclaimable(struct says *says, const struct oomlog_event *event)
{
	const struct oomlog_memcg *memcg = &event->memcg;
	const struct oomlog_host *host = &event->host;
	int64_t cache = sum(memcg->active_file_kb, memcg->inactive_file_kb);
	int64_t cache_pages = sum(host->active_file, host->inactive_file);

	if (event->scope == OOMLOG_MEMCG && says_known(cache)) {
		says_add(says, "Page cache of %s", says_kb(cache).text);
		if (says_known(memcg->slab_reclaimable_kb))
			says_add(says, ", slab of %s",
				says_kb(memcg->slab_reclaimable_kb).text);
		says_add(says, ": all else could not be given back.");
	} else if (event->scope == OOMLOG_HOST && says_known(cache_pages)) {
		says_add(says, "Page cache of %s",
			says_pages(event, cache_pages).text);
		if (says_known(host->slab_reclaimable))
			says_add(says, ", slab of %s",
				says_pages(event, host->slab_reclaimable).text);
		says_add(says, ".");
	}
}

static bool mostly_shared(const struct oomlog_event *event)
{
	return says_known(event->memcg.shmem_kb) &&
	       says_known(event->memcg.usage_kb) &&
	       event->memcg.shmem_kb > event->memcg.usage_kb / 2;
}

static void say_do(struct says *says, const struct oomlog_event *event)
{
	if (says_known(event->order) && event->order < 0)
		says_add(says,
			"Nothing: memory had not run out, the kill was asked "
			"for.");
	else if (mostly_shared(event))
		says_add(says,
			"More than half of it is shared memory or tmpfs, "
			"which stays when a process is killed: look at "
			"/dev/shm and tmpfs mounts in %s first.",
			says_or(event->oom_memcg, "that cgroup"));
	else if (event->scope == OOMLOG_MEMCG)
		says_add(says,
			"Raise memory.max of %s (Docker --memory, Kubernetes "
			"limits.memory, systemd MemoryMax), or make what is "
			"in it use less; the machine itself was not out of "
			"memory.",
			says_or(event->oom_memcg, "that cgroup"));
	else if (event->scope == OOMLOG_HOST)
		says_add(says,
			"Give what grows a cgroup limit of its own, so that "
			"it dies alone; or less to do at once; or the "
			"machine more memory or swap. oom_score_adj chooses "
			"who is killed, not whether.");
	else if (event->scope == OOMLOG_CPUSET ||
		 event->scope == OOMLOG_MEMPOLICY)
		says_add(says,
			"Widen cpuset.mems or the memory policy: other nodes "
			"may well have had memory.");
	else
		says_add(says,
			"Look for the whole report: journalctl -k, dmesg or "
			"/var/log/kern.log around %s.",
			says_or(event->at, "that time"));
}

static const struct {
	const char *about;
	void (*say)(struct says *says, const struct oomlog_event *event);
} points_table[] = {
	{"what happened", say_what},
	{"who asked", say_asked},
	{"whose limit", say_limit},
	{"who was killed", explain_say_killed},
	{"why that one", explain_say_why},
	{"reclaimable", say_reclaimable},
	{"also large", explain_say_others},
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
