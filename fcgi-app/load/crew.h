/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_CREW_H
#define OOMLAB_LOAD_CREW_H

/*
 * The threads that touch a ballast's pages, so that the worker's first thread
 * never does: the kernel may hold a thread inside one call for seconds
 * (memory.high), and somebody must see the client hang up meanwhile.
 * pthreads(7), eventfd(2).
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "load/ballast/ballast.h"

#define CREW_MAX 8

struct crew {
	struct ballast *ballast;
	int count;	/* threads at work */
	int niceness;	/* theirs */
	int start_fd;	/* eventfd, a semaphore: one part each */
	int done_fd;	/* eventfd, poll it: a step is over */
	int64_t slice_bytes; /* one call to the kind; a stop is seen between */
	int64_t *grown;	     /* where bytes grown are counted as they come */
	int64_t (*after_slice)(void *context); /* NULL, or called by any of the
				threads after each slice; its answer is how long
				the next one may be */
	void *context;
	int64_t from, to;    /* of the step */
	_Atomic int next;    /* which part is to be taken */
	_Atomic int left;    /* parts not done yet */
	_Atomic int fault;   /* errno of a part that failed, or 0 */
	_Atomic bool stop;   /* leave the rest of the step */
	_Atomic bool dismissed;
	pthread_t threads[CREW_MAX];
};

/* Clears crew but for after_slice and context, which may be set before; then
 * starts up to count threads of that niceness; one at least, or -1 with errno. *grown is added
 * to by all of them, atomically, and read by whoever likes. */
int crew_open(struct crew *crew, struct ballast *ballast, int count,
	int niceness, int64_t slice_bytes, int64_t *grown);

/* Begins the step [from, to); poll crew->done_fd, then crew_end(). */
void crew_begin(struct crew *crew, int64_t from, int64_t to);

/* Asks the step under way to end at the next slice; it still has to be waited
 * for. */
void crew_stop(struct crew *crew);

/* Waits for the step under way, whatever that takes. */
void crew_wait(const struct crew *crew);

/* Ends a step that is over: 0, or -1 with errno. */
int crew_end(struct crew *crew);

/* Joins the threads; no step may be under way. Fine on what never opened. */
void crew_close(struct crew *crew);

#endif
