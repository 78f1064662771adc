/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_BALLAST_MAPPING_H
#define OOMLAB_LOAD_BALLAST_MAPPING_H

/*
 * What kinds that are one mapping have in common: functions that fit the
 * columns of struct ballast_kind, over ballast->arena.
 */
#include <stdbool.h>

#include "load/ballast/ballast.h"

/* Private memory for spec->bytes: arena_open() with a reason. */
int mapping_open(struct ballast *ballast, bool huge);

/* Resident, then filled; ranges of several threads may share a page. */
int mapping_grow(struct ballast *ballast, int64_t from, int64_t to);

/* Fills [from, to), resident already, as the spec says: fresh pages are zero,
 * so fill=zero is no work. */
void mapping_fill(struct ballast *ballast, int64_t from, int64_t to);

int64_t mapping_resident(const struct ballast *ballast);
void mapping_touch(struct ballast *ballast, int64_t to);

/* Closes ballast->fd, too. */
void mapping_release(struct ballast *ballast);

#endif
