/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_ASKS_H
#define OOMLAB_LOAD_ASKS_H

/*
 * The master's answers to its workers. The master's thread only; nothing
 * allocates or blocks.
 */
#include "load/master.h"

/* slot stands in SLOT_ASKING: ORDER_GO, ORDER_BUSY or ORDER_REFUSED, once. */
void asks_answer(struct master *master, int slot);

/* Lets loads begin that were held back until a storm has gathered. True while
 * some still are: to be called again within a few milliseconds. */
bool asks_let_go(struct master *master, int64_t now_ms);

/* slot stands in SLOT_ENDED: its load goes to the ring, its place is free,
 * ORDER_RECORDED; once. */
void asks_record_end(struct master *master, int slot);

#endif
