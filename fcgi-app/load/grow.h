/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_GROW_H
#define OOMLAB_LOAD_GROW_H

/*
 * Carries out one load, from the ask to the record of its end. When it
 * returns, the memory is free and the end stands in the ring: what is left is
 * to answer. The report is the slot's own.
 */
#include "http/exchange.h"
#include "load/spec.h"
#include "load/worker.h"

/* The outcome, also in the slot's load report: OUTCOME_BUSY and
 * OUTCOME_REFUSED have allocated nothing, and the report's reason says why.
 * Does not return if this process is the OOM killer's choice. */
enum load_outcome grow_run(struct worker *worker,
	const struct http_exchange *x, const struct load_spec *spec);

#endif
