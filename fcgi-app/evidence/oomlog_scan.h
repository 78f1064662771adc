/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_SCAN_H
#define OOMLAB_EVIDENCE_OOMLOG_SCAN_H

/*
 * Finds, in bytes of which most are of no interest, the next that an OOM
 * report could begin with. Pure.
 */
#include <stddef.h>

#define SCAN_WINDOW 8 /* bytes of a needle that are looked for */

/* Fills the table of OOMLOG_SHIFTS skips that oomlog_scan() reads. */
void oomlog_scan_prepare(unsigned char *shift);

/* The first of the needles in text, or NULL. */
const char *oomlog_scan(
	const unsigned char *shift, const char *text, size_t length);

#endif
