/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_EXPLAIN_H
#define OOMLAB_VIEWS_EXPLAIN_H

/*
 * A kernel log, explained: docs/API.md. The command prints events one by one,
 * the watch all that one body had.
 */
#include <stdio.h>

#include "evidence/oomlog_event.h"
#include "views/view.h"

#define EXPLAIN_POINTS 10

/* One thing that a person wants to know of an event. */
struct explain_point {
	char about[16]; /* "who asked" */
	char says[1600];
};

struct explain_event {
	struct oomlog_event event;
	const struct oomlog_task *tasks;    /* event.tasks; see below */
	const struct explain_point *points; /* NULL until they are filled */
	int32_t point_count;
};

struct explain_report {
	char kernel[80];
	const struct explain_event *kills, *incomplete;
	int32_t kill_count, incomplete_count;
	int64_t no_killable;
	int64_t left_out; /* events beyond what an answer may have; absent:
			     none */
	int32_t asked;	  /* 1: for the page to paste into; 0: a log came */
	char finding[160];
};

/* An element of kills, and one of incomplete_reports. */
extern const struct field explain_kill_fields[];
extern const struct field explain_incomplete_fields[];

extern const struct view explain_view, explain_page_view;

/* Copies an event, lists and all. Events that are moved are copied anew. */
void explain_event_set(
	struct explain_event *to, const struct oomlog_event *event);

/* Says what points[EXPLAIN_POINTS] there are; how many. Pure. */
int explain_points(
	const struct oomlog_event *event, struct explain_point *points);

/* The event for a terminal of 80 columns, under its number, from 1. */
void explain_event_print(
	const struct oomlog_event *event, int64_t number, FILE *out);

/* "2 OOM kills, 1 report without a kill." */
void explain_finding(int64_t kills, int64_t incomplete, int64_t no_killable,
	char *out, size_t size);

/* The last lines of the text: the finding and the kernel ("" is unknown). */
void explain_end_print(const char *finding, const char *kernel, FILE *out);

/* Answers x in its format. As view_send(). */
int explain_send(struct http_exchange *x, const struct explain_report *report);

#endif
