/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_HELP_REPORT_H
#define OOMLAB_WATCH_HELP_REPORT_H

/*
 * The tables of routes, parameters and settings as views/help.h has them: for
 * GET /help, and for the man page.
 */
#include "config.h"
#include "views/help.h"

/* Fills report's lists, but for the commands. 0, or -1 with ENOMEM. */
int help_fill(const struct config *config, struct help_report *report);

/* Frees these lists. */
void help_free(struct help_report *report);

#endif
