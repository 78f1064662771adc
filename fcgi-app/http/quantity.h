/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_QUANTITY_H
#define OOMLAB_HTTP_QUANTITY_H

/*
 * Amounts as people write them. Quantities follow GNU coreutils (info
 * coreutils, "Block size"): K M G T and KiB MiB GiB TiB (also Ki Mi Gi Ti) are
 * powers of 1024, KB MB GB TB of 1000; case is ignored, decimals are allowed.
 * No locale, no exponents, no hex, no sign, no blanks. Pure and thread-safe:
 * 0 and *out set, or -1 with errno EINVAL (not such a thing) or ERANGE (too
 * large for INT64_MAX) and *out untouched.
 */
#include <stdint.h>

int quantity_parse(const char *text, int64_t *bytes);

/* "50M/s" or "50M": bytes a second. */
int rate_parse(const char *text, int64_t *bytes_per_second);

/* "30", "1.5", "500ms", "30s", "5m", "1h": milliseconds. */
int duration_parse(const char *text, int64_t *ms);

/* "50%" or "12.5%": thousandths of a percent (50000). */
int percent_parse(const char *text, int64_t *millipercent);

/* An optional sign and decimal digits, nothing else. */
int integer_parse(const char *text, int64_t *out);

#endif
