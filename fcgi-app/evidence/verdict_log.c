/* SPDX-License-Identifier: MIT */
/*
 * What the kernel log adds. Its line about a kill is not rate-limited and names
 * the victim as load named it, so a line that is found is proof, stronger than
 * any count; the report around it, which names the limit, may have been left
 * out. A log without a gap that has no such line speaks against an OOM kill,
 * where counts alone could not decide.
 */
#include "evidence/verdict_parts.h"

#include <stdio.h>
#include <string.h>

#define LOG_SOURCE "/dev/kmsg"

static enum kernel_log_state log_state(const struct verdict_facts *facts)
{
	return facts->log ? (enum kernel_log_state)facts->log->state
			  : KERNEL_LOG_UNREADABLE;
}

/* The level that the log names, where both name cgroups from one root; or its
 * own where it says no more than that; -1: none of those that can be seen. */
static int level_named(const struct verdict_facts *facts)
{
	int own = kernel_kill_own_limit(facts->log);

	for (int i = 0; i < facts->level_count; i++) {
		if (facts->log->oom_memcg[0] &&
			strcmp(facts->levels[i].path, facts->log->oom_memcg) ==
				0)
			return i;
	}
	return own == 1 && facts->level_count > 0 ? 0 : -1;
}

/* A limit of a cgroup: by its level, or in the log's own words. Where its report
 * was left out, what the counts say of the level stays, as sure as they are. */
static void heed_cgroup(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct kernel_kill *log = facts->log;
	int level = level_named(facts), own = kernel_kill_own_limit(log);

	if (level < 0 && own < 0) {
		if (out->verdict != VERDICT_CGROUP_OOM &&
			out->verdict != VERDICT_GROUP_OOM) {
			out->limit = limit_unknown;
			out->certainty = CERTAINTY_PROVEN;
		}
		out->verdict = VERDICT_CGROUP_OOM;
		return;
	}
	out->certainty = CERTAINTY_PROVEN;
	out->verdict = VERDICT_CGROUP_OOM;
	if (level >= 0) {
		verdict_blame_level(facts, level, out);
		return;
	}
	out->limit = limit_unknown;
	out->limit.level = own == 1 ? LIMIT_OWN : LIMIT_ANCESTOR;
	(void)snprintf(
		out->limit.path, sizeof(out->limit.path), "%s", log->oom_memcg);
	if (log->limit_kb < 0)
		return;
	out->limit.bytes = log->limit_kb * 1024;
	(void)snprintf(
		out->limit.source, sizeof(out->limit.source), "%s", LOG_SOURCE);
}

static bool is_oom(int32_t verdict)
{
	return verdict <= VERDICT_GROUP_OOM;
}

/* A cpuset's, or cut off: the log says no more than that it was an OOM kill. */
static void heed_bare_kill(struct verdict_result *out)
{
	if (is_oom(out->verdict))
		return; /* the counts say more */
	out->verdict = VERDICT_OOM;
	out->certainty = CERTAINTY_PROVEN;
	out->limit = limit_unknown;
}

static void heed_kill(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	bool group = out->verdict == VERDICT_GROUP_OOM ||
		     facts->log->group_kill == 1;

	if (facts->log->scope == OOMLOG_MEMCG) {
		heed_cgroup(facts, out);
	} else if (facts->log->scope == OOMLOG_HOST) {
		verdict_blame_host(facts, out);
		out->certainty = CERTAINTY_PROVEN;
	} else {
		heed_bare_kill(out);
	}
	if (group)
		out->verdict = VERDICT_GROUP_OOM;
}

/* Where the counts leave room for both, or could not be read at all. */
static void heed_silence(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct scoreboard_death *death = facts->death;

	if (!death->reaped || facts->master_gone ||
		(death->account != ACCOUNT_LIKELY &&
			death->account != ACCOUNT_UNREADABLE))
		return;
	out->verdict = VERDICT_SIGNAL;
	out->certainty = CERTAINTY_LIKELY;
	out->limit = limit_unknown;
}

void verdict_heed_log(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	enum kernel_log_state state = log_state(facts);

	if (state == KERNEL_LOG_FOUND)
		heed_kill(facts, out);
	else if (state == KERNEL_LOG_SILENT)
		heed_silence(facts, out);
}

static void add_hit(const struct kernel_kill *log, struct verdict_result *out)
{
	char usage[32], limit[32];

	verdict_bytes_text(log->usage_kb < 0 ? -1 : log->usage_kb * 1024, usage,
		sizeof(usage));
	verdict_bytes_text(log->limit_kb < 0 ? -1 : log->limit_kb * 1024, limit,
		sizeof(limit));
	if (log->oom_memcg[0])
		verdict_add(out, LOG_SOURCE, -1, -1,
			"it was for the limit of %s: %s of %s in use",
			log->oom_memcg, usage, limit);
	else if (log->scope == OOMLOG_MEMCG)
		verdict_add(out, LOG_SOURCE, -1, -1,
			"the report that names the cgroup was left out: the "
			"kernel prints ten in five seconds");
	if (log->invoker_comm[0])
		verdict_add(out, LOG_SOURCE, -1, -1,
			"%s, pid %lld of the host, had asked for memory",
			log->invoker_comm, (long long)log->invoker_pid);
	if (log->group_kill == 1)
		verdict_add(out, LOG_SOURCE, -1, -1,
			"memory.oom.group was set: all of that cgroup was "
			"killed");
}

void verdict_log_evidence(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	switch (log_state(facts)) {
	case KERNEL_LOG_UNREADABLE:
		verdict_add_unreadable(out, KERNEL_LOG_NAME);
		return;
	case KERNEL_LOG_FOUND:
		verdict_add(out, LOG_SOURCE, -1, -1, "%s", facts->log->line);
		add_hit(facts->log, out);
		return;
	case KERNEL_LOG_SILENT:
		verdict_add(out, LOG_SOURCE, -1, -1,
			"the kernel tells of no OOM kill of this process");
		return;
	case KERNEL_LOG_GAPS:
		verdict_add(out, LOG_SOURCE, -1, -1,
			"the kernel tells of no OOM kill of this process, but "
			"some of its log was overwritten unread");
		return;
	default:
		return;
	}
}
