/* SPDX-License-Identifier: MIT */
/*
 * The common part of the kinds that are one mapping. A range is made resident
 * and filled piece by piece: what the kernel has just cleared is still in the
 * processor's cache when random bits are written over it.
 */
#include "load/ballast/mapping.h"

#include <unistd.h>

#include "load/ballast/fill.h"
#include "load/ballast/quota.h"
#include "load/spec.h"

#define PIECE_BYTES ((int64_t)256 << 10) /* a part of any second-level cache */

int mapping_open(struct ballast *ballast, bool huge)
{
	int64_t bytes = ballast->spec->bytes;

	if (arena_open(&ballast->arena, (size_t)bytes, huge) < 0)
		return quota_refuse_mapping(ballast, bytes);
	return 0;
}

void mapping_fill(struct ballast *ballast, int64_t from, int64_t to)
{
	if (ballast->spec->fill_random)
		fill_random(ballast->arena.base + from, (size_t)(to - from));
}

int mapping_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	int64_t piece = ballast->spec->fill_random ? PIECE_BYTES : to - from;

	for (int64_t at = from; at < to; at += piece) {
		int64_t next = to - at < piece ? to : at + piece;

		if (arena_populate(&ballast->arena, (size_t)at, (size_t)next) <
			0)
			return -1;
		mapping_fill(ballast, at, next);
	}
	return 0;
}

int64_t mapping_resident(const struct ballast *ballast)
{
	return arena_resident(&ballast->arena);
}

void mapping_touch(struct ballast *ballast, int64_t to)
{
	arena_touch(&ballast->arena, (size_t)to);
}

void mapping_release(struct ballast *ballast)
{
	arena_release(&ballast->arena);
	if (ballast->fd >= 0)
		close(ballast->fd);
	ballast->fd = -1;
}
