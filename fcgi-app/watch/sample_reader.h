/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAMPLE_READER_H
#define OOMLAB_WATCH_SAMPLE_READER_H

/*
 * Samples in the order of their time, from memory and database as if they were
 * one, each joined with the kills since the one before it. Whoever reads holds
 * no lock between two samples, however slowly they are sent. A reader belongs
 * to one thread.
 */
#include "views/sample.h"
#include "watch/store.h"

#define SAMPLES_MOST 5000 /* that one answer has */

struct sample_query {
	int64_t from_ms, to_ms; /* ms since 1970, both inclusive */
	int64_t step_ms; /* one sample of each step: that in which the cgroup
			    had the most in use; 0: all there are */
};

struct sample_reader; /* some 128 KiB of heap */

/* NULL with ENOMEM. The store outlives it. */
struct sample_reader *sample_reader_open(
	struct store *store, const struct sample_query *query);
void sample_reader_close(struct sample_reader *reader); /* NULL: nothing */

/* The next, valid until the next call; NULL at the end. Kills that are after
 * the last sample come with none. */
const struct sample *sample_reader_next(struct sample_reader *reader);

/* How many there are, counted up to SAMPLES_MOST + 1. */
int sample_reader_count(struct store *store, const struct sample_query *query);

/* The seconds' samples: the first of each second of the clock, which is what
 * a line a second wants. */
#define SAMPLE_SECOND_MS 1000

#endif
