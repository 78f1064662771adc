/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STORE_PARTS_H
#define OOMLAB_WATCH_STORE_PARTS_H

/*
 * What those share that read the store: store.c and lookup.c, which together
 * are watch/store.h, and the reader of samples.
 */
#include <time.h>

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

#endif
