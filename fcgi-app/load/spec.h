/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_SPEC_H
#define OOMLAB_LOAD_SPEC_H

/*
 * What one request asks for, from its parameters. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "http/exchange.h"
#include "readings/headroom.h"

struct ballast_kind;

struct load_spec {
	const struct ballast_kind *kind;
	int64_t bytes;
	int64_t rows, columns; /* of kind rows; else -1 */
	int64_t rate_bytes;    /* a second; 0: as fast as can be */
	int64_t first_bytes;   /* at once, before the rate begins */
	int64_t leave_bytes;   /* headroom to leave; -1: none */
	int64_t hold_ms;
	int64_t within_ms;     /* reach bytes by then */
	int64_t touch_ms;      /* dirty it again this often; 0: never */
	int32_t score;	       /* oom_score_adj while it is under way */
	bool fill_random;      /* incompressible, not zero */
	bool dies_container;   /* an OOM kill of it ends the master, too */
	const char *scratch;   /* directory of kind file */
};

/* GET /: rows x columns, freed as soon as they are measured. */
void spec_of_page(const struct http_exchange *x, const struct config *config,
	struct load_spec *out);

/* /hold and /loads; a percentage is of limit, the binding one, and preset_ms
 * is how long to hold when nothing is said. 0, or -1 with x->problem filled:
 * 400 for a hold longer than OOMLAB_MAX_HOLD, 422 for a kind that this machine
 * has not, or a percentage where no limit is known. */
int spec_of_hold(struct http_exchange *x, const struct config *config,
	const struct limit *limit, int64_t preset_ms, struct load_spec *out);

/* /ConsumeMem: megabytes of 2^20 for durationSec seconds, in the background. */
void spec_of_consume(const struct http_exchange *x,
	const struct config *config, struct load_spec *out);

#endif
