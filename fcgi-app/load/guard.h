/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_GUARD_H
#define OOMLAB_LOAD_GUARD_H

/*
 * OOMLAB_GUARD: a load that could exhaust the host, because no cgroup's limit
 * binds before it, is refused. Decided by the master alone, one ask after the
 * other, so a hundred asks at once cannot be promised the same memory.
 * docs/API.md, "The guard". Pure; the caller reads.
 */
#include <stddef.h>
#include <stdint.h>

#include "readings/cgroup.h"
#include "readings/meminfo.h"

struct guard_facts {
	const struct cgroup *cgroup;
	const struct cgroup_reading *levels; /* [cgroup->count] */
	const struct meminfo *host;
	int64_t promised_bytes; /* what loads under way have yet to take */
};

/* How many bytes may be promised in all: INT64_MAX when a cgroup's limit is
 * met before the host runs short, -1 when the host's memory is unknown. */
int64_t guard_allows(const struct guard_facts *facts);

/* 0: wanted_bytes more may be promised. -1: refused, and reason has the
 * figures for a person. */
int guard_decide(const struct guard_facts *facts, int64_t wanted_bytes,
	char *reason, size_t size);

#endif
