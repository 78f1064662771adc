/* SPDX-License-Identifier: MIT */
/*
 * Holding costs nothing: one wait for whatever comes first, the end, an event,
 * or the time to touch the pages again.
 */
#include "load/growth.h"

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void touch(struct growth *growth)
{
	const struct ballast_kind *kind = growth->spec->kind;

	if (kind->touch)
		kind->touch(&growth->ballast, growth->grown_bytes);
}

enum load_outcome hold(struct growth *growth)
{
	int64_t every_us = growth->spec->touch_ms * 1000;
	int64_t end_us = scoreboard_now_us() + growth->spec->hold_ms * 1000;
	int64_t touch_us =
		every_us > 0 ? scoreboard_now_us() + every_us : INT64_MAX;

	while (scoreboard_now_us() < end_us) {
		bool over;
		enum load_outcome outcome = growth_wait(
			growth, false, sooner(end_us, touch_us), &over);

		if (outcome != OUTCOME_NONE) {
			growth_note_end(growth, outcome);
			return outcome;
		}
		if (scoreboard_now_us() >= touch_us) {
			touch(growth);
			touch_us = scoreboard_now_us() + every_us;
		}
	}
	return OUTCOME_NONE;
}
