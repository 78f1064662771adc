/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_ORDER_H
#define OOMLAB_LOAD_ORDER_H

/*
 * What the master says to a worker: a box of shared memory and an eventfd(2)
 * for each slot, both made at the start. Not a pipe: a pipe's buffer is a page
 * that the cgroup is charged for, and the master would wait for it just when
 * the cgroup has none. What a worker says to the master goes the other way: it
 * writes its slot and rings the master's eventfd.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum order_kind {
	ORDER_NONE = 0,
	/* Answers to an ask, or to an end; a worker waits for each, so there
	 * is never more than one of them in a box. */
	ORDER_GO = 1,	    /* the load asked for may grow */
	ORDER_BUSY = 2,	    /* all places are taken: answer so at once */
	ORDER_REFUSED = 4,  /* the guard says no; reason has the figures */
	ORDER_RECORDED = 8, /* the end stands in the ring: tell the client */
	ORDER_ANSWERS = 15,
	/* These may come beside one, at any time. */
	ORDER_RELEASE = 16, /* give the memory back now */
	ORDER_RETIRE = 32,  /* end when nothing is under way */
};

struct order_box {
	_Atomic uint32_t waiting; /* kinds that were not taken out yet */
	uint32_t serial;	  /* which load the answer is about */
	_Atomic uint32_t release_serial; /* which one is to be released */
	char reason[160];
	int bell_fd; /* rung with every order */
};

/* Makes count boxes, empty, shared with children to come. NULL with errno. */
struct order_box *order_boxes(int count);

/* Empties a box before its slot is used again. */
void order_clear(struct order_box *box);

/* Puts an order in and rings. Never blocks, takes no memory. reason may be
 * NULL; one longer than the box's is cut. */
void order_send(struct order_box *box, enum order_kind kind, uint32_t serial,
	const char *reason);

/* Takes all waiting kinds out and silences the bell; 0 when there are none.
 * The answer's serial and reason stay until the next answer. */
uint32_t order_take(struct order_box *box);

#endif
