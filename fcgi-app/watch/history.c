/* SPDX-License-Identifier: MIT */
/*
 * What is published between two looks is lost, but a death brings the readings
 * that matter most with it: the last before it, the highest that was seen, and
 * the first after it. They are put between the samples, so that a growth of a
 * tenth of a second is a peak in the curve and not a gap.
 */
#include "watch/history.h"

#include <stdlib.h>
#include <string.h>

#include "watch/board.h"
#include "watch/sample_pack.h"

#define STALE_MS   5000 /* a death of so long ago is history */
#define BUCKET_MS  (AROUND_MS / (AROUND_POINTS - 8))
#define LIST_BYTES 16384 /* of packed samples at once */

/* Puts point in its place by time; of one bucket the highest stays. exact: a
 * reading of the death itself, which no bucket swallows. */
static void put(
	struct around *out, const struct around_point *point, bool exact)
{
	int32_t at = out->point_count;
	struct around_point *last = at > 0 ? &out->points[at - 1] : NULL;

	if (point->at_ms <= 0 || point->usage_bytes < 0)
		return;
	if (!exact && last &&
		last->at_ms / BUCKET_MS == point->at_ms / BUCKET_MS) {
		if (point->usage_bytes > last->usage_bytes)
			*last = *point;
		return;
	}
	if (at >= AROUND_POINTS)
		return;
	while (at > 0 && out->points[at - 1].at_ms > point->at_ms) {
		out->points[at] = out->points[at - 1];
		at--;
	}
	out->points[at] = *point;
	out->point_count++;
}

/* What is in memory of the samples; kills come in storms, and are told at once:
 * nobody waits for the database then. */
static void put_samples(struct samples *samples, int64_t from_ms, int64_t to_ms,
	struct around *out)
{
	struct status_worker workers[SCOREBOARD_SLOTS];
	_Alignas(8) char list[LIST_BYTES];
	struct sample sample;
	size_t size;

	while ((size = samples_copy(
			samples, from_ms, to_ms, list, sizeof(list))) > 0) {
		for (size_t at = 0; at < size;) {
			const struct packed_sample *one =
				(const void *)(list + at);
			struct around_point point = {one->at_ms, -1};

			sample_unpack(one->bytes, one->size, workers, &sample);
			point.usage_bytes = sample.cgroup.usage_bytes;
			put(out, &point, false);
			from_ms = one->at_ms;
			at += packed_sample_size(one->size);
		}
	}
}

/* What is published and was not sampled yet. */
static void put_published(
	const struct scoreboard *board, int64_t to_ms, struct around *out)
{
	struct scoreboard_header header;
	struct around_point point;

	board_read_header(board, &header);
	if (header.now.count < 1 || header.now.at_ms > to_ms)
		return;
	point = (struct around_point){
		header.now.at_ms, header.now.levels[0].usage_bytes};
	put(out, &point, false);
}

static void put_death(const struct scoreboard_death *death, struct around *out)
{
	struct around_point before = {
		death->before.at_ms, death->before.levels[0].usage_bytes};
	struct around_point most = {
		death->died_at_ms, death->most_usage_bytes[0]};

	if (death->before.count > 0 &&
		death->died_at_ms - death->before.at_ms < AROUND_MS)
		put(out, &before, true);
	if (most.usage_bytes > 0)
		put(out, &most, true);
}

static int by_size(const void *left, const void *right)
{
	const struct around_other *a = left, *b = right;

	return a->resident_bytes < b->resident_bytes   ? 1
	       : a->resident_bytes > b->resident_bytes ? -1
						       : 0;
}

/* Keeps the largest: a full list loses its last. */
static void add_other(struct around *out, const struct load_report *load)
{
	struct around_other *at = &out->others[AROUND_OTHERS - 1];

	out->others_in_all++;
	if (out->other_count < AROUND_OTHERS)
		at = &out->others[out->other_count++];
	else if (at->resident_bytes >= load->resident_bytes)
		return;
	*at = (struct around_other){.state = load->state,
		.requested_bytes = load->requested_bytes,
		.resident_bytes = load->resident_bytes,
		.oom_score_adj = load->oom_score_adj};
	memcpy(at->id, load->id, sizeof(at->id));
	memcpy(at->kind, load->kind, sizeof(at->kind));
	qsort(out->others, (size_t)out->other_count, sizeof(out->others[0]),
		by_size);
}

static void put_others(
	const struct scoreboard *board, const char *id, struct around *out)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		struct scoreboard_slot slot;
		int32_t stage = atomic_load(&board->slots[i].stage);

		if (stage < SLOT_GROWING || stage > SLOT_RELEASING)
			continue;
		board_read_slot(board, i, &slot);
		if (slot.load.id[0] && strcmp(slot.load.id, id) != 0)
			add_other(out, &slot.load);
	}
}

void history_around(struct samples *samples, const struct scoreboard *board,
	const struct scoreboard_record *record, struct around *out)
{
	const struct scoreboard_death *death = &record->death;

	memset(out, 0, sizeof(*out));
	out->limit_bytes = -1;
	out->point_count = out->other_count = -1;
	out->others_in_all = FIELD_ABSENT;
	if (scoreboard_now_ms() - death->died_at_ms > STALE_MS)
		return;
	out->point_count = out->other_count = 0;
	out->others_in_all = board ? 0 : FIELD_ABSENT;
	if (death->before.count > 0)
		out->limit_bytes = death->before.levels[0].limit_bytes;
	put_samples(
		samples, death->died_at_ms - AROUND_MS, death->died_at_ms, out);
	if (board)
		put_published(board, death->died_at_ms, out);
	put_death(death, out);
	if (board)
		put_others(board, record->load.id, out);
}
