/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAR_MARKS_H
#define OOMLAB_WATCH_SAR_MARKS_H

/*
 * The kills that one table of sar has yet to mark, oldest first, each of them
 * once, however late it became known. Belongs to one thread; no heap.
 */
#include "views/sample.h"
#include "watch/store.h"

#define SAR_MARKS_READ 64   /* at a time */
#define SAR_MARKS_SEEN 1024 /* kills that are remembered as marked */

/* A kill that was marked; of its id a hash. */
struct sar_marked {
	int64_t at_ms;
	uint64_t id;
};

struct sar_marks {
	struct store *store;
	int64_t from_ms;	  /* kills up to then are not for this table */
	int64_t to_ms;		  /* nor are, yet, those after it */
	struct sample_kill after; /* up to which kills were read */
	struct sample_kill read[SAR_MARKS_READ];
	int count, next;
	struct sar_marked seen[SAR_MARKS_SEEN]; /* a ring */
	uint64_t marked;
};

void sar_marks_open(
	struct sar_marks *marks, struct store *store, int64_t from_ms);

/* Looks anew, at kills up to to_ms: also for those that became known since,
 * though they fell long before. */
void sar_marks_look(struct sar_marks *marks, int64_t to_ms);

/* The next that is not marked and fell until at_ms; NULL: none. It stays the
 * next until sar_marks_take(). */
const struct sample_kill *sar_marks_next(
	struct sar_marks *marks, int64_t at_ms);
void sar_marks_take(struct sar_marks *marks);

#endif
