/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_ARCHIVE_H
#define OOMLAB_WATCH_ARCHIVE_H

/*
 * The events in the database. Each call is given a connection that nobody else
 * uses meanwhile. What a call that reads failed of is the connection's to say:
 * database_blame().
 */
#include "watch/counts.h"
#include "watch/database.h"
#include "watch/event.h"
#include "watch/query.h"

#define ARCHIVE_EVENTS                                                         \
	10000 /* kept; then what is no kill goes, the oldest
				first, then the oldest kill */

/* Once for each connection that is to write: SQLITE_OK, or a code. */
int archive_prepare(sqlite3 *db);

/* All of them in one transaction, and what it counts: 0; or none: -1 with
 * fault. One id is one event: what is there stays, unless the new one
 * event_is_better() or the old one's record cannot be read. */
int archive_write(sqlite3 *db, const struct event *events, int count,
	struct counts_change *counts, struct database_fault *fault);

/* 1 with *out; 0: there is none; -1. A record that cannot be read comes with
 * row_alone set. */
int archive_find(sqlite3 *db, const char *id, struct event *out);

/* The rows that query has, in its order, at most max; how many, or -1. */
int archive_list(sqlite3 *db, const struct query *query, struct event_row *rows,
	int max);

/* Copies whatever can still be read of a damaged database; how many
 * rows. */
int archive_rescue(sqlite3 *from, sqlite3 *to);

#endif
