/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_FORECAST_H
#define OOMLAB_VIEWS_FORECAST_H

/*
 * GET /forecast: docs/API.md. The lists are the forecast's own:
 * forecast_report_lists() points to them once it is filled, and the struct
 * must not be moved afterwards.
 */
#include "evidence/forecast.h"
#include "views/view.h"

struct forecast_report {
	struct forecast forecast;
	const struct forecast_victim *victims;
	const struct forecast_warning *warnings;
};

extern const struct view forecast_view; /* of a forecast_report */

void forecast_report_lists(struct forecast_report *report);

#endif
