/* SPDX-License-Identifier: MIT */
/*
 * Whose limit an OOM kill was about. oom_kill counts kills by any OOM killer,
 * the host's too, so it cannot say; each level's own count can.
 *
 * v2: the level whose own `oom` moved is the one, and if none moved in a window
 * that holds the kill, and all levels up to the root were read, only the host
 * is left. v1 has no such count: `failcnt` moves whenever a charge meets the
 * limit, also when reclaim then makes room, so the level must also stand at
 * its limit, or have its peak there. And v1 charges memory and swap together
 * first: with both limits the same, as Docker sets them, memsw.failcnt moves
 * and memory.failcnt never does; and from about 6.13 on memsw.failcnt does not
 * move either (seen on 6.18: 0 after 294 kills, with the peak at the limit to
 * the byte). A level whose count is dead fits if it was seen at its limit
 * around the death, or, with its peak there, if no other killer is left.
 *
 * What keeps `proven` from being wrong: two levels that fit, or a host that was
 * nearly out of memory itself at the time, make it `likely`. With one level at
 * its limit, charges failing there, and memory to be had on the host, there is
 * no other OOM killer that could have acted.
 */
#include "evidence/verdict_parts.h"

#include <stdio.h>
#include <unistd.h>

#include "evidence/source.h"

/* A level's usage may stand below its limit by what CPUs hold back: the kernel
 * charges in batches (MEMCG_CHARGE_BATCH, include/linux/memcontrol.h) and
 * drains them before it gives up; and a huge page that no longer fits fails
 * while smaller ones still do. */
#define CHARGE_BATCH_PAGES 64
#define HUGE_PAGE_BYTES	   (INT64_C(2) << 20)

/* What each load that grows may be charged before it looks at the usage again
 * (load/grow.c): a slice, and the huge page that the slice begins. A hundred of
 * them stand still at the limit before any has seen it. */
#define STEP_BYTES	((INT64_C(2) << 20) + (INT64_C(512) << 10))
#define STEPS_MOST_PART 8 /* of the limit: further off is not at it */

static int64_t tolerance(
	const struct scoreboard_death *death, int64_t limit_bytes)
{
	int64_t cpus = sysconf(_SC_NPROCESSORS_CONF);
	int64_t page = sysconf(_SC_PAGESIZE);
	int64_t steps = death->growing * STEP_BYTES;

	if (cpus < 1)
		cpus = 1;
	if (steps > limit_bytes / STEPS_MOST_PART)
		steps = limit_bytes / STEPS_MOST_PART;
	return CHARGE_BATCH_PAGES * page * cpus + HUGE_PAGE_BYTES + steps;
}

static const struct cgroup_reading *level_in(
	const struct scoreboard_readings *readings, int level)
{
	static const struct cgroup_reading none = {.limit_bytes = -1,
		.high_bytes = -1,
		.usage_bytes = -1,
		.peak_bytes = -1,
		.hierarchical_limit_bytes = -1,
		.failcnt = -1,
		.swap_failcnt = -1,
		.oom_kill = -1,
		.oom = -1};

	if (readings->at_ms == 0 || level >= readings->count)
		return &none;
	return &readings->levels[level];
}

/* The limit in force at the death; before it if that could not be read. */
static int64_t level_limit(const struct scoreboard_death *death, int level)
{
	int64_t bytes = level_in(&death->after, level)->limit_bytes;

	return bytes >= 0 ? bytes
			  : level_in(&death->before, level)->limit_bytes;
}

static bool near(const struct scoreboard_death *death, int64_t bytes,
	int64_t limit_bytes)
{
	return bytes >= 0 &&
	       bytes >= limit_bytes - tolerance(death, limit_bytes);
}

/* Stood at limit_bytes when it was looked at, or reached it in between. */
static bool reached(
	const struct scoreboard_death *death, int level, int64_t limit_bytes)
{
	const struct cgroup_reading *before = level_in(&death->before, level);
	const struct cgroup_reading *after = level_in(&death->after, level);

	return near(death, before->usage_bytes, limit_bytes) ||
	       near(death, after->usage_bytes, limit_bytes) ||
	       near(death, death->most_usage_bytes[level], limit_bytes) ||
	       (before->peak_bytes >= 0 &&
		       !near(death, before->peak_bytes, limit_bytes) &&
		       near(death, after->peak_bytes, limit_bytes));
}

/* Whether the kill was counted between the two readings. A master that reaps
 * one worker while the next is already dying has no reading before the second
 * kill; then nothing follows from a count that did not move. */
static bool window_holds_kill(const struct scoreboard_death *death)
{
	int64_t before = level_in(&death->before, 0)->oom_kill;

	return before >= 0 && level_in(&death->after, 0)->oom_kill > before;
}

/* How often a charge met the level's limit, whichever of the two v1 has. */
static int64_t hits_of(const struct cgroup_reading *reading, int version)
{
	int64_t hits = evidence_figure(reading, version, EVIDENCE_HITS);
	int64_t swap = evidence_figure(reading, version, EVIDENCE_SWAP_HITS);

	if (hits < 0 || swap < 0)
		return hits < 0 ? swap : hits;
	return hits + swap;
}

/* v1: its peak is at the limit to the page, and yet no charge was ever counted
 * to have met it. */
static bool count_is_dead(const struct verdict_facts *facts, int level)
{
	const struct cgroup_reading *last =
		level_in(&facts->death->after, level);
	int64_t limit_bytes = level_limit(facts->death, level);

	return facts->cgroup_version == 1 && evidence_limited(limit_bytes) &&
	       hits_of(last, 1) == 0 &&
	       last->peak_bytes > limit_bytes - sysconf(_SC_PAGESIZE);
}

static bool level_fits(const struct verdict_facts *facts, int level)
{
	const struct scoreboard_death *death = facts->death;
	const struct cgroup_reading *first = level_in(&death->before, level);
	const struct cgroup_reading *last = level_in(&death->after, level);
	int64_t limit_bytes = level_limit(death, level);
	int64_t before = hits_of(first, facts->cgroup_version);
	int64_t after = hits_of(last, facts->cgroup_version);

	if (!evidence_limited(limit_bytes))
		return false;
	if (count_is_dead(facts, level))
		return reached(death, level, limit_bytes);
	if (!window_holds_kill(death))
		return after > 0 && reached(death, level, limit_bytes);
	if (before < 0 || after < before)
		return false;
	if (facts->cgroup_version == 2)
		return after > before;
	/* The first reading may fall between the charge that failed and the
	 * kill: the kernel prints its report in between. */
	if (after == before)
		return after > 0 &&
		       near(death, first->usage_bytes, limit_bytes);
	return reached(death, level, limit_bytes) ||
	       near(death, last->peak_bytes, limit_bytes);
}

/* v2: every level that can have a limit was read on both sides. The root has
 * no such files. */
static bool all_counted(const struct verdict_facts *facts)
{
	const struct scoreboard_death *death = facts->death;

	for (int i = 0; i < facts->level_count - 1; i++) {
		if (level_in(&death->before, i)->oom < 0 ||
			level_in(&death->after, i)->oom < 0)
			return false;
	}
	return facts->level_count > 1;
}

static int64_t smaller_known(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* Unknown is not low: it makes nothing likely. What the victim held was freed
 * before the second reading, so it is taken off again. */
bool verdict_host_low(const struct verdict_facts *facts)
{
	const struct scoreboard_death *death = facts->death;
	const struct meminfo *after = &death->after.host;
	int64_t least = -1, low;

	if (death->before.at_ms > 0)
		least = death->before.host.available_bytes;
	if (death->after.at_ms > 0 && after->available_bytes >= 0) {
		int64_t held = facts->load->resident_bytes;
		int64_t left = after->available_bytes - (held > 0 ? held : 0);

		least = smaller_known(least, left > 0 ? left : 0);
	}
	if (death->host_least_bytes > 0)
		least = smaller_known(least, death->host_least_bytes);
	low = headroom_host_low(death->after.at_ms > 0
					? after->total_bytes
					: death->before.host.total_bytes);
	return least >= 0 && least < low;
}

static void weaken(struct verdict_result *out, enum certainty certainty)
{
	if (out->certainty < (int32_t)certainty)
		out->certainty = (int32_t)certainty;
}

static void limit_set(struct limit *limit, int64_t bytes,
	enum limit_level level, const char *path)
{
	limit->bytes = bytes;
	limit->level = (int32_t)level;
	snprintf(limit->path, sizeof(limit->path), "%s", path);
}

void verdict_blame_level(const struct verdict_facts *facts, int level,
	struct verdict_result *out)
{
	const struct scoreboard_level *place = &facts->levels[level];
	int64_t high = level_in(&facts->death->after, level)->high_bytes;

	out->verdict = VERDICT_CGROUP_OOM;
	limit_set(&out->limit, level_limit(facts->death, level),
		level == 0 ? LIMIT_OWN : LIMIT_ANCESTOR, place->path);
	snprintf(out->limit.source, sizeof(out->limit.source), "%s",
		place->source);
	if (evidence_limited(high))
		out->limit.high_bytes = high;
}

void verdict_blame_host(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	int64_t total = facts->death->after.host.total_bytes;

	out->verdict = VERDICT_HOST_OOM;
	limit_set(&out->limit, total > 0 ? total : -1, LIMIT_HOST, "");
	snprintf(out->limit.source, sizeof(out->limit.source), "%s",
		"/proc/meminfo");
}

/* v1: an ancestor out of sight with a limit tighter than all in sight. With
 * our own usage at that limit the ancestor's is too. Without that it may as
 * well be a wider ancestor that is full of others' memory: likely. */
static bool blame_hidden(
	const struct verdict_facts *facts, bool low, struct verdict_result *out)
{
	const struct scoreboard_death *death = facts->death;
	int64_t hidden = evidence_hidden_limit(
		death->after.at_ms > 0 ? &death->after : &death->before,
		facts->ancestors_visible);
	bool full = hidden >= 0 && reached(death, 0, hidden);

	if (facts->level_count < 1 || hidden < 0 || (low && !full))
		return false;
	out->verdict = VERDICT_CGROUP_OOM;
	limit_set(&out->limit, hidden, LIMIT_ANCESTOR, "");
	evidence_source(&facts->levels[0], facts->cgroup_version,
		EVIDENCE_HIERARCHY, out->limit.source,
		sizeof(out->limit.source));
	weaken(out, full && !low ? CERTAINTY_PROVEN : CERTAINTY_LIKELY);
	return true;
}

/* Blames the innermost level for which test holds; false when none does. Two
 * that do, or doubt, and it is likely only. */
static bool blame_first(const struct verdict_facts *facts,
	bool (*test)(const struct verdict_facts *facts, int level), bool doubt,
	struct verdict_result *out)
{
	int count = 0, innermost = 0;

	for (int i = facts->level_count - 1; i >= 0; i--) {
		if (!test(facts, i))
			continue;
		innermost = i;
		count++;
	}
	if (count == 0)
		return false;
	verdict_blame_level(facts, innermost, out);
	weaken(out, count > 1 || doubt ? CERTAINTY_LIKELY : CERTAINTY_PROVEN);
	return true;
}

void verdict_blame(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	bool low = verdict_host_low(facts);

	/* A bystander that the machine counted, not load's cgroup. */
	if (!facts->death->reaped && !facts->death->busy &&
		!facts->master_gone &&
		facts->death->account == ACCOUNT_LIKELY) {
		verdict_blame_host(facts, out);
		weaken(out, CERTAINTY_LIKELY);
		return;
	}
	if (blame_first(facts, level_fits, low, out))
		return;
	/* By exclusion: what can be seen is all there is, the others never
	 * reached their limits, and the host had memory. */
	if (blame_first(facts, count_is_dead, low || !facts->ancestors_visible,
		    out))
		return;
	if (blame_hidden(facts, low, out))
		return;
	/* No level's limit was hit, and the host had next to nothing. With
	 * memory left it was neither, as far as can be seen: say no more. */
	if (facts->cgroup_version == 2 && facts->ancestors_visible && low &&
		window_holds_kill(facts->death) && all_counted(facts)) {
		verdict_blame_host(facts, out);
		return;
	}
	/* v2 says nothing of ancestors out of sight: it may be one of them. */
	if (low && (facts->cgroup_version == 1 || facts->ancestors_visible)) {
		verdict_blame_host(facts, out);
		weaken(out, CERTAINTY_LIKELY);
	}
}
