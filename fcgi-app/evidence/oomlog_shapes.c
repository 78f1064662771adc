/* SPDX-License-Identifier: MIT */
/*
 * The table of shapes. A new wording is a row here.
 */
#include "evidence/oomlog_shapes.h"

#include <stdlib.h>
#include <string.h>

/* A head is whole once it has told of the adjustment, its last part. */
static bool head_whole(const struct oomlog *log, const char *text)
{
	const char *at = strstr(text, "adj=");
	size_t digits;

	(void)log;
	if (!at)
		return false;
	digits = strspn(at + 4, "-0123456789");
	return digits > 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

/* The name is short, so it is not what a head is wrapped within. */
static bool is_head(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " invoked oom-killer:") != NULL ||
	       ends_with(text, " invoked");
}

/* Not the rest of a head that was wrapped. */
static bool is_bare_head(const struct oomlog *log, const char *text)
{
	const struct oomlog_shape *pending = log->lines.pending;

	(void)text;
	return !pending || pending->take != oomlog_take_head;
}

static bool cpu_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " #") != NULL;
}

static bool is_cpu(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " PID: ") || strstr(text, ", comm: ") ||
	       strstr(text, " UID: ");
}

static bool task_in_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " as a result of limit of /") != NULL;
}

static bool usage_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, "failcnt ") != NULL;
}

static bool columns_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return ends_with(text, " name");
}

/* The one-line form ends with this; the other is a heading. */
static bool stats_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " unevictable:") || ends_with(text, ":");
}

static bool reaper_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, " process ") != NULL;
}

static bool group_whole(const struct oomlog *log, const char *text)
{
	(void)log;
	return strstr(text, "memory.oom.group set") != NULL;
}

static bool is_group(const struct oomlog *log, const char *text)
{
	(void)log;
	return text[9] == '/';
}

#define KILL_REST "kB oom_score_adj: UID: score child rocess emory"

/* clang-format off */
static const struct oomlog_shape shapes[] = {
	{.begins = "[", .is = oomlog_is_row, .whole = oomlog_row_whole,
		.rest = "", .take = oomlog_take_row},
	{.within = " invoked", .is = is_head, .whole = head_whole,
		.rest = "gfp_mask= GFP order= adj= oom-killer:", .take = oomlog_take_head},
	{.begins = "oom-killer: gfp_mask=", .is = is_bare_head,
		.take = oomlog_take_bare_head},
	{.begins = "CPU: ", .is = is_cpu, .whole = cpu_whole,
		.rest = "# ainted omm: PID:",
		.take = oomlog_take_cpu},
	{.begins = "Pid: ", .is = is_cpu, .whole = cpu_whole,
		.rest = "# ainted omm: PID:",
		.take = oomlog_take_cpu},
	{.begins = "Linux version ", .take = oomlog_take_version},
	{.begins = "Mem-Info:", .take = oomlog_take_mem_info},
	{.begins = "Mem-info:", .take = oomlog_take_mem_info},
	{.begins = "Free swap", .take = oomlog_take_swap},
	{.begins = "Total swap", .take = oomlog_take_swap},
	{.begins = "Task in /", .whole = task_in_whole,
		.rest = "limit result /", .solid = true,
		.take = oomlog_take_task_in},
	{.begins = "as a result of limit of /", .take = oomlog_take_limit_of},
	{.begins = "Memory limit reached of cgroup /",
		.take = oomlog_take_limit_of},
	{.begins = "memory: usage ", .whole = usage_whole,
		.rest = "limit failcnt kB", .take = oomlog_take_usage},
	{.begins = "memory+swap: usage ", .whole = usage_whole,
		.rest = "limit failcnt kB", .take = oomlog_take_usage},
	{.begins = "swap: usage ", .whole = usage_whole,
		.rest = "limit failcnt kB", .take = oomlog_take_usage},
	{.begins = "kmem: usage ", .whole = usage_whole,
		.rest = "limit failcnt kB", .take = oomlog_take_usage},
	{.begins = "Memory cgroup stats", .whole = stats_whole, .rest = "KB :",
		.take = oomlog_take_stats},
	{.begins = "Tasks state (memory values in pages):",
		.take = oomlog_take_tasks},
	{.begins = "[", .is = oomlog_is_columns, .whole = columns_whole,
		.rest = "name swapents oom_ rss", .take = oomlog_take_columns},
	{.begins = "oom-kill:constraint=", .whole = oomlog_named_whole,
		.rest = "= ,", .solid = true, .take = oomlog_take_named},
	{.begins = "Out of memory and no killable processes",
		.take = oomlog_take_none},
	{.begins = "Kernel panic - not syncing: Out of memory and no killable "
		"processes",
		.take = oomlog_take_none},
	{.begins = "Killed process ", .is = oomlog_is_kill, .whole = oomlog_kill_whole,
		.rest = KILL_REST, .take = oomlog_take_kill},
	{.begins = "Out of", .is = oomlog_is_kill, .whole = oomlog_kill_whole,
		.rest = KILL_REST, .take = oomlog_take_kill},
	{.begins = "Memory cgroup", .is = oomlog_is_kill, .whole = oomlog_kill_whole,
		.rest = KILL_REST, .take = oomlog_take_kill},
	{.begins = "No available memory", .is = oomlog_is_kill, .whole = oomlog_kill_whole,
		.rest = KILL_REST, .take = oomlog_take_kill},
	{.begins = "Tasks in /", .is = is_group, .whole = group_whole,
		.rest = "memory.oom.group due going set / .", .solid = true,
		.take = oomlog_take_group},
	{.begins = "oom_reaper: reaped", .whole = reaper_whole,
		.rest = "process )", .take = oomlog_take_reaper},
	{.within = "allocation failure", .take = oomlog_take_foreign},
	{.within = "Show Memory", .take = oomlog_take_foreign},
	{.take = NULL}};
/* clang-format on */

static bool begins_with(const char *text, const char *begin)
{
	while (*begin && *text == *begin)
		text++, begin++;
	return !*begin;
}

const struct oomlog_shape *oomlog_shape_of(
	const struct oomlog *log, const char *text)
{
	for (const struct oomlog_shape *shape = shapes; shape->take; shape++) {
		if (shape->begins ? !begins_with(text, shape->begins)
				  : !strstr(text, shape->within))
			continue;
		if (!shape->is || shape->is(log, text))
			return shape;
	}
	return NULL;
}

bool oomlog_take_plain(struct oomlog *log, const struct oomlog_message *message)
{
	if (!message->text[0])
		return false;
	if (log->report.in_stats && oomlog_stat(log, message->text))
		return true;
	return oomlog_mem_info(log, message->text);
}

bool oomlog_plausible(int64_t value)
{
	return value >= -OOMLOG_FIGURE_MAX && value <= OOMLOG_FIGURE_MAX;
}

bool oomlog_number(
	const char *text, const char *key, const char *unit, int64_t *out)
{
	size_t length = strlen(key);
	const char *at = text;

	while ((at = strstr(at, key))) {
		char *end;
		long long value;

		if (at > text && at[-1] != ' ' && at[-1] != ',') {
			at += length;
			continue;
		}
		value = strtoll(at + length, &end, 10);
		if (end == at + length || !oomlog_plausible(value) ||
			(unit && strncmp(end, unit, strlen(unit)) != 0))
			return false;
		*out = value;
		return true;
	}
	return false;
}

void oomlog_copy(char *out, size_t size, const char *at, const char *end)
{
	size_t length = (size_t)(end - at);

	if (length >= size)
		length = size - 1;
	memcpy(out, at, length);
	out[length] = '\0';
}
