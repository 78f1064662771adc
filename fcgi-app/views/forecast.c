/* SPDX-License-Identifier: MIT */
/*
 * GET /forecast as rows.
 */
#include "views/forecast.h"

#include "views/load_report.h"

/* clang-format off */
#define VICTIM(member, kind) \
	FIELD_ROW(struct forecast_victim, member, #member, kind)

static const struct field victim_fields[] = {
	VICTIM(name,          FIELD_TEXT),
	VICTIM(pid,           FIELD_INTEGER),
	VICTIM(badness,       FIELD_INTEGER),
	VICTIM(rss_bytes,     FIELD_BYTES),
	VICTIM(oom_score_adj, FIELD_INTEGER),
	FIELD_END
};

static const struct field warning_fields[] = {
	FIELD_ROW(struct forecast_warning, code, "code", FIELD_TEXT),
	FIELD_ROW(struct forecast_warning, says, "says", FIELD_TEXT),
	FIELD_END
};

#define FORECAST(member, kind, ...) \
	FIELD_ROW(struct forecast_report, forecast.member, #member, kind, \
		##__VA_ARGS__)
#define LIST(member, list_rows) \
	FIELD_ROW(struct forecast_report, member, #member, FIELD_LIST, \
		.rows = list_rows, \
		.count_offset = offsetof(struct forecast_report, \
			forecast.member##_count), \
		.stride = sizeof(*((struct forecast_report *)0)->member))

static const struct field forecast_fields[] = {
	FORECAST(fits,            FIELD_BOOL),
	FORECAST(requested_bytes, FIELD_BYTES),
	FORECAST(kill_at_bytes,   FIELD_BYTES),
	FORECAST(limit,           FIELD_OBJECT, .rows = limit_fields),
	LIST(victims, victim_fields),
	LIST(warnings, warning_fields),
	FIELD_END
};
/* clang-format on */

void forecast_report_lists(struct forecast_report *report)
{
	report->victims = report->forecast.victims;
	report->warnings = report->forecast.warnings;
}

const struct view forecast_view = {
	.name = "Forecast",
	.fields = forecast_fields,
	.html = "forecast.tpl",
};
