/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_RESCUE_H
#define OOMLAB_WATCH_RESCUE_H

/*
 * What can still be read of a damaged table. Both connections are the caller's
 * alone.
 */
#include <sqlite3.h>

/* Copies what select, which ends with ORDER BY and one column, gives of from,
 * by insert, which has as many parameters, in one transaction: how many rows
 * are new in to. */
int rescue_rows(
	sqlite3 *from, sqlite3 *to, const char *select, const char *insert);

#endif
