/* SPDX-License-Identifier: MIT */
/*
 * The page's rows: all of the load's, as if they were its own.
 */
#include "views/page.h"

static const struct field page_fields[] = {
	FIELD_ROW(struct page_report, load, "", FIELD_OBJECT,
		.rows = load_report_fields),
	FIELD_ROW(struct page_report, rss_mb, "rss_mb", FIELD_TEXT),
	FIELD_END,
};

const struct view page_view = {
	.name = "Page",
	.fields = page_fields,
	.html = "page.tpl",
	.text = "page.txt.tpl",
};
