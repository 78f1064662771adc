/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_KEEPER_H
#define OOMLAB_WATCH_KEEPER_H

/*
 * The thread that brings events from memory to the database, and minds that.
 */
#include "watch/store.h"

#define KEEPER_RETRY_MS 1000 /* from a failure to the next try */

/* pthread_create(3)'s; store is a struct store. Ends when it is stopping, once
 * all is written that can be. */
void *keeper_run(void *store);

/* One round: opens the database if need be and writes what is not in it. False
 * when that failed: to be tried again. For the thread above, and for tests. */
bool keeper_round(struct store *store);

#endif
