/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_RELEASED_H
#define OOMLAB_VIEWS_RELEASED_H

/*
 * What DELETE /loads has done.
 */
#include "views/view.h"

struct released_report {
	int64_t released; /* loads that ended because of it */
};

extern const struct view released_view; /* of struct released_report */

#endif
