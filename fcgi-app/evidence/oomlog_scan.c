/* SPDX-License-Identifier: MIT */
/*
 * Most of a log is not the OOM killer's, so it must be passed over quickly.
 * This is Wu and Manber's search for many needles at once ("A fast algorithm
 * for multi-pattern searching", 1994): the two bytes at the end of a window as
 * long as the shortest needle tell how far the window may move. Two bytes are
 * hashed to a table that stays in the first-level cache.
 */
#include "evidence/oomlog_scan.h"

#include <string.h>

#include "evidence/oomlog_parts.h"

#define WINDOW SCAN_WINDOW

/* Eight bytes of each line that begins a report or a part of one, wherever the
 * text was cut. The blanks are a task table's: its format has nine in a row
 * before the adjustment; the last row are no-break ones, of a web page. */
static const char *const needles[] = {"oom-kill", " invoked", "f memory",
	"f Memory", "e memory", "Killed p", "Mem-Info", "Mem-info", ": usage ",
	"limit of", "cgroup s", "ks state", "total_vm", "oom.group", " reached",
	"        ", "reaped p", "l swap =", "l swap: ", "ree swap", "ages RAM",
	"ainted: ", "tainted ", "x version", "nual OOM", "failure: order",
	"failure, ", "w Memory", "ve_file:", "reclaima", "*2048kB ",
	"es reserved", "Task in ", "invoked\xc2", "f\xc2\xa0memory",
	"Killed\xc2\xa0", NULL};

static size_t hash(const char *at)
{
	return (((size_t)(unsigned char)at[0] << 5) ^
		       (size_t)(unsigned char)at[1]) %
	       OOMLOG_SHIFTS;
}

void oomlog_scan_prepare(unsigned char *shift)
{
	memset(shift, WINDOW - 1, OOMLOG_SHIFTS);
	for (int i = 0; needles[i]; i++) {
		for (size_t end = 2; end <= WINDOW; end++) {
			size_t slot = hash(needles[i] + end - 2);

			if (shift[slot] > WINDOW - end)
				shift[slot] = (unsigned char)(WINDOW - end);
		}
	}
}

/* Whether a needle stands before end, the last byte of the window behind. */
static int is_needle(const char *window)
{
	for (int i = 0; needles[i]; i++)
		if (memcmp(window, needles[i], WINDOW) == 0)
			return 1;
	return 0;
}

const char *oomlog_scan(
	const unsigned char *shift, const char *text, size_t length)
{
	const char *end = text + length, *at = text + WINDOW;

	while (at <= end) {
		size_t skip = shift[hash(at - 2)];

		if (skip == 0) {
			if (is_needle(at - WINDOW))
				return at - WINDOW;
			skip = 1;
		}
		at += skip;
	}
	return NULL;
}
