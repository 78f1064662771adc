/* SPDX-License-Identifier: MIT */
/*
 * GET /loads and GET /loads/ID: the same rows for each load in both.
 */
#include "views/loads.h"

static const struct field loads_fields[] = {
	FIELD_ROW(struct loads_report, loads, "loads", FIELD_LIST,
		.rows = load_report_fields,
		.count_offset = offsetof(struct loads_report, count),
		.stride = sizeof(struct load_report)),
	FIELD_END,
};

const struct view loads_view = {
	.name = "Loads",
	.fields = loads_fields,
	.html = "loads.tpl",
	.text = "loads.txt.tpl",
};

const struct view load_view = {
	.name = "Load",
	.fields = load_report_fields,
	.html = "load.tpl",
};
