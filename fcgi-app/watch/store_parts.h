/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STORE_PARTS_H
#define OOMLAB_WATCH_STORE_PARTS_H

/*
 * What store.c and lookup.c share, which together are watch/store.h.
 */
#include <time.h>

#include "watch/store.h"

/* The event of that id in memory, or NULL. The lock is held. */
struct store_entry *store_entry_of(const struct store *store, const char *id);

/* That long from now by that clock. */
void store_deadline(int ms, clockid_t clock, struct timespec *out);

#endif
