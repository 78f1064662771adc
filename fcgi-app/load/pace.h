/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_PACE_H
#define OOMLAB_LOAD_PACE_H

/*
 * How far a load with a rate should have come, and when. Pure; the clock is
 * the caller's. Bytes and microseconds since growth began.
 */
#include <stdint.h>

#include "load/spec.h"

/* Bytes due after elapsed_us: the first at once, then the rate's line, at
 * most all; all without a rate. */
int64_t pace_due(const struct load_spec *spec, int64_t elapsed_us);

/* When bytes will be due; 0 without a rate. */
int64_t pace_when(const struct load_spec *spec, int64_t bytes);

#endif
