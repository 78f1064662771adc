/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's target of the kernel log's parser and of the sentences made from
 * it. The same bytes whole and in pieces must give the same events; the first
 * byte says how large the pieces are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog.h"
#include "views/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tally {
	uint64_t hash;
	int64_t events;
};

static void add(struct tally *tally, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	while (length-- > 0)
		tally->hash = (tally->hash ^ *at++) * UINT64_C(1099511628211);
}

static void take(void *context, const struct oomlog_event *event)
{
	static struct explain_point points[EXPLAIN_POINTS];
	struct tally *tally = context;
	int count = explain_points(event, points);

	tally->events++;
	add(tally, &event->victim_pid, sizeof(event->victim_pid));
	add(tally, &event->tasks_listed, sizeof(event->tasks_listed));
	for (int i = 0; i < count; i++)
		add(tally, points[i].says, strlen(points[i].says));
}

static struct tally run(const uint8_t *data, size_t size, size_t piece)
{
	static struct oomlog log;
	struct tally tally = {0};

	oomlog_open(&log, OOMLOG_HELD, take, &tally);
	for (size_t at = 0; at < size; at += piece) {
		size_t length = size - at < piece ? size - at : piece;
		char *copy = malloc(length); /* so that its end is guarded */

		if (!copy)
			abort();
		memcpy(copy, data + at, length);
		oomlog_feed(&log, copy, length);
		free(copy);
	}
	oomlog_finish(&log);
	add(&tally, log.kernel, strlen(log.kernel));
	add(&tally, &log.no_killable, sizeof(log.no_killable));
	return tally;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tally whole, pieces;

	if (size < 2)
		return 0;
	whole = run(data + 1, size - 1, size);
	pieces = run(data + 1, size - 1, 1 + data[0] % 64);
	if (whole.hash != pieces.hash || whole.events != pieces.events)
		abort();
	return 0;
}
