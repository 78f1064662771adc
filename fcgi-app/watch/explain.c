/* SPDX-License-Identifier: MIT */
/*
 * GET and POST /explain. The body is parsed as it comes and never stored; what
 * is kept is events, and of those only so many, for a body of 8 MiB can have a
 * hundred thousand.
 */
#include "watch/handlers.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog.h"
#include "http/body.h"
#include "http/route.h"
#include "views/explain.h"

#define EVENTS_MAX 64 /* of each kind; 8 KiB an event */

struct list {
	struct explain_event *events; /* heap */
	int32_t count;
};

struct explaining {
	struct oomlog log;
	struct list kills, incomplete;
	int64_t seen[2]; /* by enum oomlog_kind */
	bool no_memory;
};

static void keep(void *context, const struct oomlog_event *event)
{
	struct explaining *all = context;
	struct list *list =
		event->kind == OOMLOG_KILL ? &all->kills : &all->incomplete;
	struct explain_event *more;

	all->seen[event->kind]++;
	if (list->count == EVENTS_MAX || all->no_memory)
		return;
	more = realloc(list->events,
		((size_t)list->count + 1) * sizeof(list->events[0]));
	if (!more) {
		all->no_memory = true;
		return;
	}
	list->events = more;
	explain_event_set(&more[list->count++], event);
}

static void feed(void *context, const char *bytes, size_t length)
{
	struct explaining *all = context;

	oomlog_feed(&all->log, bytes, length);
}

/* The lists stay where they are from now on; a page has sentences, too. */
static bool settle(struct list *list, bool sentences)
{
	struct explain_point *points = NULL;
	size_t count = (size_t)list->count;

	if (sentences && count > 0) {
		points = malloc(count * EXPLAIN_POINTS * sizeof(*points));
		if (!points)
			return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct explain_event *event = &list->events[i];

		event->tasks = event->event.tasks;
		if (!points)
			continue;
		event->points = points + i * EXPLAIN_POINTS;
		event->point_count = explain_points(
			&event->event, points + i * EXPLAIN_POINTS);
	}
	return true;
}

static void list_free(struct list *list)
{
	if (list->count > 0) /* the first one's points are the block */
		free((void *)(uintptr_t)list->events[0].points);
	free(list->events);
}

static int answer(struct http_exchange *x, struct explaining *all)
{
	bool sentences = x->format == HTTP_HTML;
	struct explain_report report = {
		.asked = 0,
		.no_killable = all->log.no_killable,
		.left_out = all->seen[0] + all->seen[1] - all->kills.count -
			    all->incomplete.count,
	};

	if (report.left_out == 0)
		report.left_out = FIELD_ABSENT;
	if (!settle(&all->kills, sentences) ||
		!settle(&all->incomplete, sentences) || all->no_memory)
		return http_problem(
			&x->problem, 500, "No memory for what the log tells");
	report.kills = all->kills.events;
	report.kill_count = all->kills.count;
	report.incomplete = all->incomplete.events;
	report.incomplete_count = all->incomplete.count;
	memcpy(report.kernel, all->log.kernel, sizeof(report.kernel));
	explain_finding(all->seen[OOMLOG_KILL], all->seen[OOMLOG_INCOMPLETE],
		report.no_killable, report.finding, sizeof(report.finding));
	return explain_send(x, &report);
}

static int explain_posted(struct http_exchange *x)
{
	struct explaining *all = calloc(1, sizeof(*all));
	int result;

	if (!all)
		return http_problem(
			&x->problem, 500, "No memory to read the log");
	oomlog_open(&all->log, OOMLOG_HELD, keep, all);
	result = http_body_stream(x, ROUTE_TEXT_FIELD, feed, all);
	if (result == 0) {
		oomlog_finish(&all->log);
		result = answer(x, all);
	}
	list_free(&all->kills);
	list_free(&all->incomplete);
	free(all);
	return result;
}

int explain_show(struct http_exchange *x)
{
	static const struct explain_report empty = {.asked = 1,
		.left_out = FIELD_ABSENT,
		.finding = "Send a kernel log: as the body of a POST, or as "
			   "the field log of a form. oomlab explain FILE does "
			   "the same."};

	if (strcmp(x->method, "POST") == 0)
		return explain_posted(x);
	return explain_send(x, &empty);
}
