/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_QUERY_H
#define OOMLAB_WATCH_QUERY_H

/*
 * Which events a list has, and in which order. Both are of the row alone, so
 * that memory and database cannot differ. Pure.
 */
#include <stdbool.h>

#include "views/events.h"

#define QUERY_ANY (-1)

struct query {
	int64_t since_ms;   /* none older; ms since 1970, 0: from the first */
	int32_t verdict;    /* enum verdict, or QUERY_ANY */
	int32_t outcome;    /* enum load_outcome, or QUERY_ANY */
	int64_t before_ms;  /* only what stands behind the event of this time */
	char before_id[33]; /* and id; "": from the newest on */
};

/* All of them. */
void query_open(struct query *query);

bool query_has(const struct query *query, const struct event_row *row);

/* As strcmp(): below 0 when a comes first. Newest first by time, then by id,
 * which is the same order each time that it is asked for. */
int query_order(const struct event_row *a, const struct event_row *b);

#endif
