/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_LOAD_REPORT_H
#define OOMLAB_VIEWS_LOAD_REPORT_H

/*
 * What one load was asked and what it did, in docs/API.md's fields. Plain data
 * of a fixed size: the scoreboard holds it as it is, the views print it.
 * FIELD_ABSENT and "" are null. Times are ms since 1970, spans microseconds.
 */
#include <stdint.h>

#include "readings/headroom.h"
#include "views/fields.h"

enum load_state {
	LOAD_GROWING,
	LOAD_HOLDING,
	LOAD_RELEASING,
	LOAD_ENDED,
	LOAD_STATES
};

enum load_outcome {
	OUTCOME_NONE, /* not ended */
	OUTCOME_HELD,
	OUTCOME_LEFT,
	OUTCOME_RELEASED,
	OUTCOME_DISCONNECTED,
	OUTCOME_SHORT,
	OUTCOME_STALLED,
	OUTCOME_REFUSED,
	OUTCOME_BUSY,
	OUTCOME_KILLED,
	OUTCOME_COUNT
};

struct load_worker {
	int64_t slot, pid; /* pid in load's own namespace */
};

/* Where the kernel charges a kind: the part of memory.stat that grows. */
enum charged_place {
	PLACE_ANON,
	PLACE_SHMEM,
	PLACE_FILE,
	PLACE_UNEVICTABLE,
	PLACE_KERNEL,
};

/* What memory.stat of the own cgroup says came of it: differences, right if
 * nobody else grew meanwhile. */
struct load_charged {
	int32_t place; /* enum charged_place: where its kind belongs; -1 */
	int64_t anon_bytes, shmem_bytes, file_bytes, unevictable_bytes;
	int64_t kernel_bytes;
};

struct load_report {
	char id[33];
	char kind[12];
	char reason[160]; /* of short, stalled, refused: the kernel's or the
			     guard's words */
	int32_t state;	  /* enum load_state */
	int32_t outcome;  /* enum load_outcome */
	int64_t requested_bytes;
	int64_t rows, columns; /* of GET / */
	int64_t resident_bytes, cgroup_delta_bytes, swapped_bytes;
	int64_t rss_bytes, peak_rss_bytes;
	int64_t minor_faults, major_faults;
	int64_t started_at_ms, ends_at_ms, ended_at_ms;
	int64_t grow_us, held_us;
	int64_t bytes_per_second;
	int64_t oom_score_adj;
	struct load_charged charged;
	int32_t agrees; /* process and cgroup tell the same; -1: not known */
	int32_t dies_container;
	struct load_worker worker;
	struct limit limit;
	char event[48]; /* "/events/ID" */
};

extern const struct field load_report_fields[];
extern const struct field limit_fields[]; /* of struct limit */
extern const char *const load_state_words[];
extern const char *const load_outcome_words[];

/* Everything absent. */
void load_report_clear(struct load_report *report);

/* Sets event to the URL of an ended load whose outcome is kept as an event. */
void load_report_set_event(struct load_report *report);

#endif
