/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_EVENTS_H
#define OOMLAB_VIEWS_EVENTS_H

/*
 * The list of ends worth keeping: docs/API.md, GET /events. A row is what the
 * list shows of an event; the whole is a post-mortem.
 */
#include "views/view.h"

enum event_kind {
	EVENT_KILLED, /* a request's worker died */
	EVENT_ENDED,  /* a load that ended short, stalled, disconnected or
			 refused, by its own or the master's hand */
	EVENT_IDLE,   /* a worker without a request died */
	EVENT_BYSTANDER,
	EVENT_RESTART, /* of load */
	EVENT_KINDS
};

extern const char *const event_kind_words[];

struct event_row {
	char id[33];
	int32_t kind;		    /* enum event_kind */
	int32_t outcome;	    /* enum load_outcome, NONE: no load's */
	int32_t verdict, certainty; /* evidence/verdict.h; -1: none */
	int64_t at_ms;
	int64_t resident_bytes, requested_bytes;
	char detail[400];
	char url[48]; /* "/events/ID" */
};

struct events_report {
	const struct event_row *events; /* newest first */
	int32_t count;
	char next[256]; /* URL of the next page, "" at the end */
};

extern const struct view events_view;

#endif
