/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_SPEC_H
#define OOMLAB_LOAD_SPEC_H

/*
 * What one request asks for, from its parameters. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "http/params.h"

struct ballast_kind;

struct load_spec {
	const struct ballast_kind *kind;
	int64_t bytes;
	int64_t rows, columns; /* of kind rows; else -1 */
	int64_t hold_ms;
	int32_t score;	   /* oom_score_adj while it is under way */
	bool fill_random;  /* incompressible, not zero */
	const char *scratch; /* directory of kind file */
};

/* GET /: rows x columns, freed as soon as they are measured. */
void spec_of_page(const struct params *params, struct load_spec *out);

#endif
