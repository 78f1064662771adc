/* SPDX-License-Identifier: MIT */
/*
 * What mem_cgroup_print_oom_info() and its successors print: whose limit, how
 * full, of what. Statistics come in three forms:
 *
 *   Memory cgroup stats for /mem2: cache:0KB rss:980KB ...  (v1, 3.x to 5.1;
 *                                                   a line for each cgroup)
 *   Memory cgroup stats for /peers-gt: / cache 229376 / total_cache ... (v1)
 *   Memory cgroup stats for /a: / anon 42897408 / file 0 / ...  (v2)
 *
 * the last two a line for each, in bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog_report.h"
#include "evidence/oomlog_shapes.h"

static void path_copy(char *out, const char *at, const char *end)
{
	while (end > at && end[-1] == ' ')
		end--;
	oomlog_copy(out, OOMLOG_PATH, at, end);
}

/* "Task in /a/b killed as a result of limit of /a": b's task, a's limit. */
void oomlog_take_task_in(
	struct oomlog *log, const struct oomlog_message *message)
{
	static const char killed[] = " killed as a result of limit of ";
	const char *at = message->text + strlen("Task in ");
	const char *end = strstr(at, killed);
	struct oomlog_event *event;

	if (log->report.event.task_memcg[0])
		oomlog_report_end(log);
	event = oomlog_report_at(log, STAGE_INFO, true, message->stamp);
	if (end) {
		path_copy(event->task_memcg, at, end);
		at = end + strlen(killed);
		path_copy(event->oom_memcg, at, at + strlen(at));
		return;
	}
	end = strstr(at, " killed"); /* the rest has a line of its own */
	if (end)
		path_copy(event->task_memcg, at, end);
}

/* "as a result of limit of /a", "Memory limit reached of cgroup /a" */
void oomlog_take_limit_of(
	struct oomlog *log, const struct oomlog_message *message)
{
	const char *at = strchr(message->text, '/');
	struct oomlog_event *event;

	event = oomlog_report_at(log, STAGE_INFO, true, message->stamp);
	path_copy(event->oom_memcg, at, at + strlen(at));
}

/* "memory: usage 980kB, limit 980kB, failcnt 4152239", and "memory+swap:",
 * "swap:", "kmem:" */
void oomlog_take_usage(struct oomlog *log, const struct oomlog_message *message)
{
	const char *text = message->text;
	bool memory = strncmp(text, "memory: ", 8) == 0;
	struct oomlog_memcg *memcg;

	if (memory && log->report.event.memcg.usage_kb != FIELD_ABSENT)
		oomlog_report_end(log);
	memcg = &oomlog_report_at(log, STAGE_INFO, true, message->stamp)->memcg;
	if (memory) {
		(void)oomlog_number(text, "usage ", "kB", &memcg->usage_kb);
		(void)oomlog_number(text, "limit ", "kB", &memcg->limit_kb);
	} else if (text[0] == 'm') {
		(void)oomlog_number(
			text, "limit ", "kB", &memcg->memsw_limit_kb);
	} else if (text[0] == 's') {
		(void)oomlog_number(
			text, "limit ", "kB", &memcg->swap_limit_kb);
	} else {
		(void)oomlog_number(text, "usage ", "kB", &memcg->kernel_kb);
	}
}

#define AT(member) offsetof(struct oomlog_memcg, member)

/* total_: v1's, of the cgroup and those below it, beats its own. */
static const struct {
	const char *key;
	size_t at;
	bool total;
} stats[] = {
	{"anon", AT(anon_kb), false},
	{"rss", AT(anon_kb), false},
	{"total_rss", AT(anon_kb), true},
	{"file", AT(file_kb), false},
	{"cache", AT(file_kb), false},
	{"total_cache", AT(file_kb), true},
	{"shmem", AT(shmem_kb), false},
	{"total_shmem", AT(shmem_kb), true},
	{"kernel", AT(kernel_kb), false},
	{"slab", AT(slab_kb), false},
	{"slab_reclaimable", AT(slab_reclaimable_kb), false},
	{"active_file", AT(active_file_kb), false},
	{"total_active_file", AT(active_file_kb), true},
	{"inactive_file", AT(inactive_file_kb), false},
	{"total_inactive_file", AT(inactive_file_kb), true},
};

static int64_t *stat_of(struct oomlog_memcg *memcg, size_t row)
{
	return (int64_t *)(void *)((char *)memcg + stats[row].at);
}

/* "cache:760KB rss:964552KB ...": of several cgroups the sum, for each prints
 * its own share alone. */
static void stats_read(struct oomlog_memcg *memcg, const char *text)
{
	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
		int64_t *sum = stat_of(memcg, i), kb;
		char key[32];
		size_t length = strlen(stats[i].key);

		memcpy(key, stats[i].key, length);
		memcpy(key + length, ":", 2);
		if (!oomlog_number(text, key, "KB", &kb) || kb < 0)
			continue;
		if (*sum == FIELD_ABSENT)
			*sum = 0;
		if (oomlog_plausible(*sum + kb))
			*sum += kb;
	}
}

void oomlog_take_stats(struct oomlog *log, const struct oomlog_message *message)
{
	struct oomlog_event *event;

	event = oomlog_report_at(log, STAGE_INFO, true, message->stamp);
	stats_read(&event->memcg, message->text);
	log->report.in_stats = true;
}

/* "anon 42897408": a word, a blank, bytes. */
bool oomlog_stat(struct oomlog *log, const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789");
	char *end;
	long long bytes;

	if (length == 0 || text[length] != ' ')
		return false;
	bytes = strtoll(text + length, &end, 10);
	if (*end || end == text + length || bytes < 0)
		return false;
	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
		int64_t *kb = stat_of(&log->report.event.memcg, i);

		if (strncmp(stats[i].key, text, length) == 0 &&
			!stats[i].key[length] &&
			(*kb == FIELD_ABSENT || stats[i].total))
			*kb = bytes / 1024;
	}
	return true;
}
