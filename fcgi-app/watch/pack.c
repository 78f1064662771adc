/* SPDX-License-Identifier: MIT */
/*
 * Runs of a header (how many bytes follow, how many zeros then) and bytes, and
 * a sum before them: a page that was overwritten in the middle of the file is
 * no fault to SQLite as long as only contents stand there. Sum and layout are
 * FNV-1a (64 bits, http://www.isthe.com/chongo/tech/comp/fnv), against
 * accidents, not against anybody.
 */
#include "watch/pack.h"

#include <stddef.h>
#include <string.h>

#include "evidence/verdict.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define WORTH	  8 /* zeros in a row: less is no gain over a header */

struct run {
	uint16_t bytes, zeros;
};

_Static_assert(sizeof(struct event) < UINT16_MAX, "a run holds all of it");

static uint64_t sum_of(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t sum = FNV_START;

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ at[i]) * FNV_PRIME;
	return sum;
}

#define LOAD(member)  offsetof(struct load_report, member)
#define DEATH(member) offsetof(struct scoreboard_death, member)

int64_t pack_layout(void)
{
	/* Sizes, places, and how many words each enumeration has. */
	static const size_t facts[] = {EVENT_LAYOUT, SCOREBOARD_LAYOUT,
		sizeof(struct event), sizeof(struct event_row),
		sizeof(struct scoreboard_record), sizeof(struct load_report),
		sizeof(struct scoreboard_death), sizeof(struct event_place),
		sizeof(struct scoreboard_readings),
		sizeof(struct cgroup_reading), sizeof(struct limit),
		sizeof(struct meminfo), offsetof(struct event, master_gone),
		offsetof(struct event, record), offsetof(struct event, place),
		offsetof(struct scoreboard_record, load),
		offsetof(struct scoreboard_record, death), LOAD(reason),
		LOAD(outcome), LOAD(requested_bytes), LOAD(resident_bytes),
		LOAD(started_at_ms), LOAD(grow_us), LOAD(oom_score_adj),
		LOAD(charged), LOAD(worker), LOAD(limit), LOAD(event),
		DEATH(wait_status), DEATH(busy), DEATH(account), DEATH(dying),
		DEATH(sample_at_ms), DEATH(most_usage_bytes), DEATH(before),
		DEATH(after), EVENT_KINDS, OUTCOME_COUNT, LIMIT_LEVELS,
		offsetof(struct event, log), sizeof(struct kernel_kill),
		OOMLOG_SCOPES, KERNEL_LOG_FOUND, offsetof(struct event, around),
		sizeof(struct around)};

	return (int64_t)(sum_of(facts, sizeof(facts)) >> 1 | 1);
}

static size_t zeros_at(const unsigned char *at, const unsigned char *end)
{
	size_t count = 0;

	while (at + count < end && at[count] == 0)
		count++;
	return count;
}

size_t pack_write(const struct event *event, unsigned char *out)
{
	const unsigned char *at = (const unsigned char *)event;
	const unsigned char *end = at + sizeof(*event);
	unsigned char *to = out + sizeof(uint64_t);
	uint64_t sum;

	while (at < end) {
		const unsigned char *from = at;
		struct run run = {0, 0};
		size_t zeros = 0;

		while (at < end && zeros < WORTH) {
			at += zeros;
			at += at < end && zeros == 0 && *at != 0;
			zeros = zeros_at(at, end);
		}
		run.bytes = (uint16_t)(at - from);
		run.zeros = (uint16_t)zeros;
		memcpy(to, &run, sizeof(run));
		memcpy(to + sizeof(run), from, run.bytes);
		to += sizeof(run) + run.bytes;
		at += zeros;
	}
	sum = sum_of(out + sizeof(sum), (size_t)(to - out) - sizeof(sum));
	memcpy(out, &sum, sizeof(sum));
	return (size_t)(to - out);
}

/* What indexes a table must be of it, whatever the sum says. */
static bool is_sane(struct event *event)
{
	struct event_row *row = &event->row;

	row->id[sizeof(row->id) - 1] = '\0';
	row->url[sizeof(row->url) - 1] = '\0';
	row->detail[sizeof(row->detail) - 1] = '\0';
	return row->kind >= 0 && row->kind < EVENT_KINDS && row->outcome >= 0 &&
	       row->outcome < OUTCOME_COUNT && event->place.level_count >= 0 &&
	       event->place.level_count <= CGROUP_LEVELS;
}

bool pack_read(const void *bytes, size_t length, struct event *out)
{
	const unsigned char *at = bytes, *end = at + length;
	unsigned char *to = (unsigned char *)out;
	size_t left = sizeof(*out);
	struct run run;
	uint64_t sum;

	if (length < sizeof(sum))
		return false;
	memcpy(&sum, at, sizeof(sum));
	at += sizeof(sum);
	if (sum_of(at, (size_t)(end - at)) != sum)
		return false;
	while ((size_t)(end - at) >= sizeof(run)) {
		memcpy(&run, at, sizeof(run));
		at += sizeof(run);
		if (run.bytes > (size_t)(end - at) ||
			(size_t)run.bytes + run.zeros > left)
			return false;
		memcpy(to, at, run.bytes);
		memset(to + run.bytes, 0, run.zeros);
		at += run.bytes;
		to += run.bytes + run.zeros;
		left -= (size_t)run.bytes + run.zeros;
	}
	return at == end && left == 0 && is_sane(out);
}
