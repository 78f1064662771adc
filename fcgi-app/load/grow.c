/* SPDX-License-Identifier: MIT */
/*
 * Growth, step by step. The crew's threads touch the pages; this thread says
 * how far the next step goes (as fast as can be, along a rate, down to a
 * headroom) and sees whatever ends the load while a step is under way. How
 * far a step goes adapts to how long it took, so that a fast machine is not
 * slowed by the looking and a throttled one is not out of sight for long.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "load/growth.h"
#include "load/pace.h"
#include "readings/meminfo.h"

#define STEP_FIRST_BYTES  ((int64_t)4 << 20)
#define STEP_MIN_BYTES	  ((int64_t)64 << 10)
#define STEP_MOST_BYTES	  ((int64_t)256 << 20)
#define STEP_SHORT_US	  5000	/* longer steps from here on */
#define STEP_LONG_US	  20000 /* shorter ones */
#define PACE_US		  20000 /* between steps along a rate */
#define CROWD		  4	/* loads beside it */
#define CROWD_NICE	  19
#define PAGE_BYTES	  4096 /* less headroom than this is none */
#define SLICE_BYTES	  ((int64_t)512 << 10) /* one call; then told */
#define SLICE_LEAST_BYTES ((int64_t)32 << 10)  /* at the limit */
#define USAGE_KEPT_MS	  500 /* the highest seen, before a lower one */
#define SLICE_OF_ROOM	  64  /* what is free, for all who grow */
#define SLICE_SMALL_BYTES ((int64_t)64 << 10) /* where memory.high is set */

static enum load_outcome fall_short(struct growth *growth, int error)
{
	const char *reason = growth->ballast.reason;

	report_reason(
		growth->worker, "%s", reason[0] ? reason : strerror(error));
	return OUTCOME_SHORT;
}

static int64_t within(int64_t low, int64_t value, int64_t high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

static void adapt_step(struct growth *growth, int64_t took_us)
{
	int64_t next = growth->step_bytes;

	if (took_us < STEP_SHORT_US)
		next *= 2;
	else if (took_us > STEP_LONG_US)
		next /= 2;
	growth->step_bytes = within(STEP_MIN_BYTES, next, STEP_MOST_BYTES);
}

/* A step that something ends is still waited for: its threads may be inside
 * the kernel. If they stay there, the master has been told since when. */
static enum load_outcome cut_short(
	struct growth *growth, enum load_outcome outcome)
{
	growth_note_end(growth, outcome);
	crew_stop(&growth->crew);
	crew_wait(&growth->crew);
	crew_end(&growth->crew);
	return outcome;
}

static enum load_outcome step_to(struct growth *growth, int64_t to)
{
	int64_t began_us = scoreboard_now_us();
	enum load_outcome outcome;
	bool over;

	crew_begin(&growth->crew, growth->grown_bytes, to);
	outcome = growth_wait(growth, true, growth->deadline_us, &over);
	if (outcome == OUTCOME_NONE && !over)
		outcome = OUTCOME_STALLED;
	if (!over)
		return cut_short(growth, outcome);
	if (crew_end(&growth->crew) < 0)
		return fall_short(growth, errno);
	growth->grown_bytes = to;
	adapt_step(growth, scoreboard_now_us() - began_us);
	return outcome;
}

/* The headroom over all levels and the host, now; -1 when unknown. */
static int64_t headroom_now(const struct worker *worker)
{
	struct cgroup_reading levels[CGROUP_LEVELS];
	struct meminfo host;
	struct limit limit;

	for (int i = 0; i < worker->start.cgroup->count; i++)
		cgroup_read(worker->start.cgroup, i, &levels[i]);
	meminfo_read(worker->start.host, &host);
	headroom_reckon(worker->start.cgroup, levels, &host, &limit);
	return limit.headroom_bytes;
}

/* How far the headroom to be left lets it grow: to, less than to, or not at
 * all (what is grown already). */
static int64_t leave_allows(const struct growth *growth, int64_t to)
{
	int64_t room;

	if (growth->spec->leave_bytes < 0)
		return to;
	room = headroom_now(growth->worker) - growth->spec->leave_bytes;
	if (room < PAGE_BYTES)
		return growth->grown_bytes;
	return within(0, to, growth->grown_bytes + room);
}

/* How far the next step goes; grown_bytes itself when nothing is due yet. */
static int64_t next_target(const struct growth *growth)
{
	int64_t elapsed_us = scoreboard_now_us() - growth->started_us;
	int64_t due = pace_due(growth->spec, elapsed_us);

	return within(growth->grown_bytes,
		growth->grown_bytes + growth->step_bytes, due);
}

static enum load_outcome wait_for_pace(struct growth *growth)
{
	int64_t due_us =
		growth->started_us +
		pace_when(growth->spec, growth->grown_bytes + PAGE_BYTES);
	int64_t next_us = scoreboard_now_us() + PACE_US;
	enum load_outcome outcome;
	bool over;

	if (next_us < due_us)
		next_us = due_us;
	if (next_us > growth->deadline_us)
		next_us = growth->deadline_us;
	outcome = growth_wait(growth, false, next_us, &over);
	if (outcome == OUTCOME_NONE &&
		scoreboard_now_us() >= growth->deadline_us)
		outcome = OUTCOME_STALLED;
	if (outcome != OUTCOME_NONE)
		growth_note_end(growth, outcome);
	return outcome;
}

static enum load_outcome grow_on(struct growth *growth)
{
	enum load_outcome outcome = OUTCOME_NONE;

	while (outcome == OUTCOME_NONE &&
		growth->grown_bytes < growth->spec->bytes) {
		int64_t to = next_target(growth);

		if (to == growth->grown_bytes) {
			outcome = wait_for_pace(growth);
			continue;
		}
		to = leave_allows(growth, to);
		if (to == growth->grown_bytes)
			return OUTCOME_LEFT;
		outcome = step_to(growth, to);
		if (outcome == OUTCOME_NONE && growth->spec->rate_bytes > 0 &&
			growth->grown_bytes >= growth->spec->first_bytes)
			outcome = wait_for_pace(growth);
	}
	return outcome;
}

/* Threads help when the kind lets them, and when the machine is not already
 * shared among many loads. */
static int crew_size(const struct growth *growth)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!growth->spec->kind->parallel || growth->spec->rate_bytes > 0 ||
		growth->others > 0)
		return 1;
	return (int)within(1, processors, CREW_MAX);
}

/* A crowd yields also to the clients that still come: a hundred threads at nice
 * 10 outweigh the shell that starts them. */
static int crew_niceness(const struct growth *growth)
{
	return growth->others >= CROWD ? CROWD_NICE : LOAD_NICE;
}

/* memory.high holds a thread up inside a call, longer for larger ones. */
static int64_t slice_bytes(const struct growth *growth)
{
	return growth->report->limit.high_bytes > 0 ? SLICE_SMALL_BYTES
						    : SLICE_BYTES;
}

/* How full the cgroup was just after a slice: of the last one before a kill
 * this is the limit but for a slice, and where the kernel counts no failures
 * (v1's failcnt, on 6.18) it is what proves whose limit was met. So slices get
 * shorter as the limit comes near: a hundred that are stuck in the middle of
 * theirs must not hide it. */
static int64_t note_usage(void *context)
{
	const struct growth *growth = context;
	const struct cgroup *cgroup = growth->worker->start.cgroup;
	struct scoreboard_slot *slot = growth->worker->slot;
	int64_t now_ms = scoreboard_now_ms(), room = INT64_MAX;
	bool fresh = now_ms - atomic_load(&slot->usage_ms) > USAGE_KEPT_MS;

	for (int i = 0; i < cgroup->count; i++) {
		int64_t usage;

		if (growth->limit_bytes[i] == INT64_MAX)
			continue; /* cannot be met */
		usage = cgroup_usage(cgroup, i);
		if (fresh || usage > atomic_load(&slot->usage_bytes[i])) {
			atomic_store(&slot->usage_bytes[i], usage);
			atomic_store(&slot->usage_ms, now_ms);
		}
		if (growth->limit_bytes[i] - usage < room)
			room = growth->limit_bytes[i] - usage;
	}
	return within(SLICE_LEAST_BYTES, room / SLICE_OF_ROOM,
		growth->crew.slice_bytes);
}

static void find_limits(struct growth *growth)
{
	const struct cgroup *cgroup = growth->worker->start.cgroup;
	struct cgroup_reading reading = growth->before; /* of the own level */

	for (int i = 0; i < cgroup->count; i++) {
		if (i > 0)
			cgroup_read(cgroup, i, &reading);
		growth->limit_bytes[i] = headroom_limit_of_level(&reading);
	}
}

enum load_outcome grow(struct growth *growth)
{
	enum load_outcome outcome;

	find_limits(growth);
	growth->crew.after_slice = note_usage;
	growth->crew.context = growth;
	growth->step_bytes = STEP_FIRST_BYTES;
	growth->deadline_us =
		growth->started_us + growth->spec->within_ms * 1000;
	if (ballast_open(&growth->ballast, growth->spec) < 0 ||
		crew_open(&growth->crew, &growth->ballast, crew_size(growth),
			crew_niceness(growth), slice_bytes(growth),
			&growth->report->resident_bytes) < 0)
		return fall_short(growth, errno);
	outcome = grow_on(growth);
	crew_close(&growth->crew);
	return outcome;
}
