/* SPDX-License-Identifier: MIT */
/*
 * Growth at a rate is a straight line from the beginning of the load, not a
 * sleep between steps: a step that took long is caught up with, and the line
 * does not drift.
 */
#include "load/pace.h"

#define US 1000000

int64_t pace_due(const struct load_spec *spec, int64_t elapsed_us)
{
	__int128 due;

	if (spec->rate_bytes == 0)
		return spec->bytes;
	due = spec->first_bytes + (__int128)spec->rate_bytes * elapsed_us / US;
	return due < spec->bytes ? (int64_t)due : spec->bytes;
}

int64_t pace_when(const struct load_spec *spec, int64_t bytes)
{
	if (spec->rate_bytes == 0 || bytes <= spec->first_bytes)
		return 0;
	return (int64_t)((__int128)(bytes - spec->first_bytes) * US /
			 spec->rate_bytes);
}
