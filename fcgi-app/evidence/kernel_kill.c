/* SPDX-License-Identifier: MIT */
/*
 * The log names cgroups from the root of the hierarchy, whatever namespace load
 * lives in, so a path of its own is compared with nothing but the other one on
 * the same line.
 */
#include "evidence/kernel_kill.h"

#include <stdio.h>
#include <string.h>

/* The end of a path tells more than its beginning. */
static void path_copy(char *out, size_t size, const char *path)
{
	size_t length = strlen(path);

	if (length < size)
		memcpy(out, path, length + 1);
	else
		snprintf(out, size, "...%s", path + length - (size - 4));
}

void kernel_kill_fill(const struct oomlog_event *event, const char *line,
	int64_t read_at_ms, struct kernel_kill *out)
{
	*out = (struct kernel_kill){
		.state = KERNEL_LOG_FOUND,
		.scope = event->scope,
		.group_kill = event->group_kill,
		.read_at_ms = read_at_ms,
		.victim_pid = event->victim_pid,
		.anon_rss_kb = event->anon_rss_kb,
		.file_rss_kb = event->file_rss_kb,
		.shmem_rss_kb = event->shmem_rss_kb,
		.usage_kb = event->memcg.usage_kb,
		.limit_kb = event->memcg.limit_kb,
		.invoker_pid = event->invoker_pid,
	};
	(void)snprintf(out->victim_comm, sizeof(out->victim_comm), "%.15s",
		event->victim_comm);
	(void)snprintf(out->invoker_comm, sizeof(out->invoker_comm), "%.15s",
		event->invoker_comm);
	(void)snprintf(out->line, sizeof(out->line), "%s", line);
	path_copy(out->oom_memcg, sizeof(out->oom_memcg), event->oom_memcg);
	path_copy(out->task_memcg, sizeof(out->task_memcg), event->task_memcg);
}

int kernel_kill_own_limit(const struct kernel_kill *kill)
{
	if (!kill->oom_memcg[0] || !kill->task_memcg[0])
		return -1;
	return strcmp(kill->oom_memcg, kill->task_memcg) == 0;
}
