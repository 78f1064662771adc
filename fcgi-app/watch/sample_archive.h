/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAMPLE_ARCHIVE_H
#define OOMLAB_WATCH_SAMPLE_ARCHIVE_H

/*
 * The samples in the database, a row each: its time, what thinning goes by,
 * and the packed sample. Lists are those of watch/samples.h. Each call is given
 * a connection that nobody else uses meanwhile; what one that reads failed of
 * is the connection's to say: database_blame().
 */
#include <sys/types.h>

#include "watch/database.h"
#include "watch/samples.h"

#define SAMPLE_WHOLE_MS 3600000 /* every sample is kept for so long */
#define SAMPLE_THIN_MS                                                         \
	10000 /* then of so much time: the first, the one
				   with the most in use, the one with the
				   least available, and those at a kill */

/* All of the list in one transaction: 0, or none: -1 with fault. What is there
 * of the same time stays. */
int sample_archive_write(sqlite3 *db, const void *list, size_t size,
	struct database_fault *fault);

/* As samples_copy(); -1 failed. */
ssize_t sample_archive_copy(
	sqlite3 *db, int64_t after_ms, int64_t to_ms, void *out, size_t size);

/* In how many steps of step_ms each there are any of from_ms <= at_ms <= to_ms,
 * counted up to most; -1 failed. */
int sample_archive_count(
	sqlite3 *db, int64_t from_ms, int64_t to_ms, int64_t step_ms, int most);

/* Removes what is older than keep_ms (0: nothing is), and thins what is older
 * than an hour, from *thinned_ms on, which is moved on: 0, or -1 with fault. */
int sample_archive_tidy(sqlite3 *db, int64_t now_ms, int64_t keep_ms,
	int64_t *thinned_ms, struct database_fault *fault);

/* Copies whatever can still be read of a damaged database; how many rows. */
int sample_archive_rescue(sqlite3 *from, sqlite3 *to);

#endif
