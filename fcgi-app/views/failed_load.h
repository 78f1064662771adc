/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_FAILED_LOAD_H
#define OOMLAB_VIEWS_FAILED_LOAD_H

/*
 * A load that did not come to hold what was asked, though its worker lived to
 * say so: RFC 9457's members, then the load's own.
 */
#include "views/load_report.h"
#include "views/view.h"

struct failed_load {
	char type[16], title[64], detail[512];
	int64_t status;
	struct load_report load;
};

extern const struct view failed_load_view; /* of struct failed_load */

#endif
