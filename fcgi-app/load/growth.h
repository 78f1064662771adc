/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_GROWTH_H
#define OOMLAB_LOAD_GROWTH_H

/*
 * One load under way, in its worker: what grow, hold and report share. The
 * worker's first thread only; load/ only.
 */
#include "load/crew.h"
#include "load/spec.h"
#include "load/worker.h"

#define LOAD_NICE 10 /* workers yield to master and watch */

struct growth {
	struct worker *worker;
	const struct load_spec *spec;
	struct load_report *report; /* the slot's own */
	struct ballast ballast;
	struct crew crew;
	int client_fd;	      /* -1: nobody waits for it */
	int64_t grown_bytes;  /* steps done; the report counts slices */
	int64_t step_bytes;
	int64_t started_us, full_us; /* growth began, ended; monotonic */
	int64_t deadline_us;  /* of growth: within */
	int others;	      /* loads under way beside it at the start */
	int64_t minor_before, major_before;
	bool peak_is_its_own; /* the kernel's, not that of loads before */
	int64_t limit_bytes[CGROUP_LEVELS]; /* INT64_MAX: none */
	struct cgroup_reading before; /* the cgroup's own level */
};

/* growth.c: what may end a load, and waiting for it. */

/* Waits until until_us (monotonic), until the crew's step is over (for_crew)
 * or until something ends the load: its outcome, else OUTCOME_NONE. *over
 * tells whether the step is over. */
enum load_outcome growth_wait(
	struct growth *growth, bool for_crew, int64_t until_us, bool *over);

/* Notes that the load is to end so, and since when: what does not come to an
 * end within two seconds the master ends, with this outcome. */
void growth_note_end(struct growth *growth, enum load_outcome outcome);

/* grow.c: to spec->bytes or to what ends it; OUTCOME_NONE: all is there. */
enum load_outcome grow(struct growth *growth);

/* hold.c: for spec->hold_ms; OUTCOME_NONE: the time is over. */
enum load_outcome hold(struct growth *growth);

/* report.c: what the slot says, step by step. */
void report_ask(
	struct worker *worker, const char *id, const struct load_spec *spec);
void report_limit(struct worker *worker);
void report_begin(struct growth *growth);
void report_measure(struct growth *growth);
void report_hold(struct growth *growth);
void report_release(struct growth *growth);
void report_end(struct worker *worker, enum load_outcome outcome);
void report_recorded(struct worker *worker);
void report_reason(struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
