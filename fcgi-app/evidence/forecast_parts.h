/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_FORECAST_PARTS_H
#define OOMLAB_EVIDENCE_FORECAST_PARTS_H

/*
 * What the files behind forecast_make() say to each other; nobody else's.
 */
#include "evidence/forecast.h"

#define DOMAIN_HOST    (-1)
#define DOMAIN_UNKNOWN (-2)

/* What the kernel makes of a kind of memory. */
struct forecast_kind {
	const char *name;
	bool mapped; /* in the RSS, and needs page tables */
	bool swaps;
	bool cache;  /* reclaimed, and nobody is killed for it */
	bool tables; /* is page tables */
};

/* All points are bytes of the asked load; INT64_MAX where there is none. */
struct outlook {
	const struct forecast_facts *facts;
	const struct forecast_ask *ask;
	const struct forecast_kind *kind;
	int domain;	    /* the level whose headroom is least, or DOMAIN_ */
	int64_t yet_bytes;  /* others have yet to take */
	int64_t free_bytes; /* of the domain's headroom, after that */
	int64_t swap_bytes; /* that the load's growth could push out */
	int64_t full_point; /* headroom and swap are used up */
	int64_t high_point; /* memory.high is met */
	int64_t leave_point, quota_point, reach_point, guard_point;
	int64_t end_point; /* the first that ends it without a kill */
	bool killed;	   /* full_point comes before its size and its end */
};

/* The asked load among facts->workers, by badness at the kill. */
void forecast_rank(const struct outlook *outlook, struct forecast *out);

/* Wants everything else filled. */
void forecast_warn(const struct outlook *outlook, struct forecast *out);

/* The row of a kind that forecast_knows(), else NULL. */
const struct forecast_kind *forecast_kind_find(const char *name);

/* A page table entry is 8 bytes a page, on huge pages too: there the table is
 * laid by for the day they are split (mm/huge_memory.c, deposits). */
#define TABLE_ENTRY_BYTES 8

#endif
