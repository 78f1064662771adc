/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_ORDER_H
#define OOMLAB_LOAD_ORDER_H

/*
 * What the master says to a worker, over a pipe of that worker's own. A
 * message is far smaller than PIPE_BUF, so it comes whole (pipe(7)). What a
 * worker says to the master goes the other way: it writes its slot and rings
 * the master's eventfd.
 */
#include <stdbool.h>
#include <stdint.h>

enum order_kind {
	ORDER_GO,	/* the load asked for may grow */
	ORDER_BUSY,	/* all places are taken: answer so at once */
	ORDER_REFUSED,	/* the guard says no; reason has the figures */
	ORDER_RECORDED, /* the end stands in the ring: answer the client */
	ORDER_RELEASE,	/* give the memory back now */
	ORDER_RETIRE,	/* end when nothing is under way */
};

struct order {
	int32_t kind;	 /* enum order_kind */
	uint32_t serial; /* the load it is about: the slot's serial */
	char reason[160];
};

/* A non-blocking pipe, closed on exec: ends[0] is the worker's. -1, errno. */
int order_pipe(int ends[2]);

/* 0, or -1 with errno (EPIPE: the worker is gone). Never blocks. */
int order_send(int fd, enum order_kind kind, uint32_t serial,
	const char *reason);

/* 1 and *out, 0 when nothing has come yet, -1 when the master is gone. */
int order_read(int fd, struct order *out);

#endif
