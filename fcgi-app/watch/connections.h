/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_CONNECTIONS_H
#define OOMLAB_WATCH_CONNECTIONS_H

/*
 * The store's two connections to the database, the keeper's for writing and
 * the readers': opened, replaced, given up. For the keeper's thread alone.
 */
#include "watch/store.h"

/* Opens both anew. Where nothing can be written, the readers get one for reading
 * alone. What is damaged is moved aside and begun anew.
 * bad: the file is known to be damaged, for what fault says. 0, or -1 with
 * fault: there is no writer. */
int connections_open(
	struct store *store, bool bad, struct database_fault *fault);

/* Whether somebody has removed the file, or put another in its place. */
bool connections_are_stale(const struct store *store);

/* After fault: closes what may not do any more. */
void connections_give_up(
	struct store *store, const struct database_fault *fault);

/* Carries a long write-ahead log over into the file. */
void connections_carry_over(struct store *store);

void connections_close(struct store *store);

#endif
