/* SPDX-License-Identifier: MIT */
/*
 * The minute before a kill as a curve: for a browser, where it grows with the
 * page, and for a terminal, where a second is a character. Both are scaled to
 * the limit, or to the most that was seen if that is more.
 */
#include "views/around.h"

#include <stdio.h>
#include <string.h>

#include "views/load_report.h"

/* clang-format off */
const struct field around_point_fields[] = {
	FIELD_ROW(struct around_point, at_ms, "at", FIELD_TIME),
	FIELD_ROW(struct around_point, usage_bytes, "usage_bytes", FIELD_BYTES),
	FIELD_END
};

#define OTHER(member, kind, ...) \
	FIELD_ROW(struct around_other, member, #member, kind, ##__VA_ARGS__)

const struct field around_other_fields[] = {
	OTHER(id, FIELD_TEXT),
	OTHER(kind, FIELD_TEXT),
	OTHER(state, FIELD_WORD,
		.words = load_state_words, .stride = LOAD_STATES),
	OTHER(requested_bytes, FIELD_BYTES),
	OTHER(resident_bytes, FIELD_BYTES),
	OTHER(oom_score_adj, FIELD_INTEGER),
	FIELD_END
};
/* clang-format on */

#define SECONDS (AROUND_MS / 1000)
#define EDGE	5 /* above the highest */

int64_t around_most(const struct around *around)
{
	int64_t most = -1;

	for (int32_t i = 0; i < around->point_count; i++) {
		if (around->points[i].usage_bytes > most)
			most = around->points[i].usage_bytes;
	}
	return most;
}

/* What the full height stands for. */
static int64_t scale(const struct around *around)
{
	int64_t most = around_most(around);

	if (around->limit_bytes > most && around->limit_bytes < INT64_MAX)
		most = around->limit_bytes;
	return most > 0 ? most : 1;
}

static int64_t height_of(int64_t bytes, int64_t full_bytes)
{
	double part = (double)bytes / (double)full_bytes;

	return AROUND_HEIGHT -
	       (int64_t)((double)(AROUND_HEIGHT - EDGE) * part + 0.5);
}

int64_t around_svg(const struct around *around, int64_t died_at_ms,
	char *points, size_t size)
{
	int64_t full = scale(around);
	size_t used = 0;

	points[0] = '\0';
	for (int32_t i = 0; i < around->point_count && used < size; i++) {
		const struct around_point *at = &around->points[i];
		int64_t x = AROUND_WIDTH -
			    (died_at_ms - at->at_ms) * AROUND_WIDTH / AROUND_MS;

		if (at->usage_bytes < 0 || x < 0 || x > AROUND_WIDTH)
			continue;
		used += (size_t)snprintf(points + used, size - used,
			"%s%lld,%lld", used ? " " : "", (long long)x,
			(long long)height_of(at->usage_bytes, full));
	}
	return around->limit_bytes >= 0 && around->limit_bytes <= full
		       ? height_of(around->limit_bytes, full)
		       : -1;
}

/* The highest of the second that ends so many seconds before the kill. */
static int64_t most_of_second(
	const struct around *around, int64_t died_at_ms, int before)
{
	int64_t end_ms = died_at_ms - (int64_t)before * 1000, most = -1;

	for (int32_t i = 0; i < around->point_count; i++) {
		const struct around_point *at = &around->points[i];

		if (at->at_ms > end_ms - 1000 && at->at_ms <= end_ms &&
			at->usage_bytes > most)
			most = at->usage_bytes;
	}
	return most;
}

void around_line(const struct around *around, int64_t died_at_ms, char *line,
	size_t size)
{
	static const char *const bars[] = {"\u2581", "\u2582", "\u2583",
		"\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
	int64_t full = scale(around);
	size_t used = 0;
	bool begun = false;

	line[0] = '\0';
	for (int second = SECONDS - 1; second >= 0 && used < size; second--) {
		int64_t most = most_of_second(around, died_at_ms, second);
		int bar = (int)((double)most / (double)full * 7.999);

		begun |= most >= 0;
		if (begun)
			used += (size_t)snprintf(line + used, size - used, "%s",
				most < 0 ? " " : bars[bar]);
	}
}
