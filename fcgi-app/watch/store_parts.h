/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STORE_PARTS_H
#define OOMLAB_WATCH_STORE_PARTS_H

/*
 * What those share that read or keep the store: store.c, lookup.c,
 * store_counts.c and store_loads.c, which together are watch/store.h, the
 * reader of samples and the keeper.
 */
#include <time.h>

#include "watch/archive.h"
#include "watch/store.h"

/* The event of that id in memory, or NULL. The lock is held. */
struct store_entry *store_entry_of(const struct store *store, const char *id);

/* For store->reader: false when the keeper, or another reader, has had it for
 * too long, or there is none: then memory must do. Else to be unlocked; failed:
 * what was read may be damaged, which the keeper then sees to. */
bool store_lock_reader(struct store *store);
void store_unlock_reader(struct store *store, bool failed);

/* That long from now by that clock. */
void store_deadline(int ms, clockid_t clock, struct timespec *out);

/* Waits a moment for the database to be opened after a start. */
void store_await_open(struct store *store);

/* An event is about to leave, or to take a place: fresh, or in the stead of
 * another of its id. The lock is held. */
void store_counts_leave(struct store *store, const struct store_entry *entry);
void store_counts_place(struct store *store, struct store_entry *entry,
	const struct event *event, bool fresh);

/* Of an event in the keeper's hands, as it was when it was taken. */
struct store_taken {
	struct store_entry *entry;
	uint64_t serial, change;
	int32_t name, counted;
};

/* What a transaction is to count beside its events; whether there is anything.
 * Then that it is done. The lock is held. */
bool store_counts_owed(const struct store *store, struct counts_change *out);
void store_counts_done(struct store *store, const struct store_taken *taken,
	int count, const struct counts_change *counts);

/* What earlier lives of the watch have counted, once. The lock is held. */
void store_loads_join(
	struct store_counts *counts, const struct load_counts *saved);

/* The writer was opened: brings together what it has and what memory has. */
/* 0, or -1
 * with fault and nothing changed. */
int store_counts_join(struct store *store, struct database_fault *fault);

/* The writer could not be: what the readers' connection says, else memory. */
void store_counts_stand_in(struct store *store);

#endif
