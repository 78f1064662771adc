/* SPDX-License-Identifier: MIT */
/*
 * Which limit binds, and how far away it is. The two are reckoned apart: the
 * tightest limit is what a load is measured against, but an ancestor with a
 * wider limit may be fuller, through its other children, and kill earlier. So
 * the headroom is the least over all levels, not the binding level's own.
 * What cannot be known makes the answer unknown (-1), never larger.
 */
#include "readings/headroom.h"

#include <stdio.h>
#include <string.h>

#define RESERVE_BYTES (INT64_C(512) << 20)
#define RESERVE_PART  20 /* a twentieth: 5 % */
#define LOW_BYTES     (INT64_C(512) << 20)
#define LOW_PART      8 /* of a small machine */

const struct limit limit_unknown = {
	.bytes = -1, .headroom_bytes = -1, .high_bytes = -1};

const char *const limit_level_words[LIMIT_LEVELS] = {
	[LIMIT_NONE] = NULL,
	[LIMIT_OWN] = "own",
	[LIMIT_ANCESTOR] = "ancestor",
	[LIMIT_HOST] = "host",
};

int64_t headroom_limit_of_level(const struct cgroup_reading *reading)
{
	int64_t limit =
		reading->limit_bytes < 0 ? INT64_MAX : reading->limit_bytes;
	int64_t hidden = reading->hierarchical_limit_bytes;

	return hidden >= 0 && hidden < limit ? hidden : limit;
}

int64_t headroom_of_level(const struct cgroup_reading *reading)
{
	int64_t slab = reading->slab_reclaimable_bytes;
	int64_t used = reading->usage_bytes;

	if (reading->limit_bytes == INT64_MAX)
		return INT64_MAX;
	if (reading->limit_bytes < 0 || used < 0 ||
		reading->active_file_bytes < 0 ||
		reading->inactive_file_bytes < 0)
		return -1;
	used -= reading->active_file_bytes + reading->inactive_file_bytes;
	if (slab > 0) /* v1 does not tell it */
		used -= slab;
	/* The figures are not of one moment: usage is counted in batches. */
	if (used < 0)
		used = 0;
	return used < reading->limit_bytes ? reading->limit_bytes - used : 0;
}

int64_t headroom_host_low(int64_t total_bytes)
{
	if (total_bytes <= 0)
		return -1;
	return total_bytes / LOW_PART < LOW_BYTES ? total_bytes / LOW_PART
						  : LOW_BYTES;
}

int64_t headroom_host_reserve(const struct meminfo *host)
{
	int64_t part = host->total_bytes / RESERVE_PART;

	return part > RESERVE_BYTES ? part : RESERVE_BYTES;
}

/* -1 is unknown, INT64_MAX is none: neither is a limit. */
static bool is_limit(int64_t bytes)
{
	return bytes >= 0 && bytes < INT64_MAX;
}

/* Takes over a limit that is tighter than what is there; equal ones stay, so
 * whoever is asked first wins. */
static void limit_tighten(struct limit *out, int64_t bytes,
	enum limit_level level, const char *path, const char *source)
{
	if (!is_limit(bytes) || (out->bytes >= 0 && bytes >= out->bytes))
		return;
	out->bytes = bytes;
	out->level = level;
	snprintf(out->path, sizeof(out->path), "%s", path);
	snprintf(out->source, sizeof(out->source), "%s", source);
}

/* The limit of an ancestor out of sight, which v1 tells in memory.stat. */
static bool limit_hidden(const struct cgroup *cgroup,
	const struct cgroup_reading *own, struct limit *out)
{
	int64_t bytes = own->hierarchical_limit_bytes;
	const char *limit_file = cgroup->levels[0].source;
	const char *slash = strrchr(limit_file, '/');
	char source[CGROUP_PATH_MAX];

	if (!is_limit(bytes) || (out->bytes >= 0 && bytes >= out->bytes))
		return false;
	snprintf(source, sizeof(source),
		"%.*s/memory.stat hierarchical_memory_limit",
		slash ? (int)(slash - limit_file) : 0, limit_file);
	limit_tighten(out, bytes, LIMIT_ANCESTOR, "", source);
	return true;
}

/* A cgroup's limit of all of the host's memory, or of more, never binds. */
static bool limit_host(const struct meminfo *host, struct limit *out)
{
	if (host->total_bytes < 0 ||
		(out->bytes >= 0 && out->bytes < host->total_bytes))
		return false;
	out->bytes = -1;
	limit_tighten(out, host->total_bytes, LIMIT_HOST, "", "/proc/meminfo");
	return true;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The least that any level leaves; -1 as soon as one cannot be told. */
static int64_t headroom_least(const struct cgroup *cgroup,
	const struct cgroup_reading *readings, int64_t available_bytes)
{
	int64_t least = available_bytes < 0 ? INT64_MAX : available_bytes;

	for (int i = 0; i < cgroup->count; i++)
		least = smaller(least, headroom_of_level(&readings[i]));
	return least;
}

static void high_tighten(struct limit *out, int64_t high_bytes)
{
	if (is_limit(high_bytes) &&
		(out->high_bytes < 0 || high_bytes < out->high_bytes))
		out->high_bytes = high_bytes;
}

void headroom_reckon(const struct cgroup *cgroup,
	const struct cgroup_reading *readings, const struct meminfo *host,
	struct limit *out)
{
	bool hidden, host_binds;

	*out = limit_unknown;
	for (int i = 0; i < cgroup->count; i++) {
		const struct cgroup_level *level = &cgroup->levels[i];

		limit_tighten(out, readings[i].limit_bytes,
			i == 0 ? LIMIT_OWN : LIMIT_ANCESTOR, level->path,
			level->source);
		high_tighten(out, readings[i].high_bytes);
	}
	hidden = cgroup->count > 0 && limit_hidden(cgroup, readings, out);
	host_binds = limit_host(host, out);
	if (out->level == LIMIT_NONE || (hidden && !host_binds) ||
		(host_binds && host->available_bytes < 0))
		return;
	out->headroom_bytes =
		headroom_least(cgroup, readings, host->available_bytes);
}
