/* SPDX-License-Identifier: MIT */
/*
 * Outcomes, as answers: a row each. What was held is shown as the page; what
 * was not says why, with the load's figures beside it.
 */
#include "load/reply.h"

#include <stdio.h>

#include "http/problem.h"
#include "views/failed_load.h"
#include "views/loads.h"
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

/* Sends what an outcome other than success has to say; 1 when there is none. */
static int reply_unless_good(struct http_exchange *x,
	const struct load_report *report, enum load_outcome outcome)
{
	struct load_report ended = *report;

	if (outcome == OUTCOME_DISCONNECTED)
		return 0; /* nobody is there to be told */
	if (!failures[outcome].status)
		return 1;
	ended.outcome = (int32_t)outcome;
	return reply_failure(x, &ended, &failures[outcome]);
}

int reply_page(struct http_exchange *x, const struct load_report *report,
	enum load_outcome outcome)
{
	struct page_report page = {.load = *report};
	int done = reply_unless_good(x, report, outcome);

	if (done < 1)
		return done;
	views_python_float((double)report->rss_bytes / (1 << 20), page.rss_mb,
		sizeof(page.rss_mb));
	return view_send(x, 200, &page_view, &page);
}

int reply_load(struct http_exchange *x, const struct load_report *report,
	enum load_outcome outcome)
{
	int done = reply_unless_good(x, report, outcome);

	return done < 1 ? done : view_send(x, 200, &load_view, report);
}

int reply_accepted(struct http_exchange *x, const struct load_report *report)
{
	snprintf(x->location, sizeof(x->location), "/loads/%s", report->id);
	return view_send(x, 202, &load_view, report);
}
