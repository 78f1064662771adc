/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_PAGE_H
#define OOMLAB_VIEWS_PAGE_H

/*
 * The ancestor's page, GET /: one figure, as that page printed it. Its JSON
 * is the load's own, with the figure beside it.
 */
#include "views/load_report.h"
#include "views/view.h"

struct page_report {
	char rss_mb[32]; /* load.rss_bytes / 2^20 by views_python_float() */
	struct load_report load;
};

extern const struct view page_view; /* of struct page_report */

#endif
