/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_SAR_FIGURES_H
#define OOMLAB_VIEWS_SAR_FIGURES_H

/*
 * What of a sample stands in which column of sar's table, for views/sar.c.
 * Pure.
 */
#include "views/sar.h"

enum sar_column {
	SAR_FREE,
	SAR_AVAIL,
	SAR_USED, /* may be below 0 */
	SAR_USED_SHARE,
	SAR_BUFFERS,
	SAR_CACHED,
	SAR_COMMIT,
	SAR_COMMIT_SHARE,
	SAR_ACTIVE,
	SAR_INACTIVE,
	SAR_DIRTY
};

/* kB of 1024; FIELD_ABSENT where unknown. Shares have none of their own. */
struct sar_figures {
	int64_t kb[SAR_COLUMNS];
	int64_t total_kb; /* what kbmemused is a share of */
	int64_t all_kb;	  /* what kbcommit is one of */
};

void sar_figures(
	enum sar_of of, const struct sample *sample, struct sar_figures *out);

#endif
