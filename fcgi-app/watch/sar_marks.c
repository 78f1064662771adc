/* SPDX-License-Identifier: MIT */
/*
 * Kills come in the order of their time, but not always by then: a death that
 * only load's next master told of is older than the last line. So each look
 * goes back a minute, over what was marked already. What is remembered of that
 * is bounded; where it ends, no look goes back beyond.
 */
#include "watch/sar_marks.h"

#include <string.h>

#include "watch/kills.h"

#define LATE_MS 60000 /* no record of a kill comes later */

void sar_marks_open(
	struct sar_marks *marks, struct store *store, int64_t from_ms)
{
	memset(marks, 0, sizeof(*marks));
	marks->store = store;
	marks->from_ms = from_ms;
}

void sar_marks_look(struct sar_marks *marks, int64_t to_ms)
{
	int64_t back_ms = marks->to_ms - LATE_MS;

	if (back_ms < marks->from_ms)
		back_ms = marks->from_ms;
	/* The first id behind that time, not at it. */
	marks->after = (struct sample_kill){.at_ms = back_ms + 1};
	marks->to_ms = to_ms;
	marks->count = marks->next = 0;
}

/* FNV-1a of an id: 8 bytes to remember it by instead of 33. */
static uint64_t number_of(const char *id)
{
	uint64_t number = 0xcbf29ce484222325;

	for (; *id; id++)
		number = (number ^ (unsigned char)*id) * 0x100000001b3;
	return number;
}

static bool is_marked(
	const struct sar_marks *marks, const struct sample_kill *kill)
{
	uint64_t id = number_of(kill->id);
	uint64_t kept =
		marks->marked < SAR_MARKS_SEEN ? marks->marked : SAR_MARKS_SEEN;

	for (uint64_t i = 0; i < kept; i++) {
		if (marks->seen[i].id == id)
			return true;
	}
	return false;
}

/* Reads on when all that was read is marked: false at the end. */
static bool read_on(struct sar_marks *marks)
{
	if (marks->next < marks->count)
		return true;
	marks->next = 0;
	marks->count = kills_list(marks->store, &marks->after, marks->to_ms,
		marks->read, SAR_MARKS_READ);
	if (marks->count > 0)
		marks->after = marks->read[marks->count - 1];
	return marks->count > 0;
}

const struct sample_kill *sar_marks_next(struct sar_marks *marks, int64_t at_ms)
{
	while (read_on(marks)) {
		const struct sample_kill *kill = &marks->read[marks->next];

		if (!is_marked(marks, kill))
			return kill->at_ms <= at_ms ? kill : NULL;
		marks->next++;
	}
	return NULL;
}

void sar_marks_take(struct sar_marks *marks)
{
	const struct sample_kill *kill = &marks->read[marks->next++];
	struct sar_marked *slot = &marks->seen[marks->marked % SAR_MARKS_SEEN];

	if (marks->marked++ >= SAR_MARKS_SEEN && slot->at_ms > marks->from_ms)
		marks->from_ms = slot->at_ms;
	*slot = (struct sar_marked){kill->at_ms, number_of(kill->id)};
}
