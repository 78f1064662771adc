/* SPDX-License-Identifier: MIT */
/*
 * The rows of a load's failure. HTML and text are those of any problem.
 */
#include "views/failed_load.h"

/* clang-format off */
#define FAILED(name, kind, ...) \
	FIELD_ROW(struct failed_load, name, #name, kind, ##__VA_ARGS__)

static const struct field failed_load_fields[] = {
	FAILED(type,   FIELD_TEXT),
	FAILED(title,  FIELD_TEXT),
	FAILED(status, FIELD_INTEGER),
	FAILED(detail, FIELD_TEXT),
	FIELD_ROW(struct failed_load, load, "", FIELD_OBJECT,
		.rows = load_report_fields),
	FIELD_END
};
/* clang-format on */

const struct view failed_load_view = {
	.name = "FailedLoad",
	.fields = failed_load_fields,
	.html = "problem.tpl",
	.text = "problem.txt.tpl",
	.json_type = "application/problem+json",
};
