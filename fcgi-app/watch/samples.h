/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAMPLES_H
#define OOMLAB_WATCH_SAMPLES_H

/*
 * The latest samples in memory, packed, in the order of their time; the queue
 * before the database, and its stand-in when that fails. All memory is taken
 * and touched at the start: what is full loses its oldest. Thread-safe.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAMPLES_KEPT  8192	/* two hours of one a second */
#define SAMPLES_BYTES (2 << 20) /* of all that is kept */

struct samples_entry {
	int64_t at_ms;
	uint32_t place, size; /* in bytes */
	uint32_t saved;	      /* is in the database */
	uint32_t unused;
};

struct samples {
	pthread_mutex_t lock;
	unsigned char *bytes;
	struct samples_entry *entries; /* by at_ms, which no two share */
	int count;
	uint32_t end;	       /* of what was put last, in bytes */
	int64_t whole_from_ms; /* from here on none is missing; INT64_MAX */
	uint64_t lost;	       /* went before the database had them */
};

/* One packed sample, in a list of them: at_ms, its size, its bytes. */
struct packed_sample {
	int64_t at_ms;
	uint32_t size;
	unsigned char bytes[];
};

/* What one of size bytes takes in a list. */
static inline size_t packed_sample_size(size_t size)
{
	return (offsetof(struct packed_sample, bytes) + size + 7) & ~(size_t)7;
}

/* 0, or -1 with errno. */
int samples_open(struct samples *samples);
void samples_close(struct samples *samples);

/* Puts one in its place by time; one of that very time stays as it is. late:
 * it was not taken now, so those before and after it may be missing. */
void samples_put(struct samples *samples, int64_t at_ms, const void *bytes,
	size_t size, bool late);

/* Copies those of after_ms < at_ms <= to_ms, oldest first, as struct
 * packed_sample each at a multiple of 8, as many as fit; how many bytes that
 * are, 0: there are none. */
size_t samples_copy(struct samples *samples, int64_t after_ms, int64_t to_ms,
	void *out, size_t size);

/* The same of those that are not saved; samples_saved() then says so of those
 * in the list. */
size_t samples_unsaved(struct samples *samples, void *out, size_t size);
void samples_saved(struct samples *samples, const void *list, size_t size);

/* The database is another one: none is saved. */
void samples_unsave(struct samples *samples);

/* In how many steps of step_ms each there are any of these. */
int samples_count(struct samples *samples, int64_t from_ms, int64_t to_ms,
	int64_t step_ms);

/* From when on all are here that were taken; INT64_MAX: none was yet. */
int64_t samples_whole_from(struct samples *samples);

#endif
