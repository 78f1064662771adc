/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAR_RUN_H
#define OOMLAB_WATCH_SAR_RUN_H

/*
 * One table of sar on its way to a client: which samples become a line, and
 * which kills are marked on it. For watch/sar.c and watch/sar_follow.c. Belongs
 * to one thread; 30 KiB of its stack.
 */
#include "http/exchange.h"
#include "views/sar.h"
#include "watch/sar_marks.h"

#define SAR_TYPE "text/plain; charset=utf-8"

struct sar_run {
	struct http_exchange *x;
	int64_t step_ms;
	struct sar_table table;
	struct sar_marks marks;
	struct sar_kills kills; /* for the next line */
	struct sample before;	/* the last that was looked at */
	int64_t line_ms;	/* of the last line */
	int64_t step;		/* the last that has a line */
	int rows;		/* a step's lines so far */
	bool failed;		/* the client has gone */
};

/* Sends the banner; the first line is to be of a step behind begin_ms's. */
void sar_run_begin(struct sar_run *run, struct http_exchange *x, enum sar_of of,
	int64_t step_ms, int64_t begin_ms);

/* Looks at the next sample: a line if it is the first of its step, and also
 * one for the sample before it if a kill fell in between and there is no other
 * line in the second before that. */
void sar_run_sample(struct sar_run *run, const struct sample *sample);

/* Sends the average. */
void sar_run_end(struct sar_run *run);

/* Follows for so long: 0, or -1 with x->problem set when all places are taken.
 */
int sar_follow(struct http_exchange *x, enum sar_of of, int64_t step_ms,
	int64_t follow_ms);

#endif
