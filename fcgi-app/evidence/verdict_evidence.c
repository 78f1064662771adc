/* SPDX-License-Identifier: MIT */
/*
 * The evidence behind a verdict, a line a source: where it was read, what it
 * means, its figure before and after. A figure that could be read on neither
 * side is named as unreadable instead, for an absent proof is no proof of
 * absence. Nothing is decided here.
 */
#include "evidence/verdict_parts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "evidence/source.h"
#include "views/fields.h"

void verdict_add(struct verdict_result *out, const char *source, int64_t before,
	int64_t after, const char *format, ...)
{
	struct verdict_evidence *line = &out->evidence[out->evidence_count];
	va_list list;

	if (out->evidence_count >= VERDICT_EVIDENCE)
		return;
	snprintf(line->source, sizeof(line->source), "%s", source);
	va_start(list, format);
	vsnprintf(line->says, sizeof(line->says), format, list);
	va_end(list);
	line->before = before < 0 ? FIELD_ABSENT : before;
	line->after = after < 0 ? FIELD_ABSENT : after;
	out->evidence_count++;
}

void verdict_add_unreadable(struct verdict_result *out, const char *source)
{
	if (out->unreadable_count >= VERDICT_UNREADABLE)
		return;
	snprintf(out->unreadable[out->unreadable_count],
		sizeof(out->unreadable[0]), "%s", source);
	out->unreadable_count++;
}

void verdict_signal_name(int number, char *out, size_t size)
{
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(out, size, "SIG%s", name);
	else
		snprintf(out, size, "signal %d", number);
}

void verdict_bytes_text(int64_t bytes, char *out, size_t size)
{
	static const struct field row = {.name = "bytes", .type = FIELD_BYTES};

	field_text(&row, &bytes, out, size);
}

static void add_status(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct scoreboard_death *death = facts->death;
	char name[32];

	if (!death->reaped) {
		if (facts->master_gone)
			verdict_add(out, "fcntl(2) F_GETLK load.lock", -1, -1,
				"load's master is gone, and with it whoever "
				"could have told how the worker ended");
		return;
	}
	if (WIFSIGNALED(death->wait_status)) {
		verdict_signal_name(out->signal, name, sizeof(name));
		verdict_add(out, "waitpid(2)", -1, -1,
			"the worker was ended by signal %d (%s)%s", out->signal,
			name,
			death->ended_by_master ? ", load's own master sent it"
					       : "");
	} else {
		verdict_add(out, "waitpid(2)", -1, -1,
			"the worker ended by itself, with exit status %d",
			WEXITSTATUS(death->wait_status));
	}
}

/* A figure of both sides as one line; -1 for a side that was not taken. */
struct pair {
	char source[320];
	int64_t before, after;
	bool taken;
};

static struct pair pair_of(
	const struct verdict_facts *facts, int level, enum evidence_file file)
{
	const struct scoreboard_readings *sides[] = {
		&facts->death->before, &facts->death->after};
	struct pair pair = {.before = -1, .after = -1};

	evidence_source(&facts->levels[level], facts->cgroup_version, file,
		pair.source, sizeof(pair.source));
	for (int i = 0; i < 2; i++) {
		int64_t *to = i == 0 ? &pair.before : &pair.after;

		if (sides[i]->at_ms == 0 || level >= sides[i]->count)
			continue;
		pair.taken = true;
		*to = evidence_figure(
			&sides[i]->levels[level], facts->cgroup_version, file);
	}
	return pair;
}

/* Whether there is something to say; what was taken and not readable is named
 * so. A source without a name is one that this version does not have. */
static bool pair_readable(const struct pair *pair, struct verdict_result *out)
{
	if (pair->before >= 0 || pair->after >= 0)
		return true;
	if (pair->taken && pair->source[0])
		verdict_add_unreadable(out, pair->source);
	return false;
}

static const char *const account_says[] = {
	[ACCOUNT_UNREADABLE] = "kills of this cgroup's processes by any OOM "
			       "killer; no account could be kept",
	[ACCOUNT_UNMOVED] = "no process of this cgroup was killed by any OOM "
			    "killer",
	[ACCOUNT_PROVEN] = "kills by any OOM killer: every one has its death, "
			   "and this is one of them",
	[ACCOUNT_LIKELY] = "kills by any OOM killer: fewer than deaths at "
			   "that moment, this one fits",
	[ACCOUNT_UNLIKELY] = "kills by any OOM killer: fewer than deaths at "
			     "that moment, others fit better",
};

static void add_oom_kill(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	struct pair pair = pair_of(facts, 0, EVIDENCE_OOM_KILL);
	int account = facts->death->account;

	if (account < ACCOUNT_UNREADABLE || account > ACCOUNT_UNLIKELY)
		account = ACCOUNT_UNREADABLE;
	if (pair_readable(&pair, out))
		verdict_add(out, pair.source, pair.before, pair.after, "%s",
			account_says[account]);
}

static int64_t limit_of(const struct verdict_facts *facts, int level)
{
	const struct scoreboard_readings *side =
		facts->death->after.at_ms > 0 ? &facts->death->after
					      : &facts->death->before;

	if (side->at_ms == 0 || level >= side->count)
		return -1;
	return side->levels[level].limit_bytes;
}

/* Charges that met the limit: v1 counts them in one of two files, and only
 * where swap is accounted for are there both. */
static void add_hits(const struct verdict_facts *facts, int level,
	const char *limit, struct verdict_result *out)
{
	const char *whose = level == 0 ? "its own" : "an ancestor's";
	struct pair hits = pair_of(facts, level, EVIDENCE_HITS);
	struct pair swap = pair_of(facts, level, EVIDENCE_SWAP_HITS);

	if (pair_readable(&hits, out))
		verdict_add(out, hits.source, hits.before, hits.after,
			facts->cgroup_version == 2
				? "OOMs for want of %s limit, %s"
				: "charges that met %s limit, %s",
			whose, limit);
	if (swap.before >= 0 || swap.after >= 0)
		verdict_add(out, swap.source, swap.before, swap.after,
			"the same of the limit of memory and swap together");
}

/* What was in use: at the two readings, in between as far as it was looked
 * for, and ever. */
static void add_usage(const struct verdict_facts *facts, int level,
	const char *limit, struct verdict_result *out)
{
	const char *whose = level == 0 ? "its own" : "an ancestor's";
	int64_t most_bytes = facts->death->most_usage_bytes[level];
	struct pair usage = pair_of(facts, level, EVIDENCE_USAGE);
	struct pair peak = pair_of(facts, level, EVIDENCE_PEAK);

	if (pair_readable(&usage, out))
		verdict_add(out, usage.source, usage.before, usage.after,
			"bytes in use, page cache included; %s limit: %s",
			whose, limit);
	if (most_bytes > 0)
		verdict_add(out, usage.source, -1, most_bytes,
			"the most in use that load's master saw in between");
	if (peak.before >= 0 || peak.after >= 0)
		verdict_add(out, peak.source, peak.before, peak.after,
			"the most that was ever in use there; %s limit: %s",
			whose, limit);
}

static void add_level(const struct verdict_facts *facts, int level,
	struct verdict_result *out)
{
	int64_t limit_bytes = limit_of(facts, level);
	char limit[32];

	if (level > 0 && !evidence_limited(limit_bytes))
		return;
	verdict_bytes_text(limit_bytes, limit, sizeof(limit));
	if (!evidence_limited(limit_bytes))
		snprintf(limit, sizeof(limit), "%s",
			limit_bytes < 0 ? "of unknown size" : "none");
	add_hits(facts, level, limit, out);
	add_usage(facts, level, limit, out);
}

static void add_hidden(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct scoreboard_death *death = facts->death;
	struct pair pair = pair_of(facts, 0, EVIDENCE_HIERARCHY);

	if (evidence_hidden_limit(
		    death->after.at_ms > 0 ? &death->after : &death->before,
		    facts->ancestors_visible) < 0)
		return;
	verdict_add(out, pair.source, pair.before, pair.after,
		"the tightest limit up to the root, of an ancestor that "
		"cannot be seen from here");
}

static void add_group(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	struct pair pair = pair_of(facts, 0, EVIDENCE_GROUP);

	if (pair.before == 1 || pair.after == 1)
		verdict_add(out, pair.source, pair.before, pair.after,
			"an OOM kill here takes the whole cgroup, master and "
			"all workers");
}

/* Marks and counts of kills that are worth a line only where they moved. */
static void add_moved(const struct verdict_facts *facts, int level,
	enum evidence_file file, const char *says, struct verdict_result *out)
{
	struct pair pair = pair_of(facts, level, file);

	if (pair.after > pair.before && pair.before >= 0)
		verdict_add(
			out, pair.source, pair.before, pair.after, "%s", says);
}

/* What the usage was made of, and whether tasks stood still for it. */
static const struct {
	enum evidence_file file;
	const char *says;
} parts[] = {
	{EVIDENCE_ANON, "bytes of it that processes have to themselves"},
	{EVIDENCE_FILE,
		"bytes of page cache, tmpfs and shared memory included"},
	{EVIDENCE_SHMEM, "bytes of tmpfs and shared memory"},
	{EVIDENCE_KERNEL, "bytes that the kernel holds for it"},
	{EVIDENCE_STALL, "microseconds that some of its tasks stood still for "
			 "want of memory"},
};

static void add_parts(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct pair pair = pair_of(facts, 0, parts[i].file);

		if (pair.before >= 0 || pair.after >= 0)
			verdict_add(out, pair.source, pair.before, pair.after,
				"%s", parts[i].says);
	}
}

static void add_host(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct scoreboard_readings *before = &facts->death->before;
	const struct scoreboard_readings *after = &facts->death->after;
	struct pair memory = {.source = "/proc/meminfo MemAvailable",
		.before = before->at_ms ? before->host.available_bytes : -1,
		.after = after->at_ms ? after->host.available_bytes : -1,
		.taken = before->at_ms || after->at_ms};
	struct pair kills = {.source = "/proc/vmstat oom_kill",
		.before = before->at_ms ? before->host_oom_kills : -1,
		.after = after->at_ms ? after->host_oom_kills : -1,
		.taken = memory.taken};
	struct pair stall = {.source = "/proc/pressure/memory some total",
		.before = before->at_ms ? before->host_pressure.some_us : -1,
		.after = after->at_ms ? after->host_pressure.some_us : -1};
	char total[32];

	verdict_bytes_text(after->at_ms ? after->host.total_bytes
					: before->host.total_bytes,
		total, sizeof(total));
	if (pair_readable(&memory, out))
		verdict_add(out, memory.source, memory.before, memory.after,
			"bytes to be had on the machine, of %s", total);
	if (pair_readable(&kills, out))
		verdict_add(out, kills.source, kills.before, kills.after,
			"OOM kills on the whole machine, those in other "
			"containers too");
	if (stall.before >= 0 || stall.after >= 0)
		verdict_add(out, stall.source, stall.before, stall.after,
			"microseconds that some tasks of the machine stood "
			"still for want of memory");
}

void verdict_evidence(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	verdict_log_evidence(facts, out);
	add_status(facts, out);
	if (facts->level_count > 0) {
		add_oom_kill(facts, out);
		add_level(facts, 0, out);
		add_hidden(facts, out);
		add_group(facts, out);
		for (int i = 0; i < facts->level_count; i++) {
			add_moved(facts, i, EVIDENCE_GROUP_KILL,
				"OOM kills that took a whole cgroup", out);
			add_moved(facts, i, EVIDENCE_OOMD,
				"what systemd-oomd noted of its own kills",
				out);
		}
	} else {
		verdict_add_unreadable(
			out, "memory cgroup (/proc/self/cgroup)");
	}
	add_host(facts, out); /* before others' levels: there is room for 32 */
	for (int i = 1; i < facts->level_count; i++)
		add_level(facts, i, out);
	if (facts->level_count > 0)
		add_parts(facts, out);
}
