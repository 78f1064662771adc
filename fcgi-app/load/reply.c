/* SPDX-License-Identifier: MIT */
/*
 * Outcomes, as answers: a row each. What was held is shown as the page; what
 * was not says why, with the load's figures beside it.
 */
#include "load/reply.h"

#include <stdio.h>

#include "http/problem.h"
#include "views/failed_load.h"
#include "views/page.h"
#include "views/python_float.h"

struct failure {
	int status;
	int retry_after_s;
	const char *title;
	const char *detail; /* the report's reason follows after a colon */
};

static const struct failure failures[OUTCOME_COUNT] = {
	[OUTCOME_SHORT] = {507, 0, "Short of memory",
		"Less memory became resident than was asked for"},
	[OUTCOME_STALLED] = {503, 1, "Stalled",
		"The memory was not there within its time"},
	[OUTCOME_REFUSED] = {403, 0, "Refused by the guard",
		"This load could exhaust the host, for no cgroup limit is met "
		"before; nothing was allocated"},
	[OUTCOME_BUSY] = {503, 1, "Busy",
		"No worker is free for this load, and it was not begun"},
};

static int reply_failure(struct http_exchange *x,
	const struct load_report *report, const struct failure *failure)
{
	struct failed_load failed = {
		.type = "about:blank",
		.status = failure->status,
		.load = *report,
	};

	failed.load.state = LOAD_ENDED;
	snprintf(failed.title, sizeof(failed.title), "%s", failure->title);
	snprintf(failed.detail, sizeof(failed.detail), "%s%s%s.",
		failure->detail, report->reason[0] ? ": " : "", report->reason);
	x->problem.retry_after_s = failure->retry_after_s;
	return view_send(x, failure->status, &failed_load_view, &failed);
}

int reply_page(struct http_exchange *x, const struct load_report *report,
	enum load_outcome outcome)
{
	const struct failure *failure = &failures[outcome];
	struct page_report page = {.load = *report};

	if (outcome == OUTCOME_DISCONNECTED)
		return 0; /* nobody is there to be told */
	page.load.outcome = outcome;
	if (failure->status)
		return reply_failure(x, &page.load, failure);
	views_python_float((double)report->rss_bytes / (1 << 20), page.rss_mb,
		sizeof(page.rss_mb));
	return view_send(x, 200, &page_view, &page);
}
