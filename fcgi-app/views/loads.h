/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_LOADS_H
#define OOMLAB_VIEWS_LOADS_H

/*
 * Loads as the watch shows them: all of them, and one. A load's own fields are
 * views/load_report.h's.
 */
#include "views/load_report.h"
#include "views/view.h"

struct loads_report {
	const struct load_report *loads; /* under way, then newest first */
	int32_t count;
};

extern const struct view loads_view; /* of a loads_report */
extern const struct view load_view;  /* of one load_report */

#endif
