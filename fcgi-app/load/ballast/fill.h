/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_BALLAST_FILL_H
#define OOMLAB_LOAD_BALLAST_FILL_H

/*
 * Random bits for fill=random: what zram, zswap, KSM or a balloon cannot
 * shrink. Not for secrets.
 */
#include <stddef.h>

/* Fills size bytes at memory, of any alignment, differently at each call and
 * in each process. Cannot fail; allocates nothing; thread-safe. */
void fill_random(void *memory, size_t size);

#endif
