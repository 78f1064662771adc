/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_AROUND_H
#define OOMLAB_VIEWS_AROUND_H

/*
 * What was around a kill: the cgroup's usage in the minute before, and who else
 * was there. Plain data of a fixed size, kept with the event.
 */
#include "views/fields.h"

#define AROUND_MS     60000 /* before the kill */
#define AROUND_POINTS 128
#define AROUND_OTHERS 8

struct around_point {
	int64_t at_ms, usage_bytes; /* of load's own cgroup */
};

struct around_other { /* a load under way */
	char id[33], kind[12];
	int32_t state; /* enum load_state */
	int64_t requested_bytes, resident_bytes, oom_score_adj;
};

struct around {
	int64_t limit_bytes; /* own, -1 unknown, INT64_MAX none */
	int32_t point_count; /* oldest first */
	int32_t other_count; /* the largest */
	int64_t others_in_all;
	struct around_point points[AROUND_POINTS];
	struct around_other others[AROUND_OTHERS];
};

extern const struct field around_point_fields[], around_other_fields[];

/* The curve in an SVG of AROUND_WIDTH x AROUND_HEIGHT, the kill at its right
 * edge: the points of a polyline, and where the limit is, -1 if nowhere. */
#define AROUND_WIDTH  600
#define AROUND_HEIGHT 150
int64_t around_svg(const struct around *around, int64_t died_at_ms,
	char *points, size_t size);

/* The most that was in use; -1 unknown. */
int64_t around_most(const struct around *around);

/* The same for a terminal, a character a second, " " where nothing is known. */
void around_line(const struct around *around, int64_t died_at_ms,
	char *line, size_t size);

#endif
