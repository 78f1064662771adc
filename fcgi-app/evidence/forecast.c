/* SPDX-License-Identifier: MIT */
/*
 * How far a load would come. Every thing that can end it is a point on the one
 * scale of its own bytes: the limit, a quota, the headroom it shall leave, what
 * its rate lets it reach; the first point decides. The limit's is the headroom
 * of the level that has the least, less what loads under way have yet to take,
 * less its own page tables, for they are charged too (a 512th). With swap, or
 * memory.high on the way, it is up to the kernel how much is resident when the
 * kill comes: then that is not said.
 */
#include "evidence/forecast_parts.h"

#include <string.h>

static const struct forecast_kind kinds[] = {
	{"anon", .mapped = true, .swaps = true},
	{"huge", .mapped = true, .swaps = true},
	{"rows", .mapped = true, .swaps = true},
	{"shm", .mapped = true, .swaps = true},
	{"file", .cache = true},
	{"locked", .mapped = true},
	{"pipe", .mapped = false},
	{"pagetable", .tables = true},
	{NULL},
};

/* kind file when its scratch directory is on tmpfs: not mapped, not cache. */
static const struct forecast_kind tmpfs_kind = {"file", .swaps = true};

const struct forecast_kind *forecast_kind_find(const char *name)
{
	for (const struct forecast_kind *row = kinds; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

bool forecast_knows(const char *kind)
{
	return forecast_kind_find(kind) != NULL;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t at_least_zero(int64_t value)
{
	return value > 0 ? value : 0;
}

static bool is_limit(int64_t bytes)
{
	return bytes >= 0 && bytes < INT64_MAX;
}

/* What of bytes is left when their own page tables are paid of them. */
static int64_t less_tables(const struct forecast_facts *facts, int64_t bytes)
{
	int64_t share = facts->page_bytes / TABLE_ENTRY_BYTES;

	return (int64_t)((__int128)bytes * share / (share + 1));
}

/* A charge goes from the leaf up: of equal levels the lower one refuses. */
static int find_domain(
	const struct forecast_facts *facts, const struct limit *limit)
{
	if (limit->headroom_bytes < 0)
		return DOMAIN_UNKNOWN;
	for (int i = 0; i < facts->cgroup->count; i++)
		if (headroom_of_level(&facts->levels[i]) ==
			limit->headroom_bytes)
			return i;
	return DOMAIN_HOST;
}

/* Page cache takes no headroom: it makes room again. */
static int64_t sum_yet(const struct forecast_facts *facts)
{
	int64_t sum = 0;

	for (int i = 0; i < facts->worker_count; i++) {
		const struct forecast_worker *worker = &facts->workers[i];
		const struct forecast_kind *kind =
			forecast_kind_find(worker->kind);

		if (worker->yet_bytes > 0 && !(kind && kind->cache) &&
			__builtin_add_overflow(sum, worker->yet_bytes, &sum))
			return INT64_MAX;
	}
	return sum;
}

/* v1 limits memory and swap together, v2 swap alone; what cannot be read does
 * not limit (no swap accounting, no such file at the root). */
static int64_t swap_of_level(int version, const struct cgroup_reading *level)
{
	int64_t free_bytes = level->swap_limit_bytes - level->swap_usage_bytes;

	if (!is_limit(level->swap_limit_bytes) || level->swap_usage_bytes < 0)
		return INT64_MAX;
	if (version == 1) {
		if (!is_limit(level->limit_bytes) || level->usage_bytes < 0)
			return INT64_MAX;
		free_bytes -= level->limit_bytes - level->usage_bytes;
	}
	return at_least_zero(free_bytes);
}

static int64_t swap_free(const struct forecast_facts *facts)
{
	int64_t least = at_least_zero(facts->host->swap_free_bytes);

	for (int i = 0; i < facts->cgroup->count; i++)
		least = smaller(least, swap_of_level(facts->cgroup->version,
					       &facts->levels[i]));
	return least;
}

/* What is left below the tightest memory.high. */
static int64_t high_room(const struct forecast_facts *facts)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < facts->cgroup->count; i++) {
		struct cgroup_reading level = facts->levels[i];
		int64_t room;

		if (!is_limit(level.high_bytes))
			continue;
		level.limit_bytes = level.high_bytes;
		room = headroom_of_level(&level);
		if (room >= 0)
			least = smaller(least, room);
	}
	return least;
}

/* room less what others take of it, as bytes of the asked load. */
static int64_t point_of(const struct outlook *outlook, int64_t room)
{
	int64_t left;

	if (room == INT64_MAX)
		return INT64_MAX;
	left = at_least_zero(room - outlook->yet_bytes);
	return outlook->kind->mapped ? less_tables(outlook->facts, left) : left;
}

static void find_limits(struct outlook *outlook, const struct limit *limit)
{
	const struct forecast_facts *facts = outlook->facts;

	outlook->domain = find_domain(facts, limit);
	outlook->yet_bytes = sum_yet(facts);
	outlook->high_point = point_of(outlook, high_room(facts));
	outlook->free_bytes = outlook->full_point = INT64_MAX;
	if (outlook->kind->swaps)
		outlook->swap_bytes = swap_free(facts);
	if (outlook->domain == DOMAIN_UNKNOWN)
		return;
	outlook->free_bytes =
		at_least_zero(limit->headroom_bytes - outlook->yet_bytes);
	outlook->full_point =
		point_of(outlook, limit->headroom_bytes + outlook->swap_bytes);
}

/* leave looks at the headroom, wherever it is; unknown, it leaves nothing. */
static int64_t leave_point(
	const struct outlook *outlook, const struct limit *limit)
{
	if (outlook->ask->leave_bytes < 0)
		return INT64_MAX;
	return point_of(outlook, at_least_zero(limit->headroom_bytes -
					       outlook->ask->leave_bytes));
}

static void find_ends(struct outlook *outlook, const struct limit *limit)
{
	const struct forecast_facts *facts = outlook->facts;
	const struct forecast_ask *ask = outlook->ask;

	outlook->leave_point = leave_point(outlook, limit);
	outlook->reach_point = ask->reach_bytes;
	outlook->quota_point =
		facts->quota_bytes < 0 ? INT64_MAX : facts->quota_bytes;
	outlook->guard_point = ask->bytes > facts->guard_bytes ? 0 : INT64_MAX;
	outlook->end_point =
		smaller(smaller(outlook->leave_point, outlook->reach_point),
			smaller(outlook->quota_point, outlook->guard_point));
	if (outlook->kind->cache)
		outlook->end_point =
			smaller(outlook->end_point, outlook->free_bytes);
	outlook->killed = !outlook->kind->cache &&
			  outlook->full_point < ask->bytes &&
			  outlook->full_point < outlook->end_point;
}

/* An ancestor out of sight has its limit, but who knows what fills it; and
 * beyond memory.high a load is slowed down: it may end there as stalled. */
static int32_t fits(const struct outlook *outlook, const struct limit *limit)
{
	int64_t bytes = outlook->ask->bytes;

	if (outlook->killed || outlook->end_point < bytes)
		return 0;
	if (outlook->domain == DOMAIN_UNKNOWN)
		return is_limit(limit->bytes) && bytes > limit->bytes &&
				       outlook->swap_bytes == 0
			       ? 0
			       : -1;
	return outlook->high_point < bytes ? -1 : 1;
}

/* The host's own OOM killer, before a limit that binds: MemAvailable is an
 * estimate, and not of that moment. */
static bool kill_can_be_told(
	const struct outlook *outlook, const struct limit *limit)
{
	return outlook->killed && outlook->free_bytes > 0 &&
	       outlook->swap_bytes == 0 &&
	       outlook->high_point >= outlook->full_point &&
	       (outlook->domain != DOMAIN_HOST || limit->level == LIMIT_HOST);
}

void forecast_make(const struct forecast_facts *facts,
	const struct forecast_ask *ask, struct forecast *out)
{
	struct outlook outlook = {.facts = facts, .ask = ask};

	memset(out, 0, sizeof(*out));
	outlook.kind = forecast_kind_find(ask->kind);
	if (outlook.kind->cache && facts->scratch_is_tmpfs)
		outlook.kind = &tmpfs_kind;
	headroom_reckon(facts->cgroup, facts->levels, facts->host, &out->limit);
	find_limits(&outlook, &out->limit);
	find_ends(&outlook, &out->limit);
	out->requested_bytes = ask->bytes;
	out->fits = fits(&outlook, &out->limit);
	out->kill_at_bytes = kill_can_be_told(&outlook, &out->limit)
				     ? outlook.full_point
				     : -1;
	if (outlook.killed)
		forecast_rank(&outlook, out);
	forecast_warn(&outlook, out);
}
