/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_TIME_H
#define OOMLAB_HTTP_TIME_H

/*
 * A point in time as RFC 3339 writes it (its date-time, with an offset). Pure
 * and thread-safe.
 */
#include <stdint.h>

/* "2026-01-31T12:00:00.123Z", "2026-01-31T14:00:00+02:00": ms since 1970, of
 * which what is less than one is left out; 1970 to 9999. 0, or -1 with EINVAL
 * and *ms untouched. */
int time_parse(const char *text, int64_t *ms);

#endif
