/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of the guard. A cgroup protects the host when all that it can
 * still be charged fits into what the host can spare: then whatever loads ask,
 * they meet their own limit first, and that is what oomlab is for. Otherwise
 * what has been promised and not yet been taken counts against what the host
 * has available now, for what was taken is no longer available.
 */
#include "load/guard.h"

#include <inttypes.h>
#include <stdio.h>

#include "readings/headroom.h"

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The most that the cgroup can still be charged; INT64_MAX without limits. A
 * limit whose usage is out of sight counts whole: that errs for the host. */
static int64_t cgroup_room(const struct guard_facts *facts)
{
	int64_t room = INT64_MAX;

	for (int i = 0; i < facts->cgroup->count; i++) {
		const struct cgroup_reading *level = &facts->levels[i];
		int64_t headroom = headroom_of_level(level);

		if (headroom < 0)
			headroom = level->limit_bytes < 0 ? INT64_MAX
							  : level->limit_bytes;
		room = smaller(room, headroom);
		if (level->hierarchical_limit_bytes > 0)
			room = smaller(room, level->hierarchical_limit_bytes);
	}
	return room;
}

static int64_t host_spare(const struct meminfo *host)
{
	int64_t spare;

	if (host->available_bytes < 0)
		return -1;
	spare = host->available_bytes - headroom_host_reserve(host);
	return spare > 0 ? spare : 0;
}

int64_t guard_allows(const struct guard_facts *facts)
{
	int64_t spare = host_spare(facts->host);

	if (spare >= 0 && cgroup_room(facts) <= spare)
		return INT64_MAX;
	return spare;
}

int guard_decide(const struct guard_facts *facts, int64_t wanted_bytes,
	char *reason, size_t size)
{
	int64_t allows = guard_allows(facts);

	if (allows == INT64_MAX)
		return 0;
	if (allows < 0) {
		snprintf(reason, size,
			"no cgroup limit protects the host, and its "
			"MemAvailable cannot be read");
		return -1;
	}
	if (facts->promised_bytes <= allows &&
		wanted_bytes <= allows - facts->promised_bytes)
		return 0;
	snprintf(reason, size,
		"asked %" PRId64 " bytes; MemAvailable %" PRId64
		" less %" PRId64 " kept free less %" PRId64 " promised",
		wanted_bytes, facts->host->available_bytes,
		headroom_host_reserve(facts->host), facts->promised_bytes);
	return -1;
}
