/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_PACK_H
#define OOMLAB_WATCH_PACK_H

/*
 * An event as bytes for the database: the plain struct, its long runs of zeros
 * left out (some 9 KB become 2). Not for another machine or version:
 * pack_layout() tells whose bytes they are, and what is not whole is not read.
 * Pure and thread-safe.
 */
#include "watch/event.h"

#define PACK_MAX (sizeof(struct event) + 64)

/* Of these bytes: changes with the struct's size, the place of its members and
 * EVENT_LAYOUT. Never 0. */
int64_t pack_layout(void);

/* Into out[PACK_MAX]; how many bytes. */
size_t pack_write(const struct event *event, unsigned char *out);

/* False, and out not to be used, when they are damaged. */
bool pack_read(const void *bytes, size_t length, struct event *out);

#endif
