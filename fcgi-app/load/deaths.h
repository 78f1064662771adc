/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_DEATHS_H
#define OOMLAB_LOAD_DEATHS_H

/*
 * Obituary first, tidying after: a worker's death is written to its slot with
 * the counters of that moment, settled by the ledger, copied to the ring, and
 * only then is the slot free. The master's thread only.
 */
#include "load/master.h"

/* Reaps whoever has died, orphans included (PID 1). */
void deaths_reap(struct master *master);

/* Settles what can be settled and records it; to be called again at the next
 * tick while it returns true (some wait for others that are dying). */
bool deaths_settle(struct master *master);

/* From slot to ring; a load that the master ended keeps its outcome. */
void deaths_bury(struct master *master, int slot);

/* Whether a slot of that stage has a request. */
bool deaths_under_way(enum slot_stage stage);

/* leftovers.c. What a predecessor left under way: recorded as deaths whose
 * status nobody knows. At the start, before the first fork. */
void deaths_bury_leftovers(struct master *master);

/* Appends a record of kind without a load: a start, a bystander. */
void deaths_record_other(struct master *master, enum record_kind kind,
	enum oom_account account);

#endif
