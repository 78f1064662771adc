/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_POSTMORTEM_H
#define OOMLAB_VIEWS_POSTMORTEM_H

/*
 * One end worth keeping, told whole: docs/API.md, "The post-mortem". Times are
 * ms since 1970; FIELD_ABSENT, -1 and "" are null. The lists belong to whoever
 * fills the struct and must outlive the answer.
 */
#include "evidence/verdict.h"
#include "http/exchange.h"
#include "views/around.h"
#include "views/view.h"

/* What the master last saw of the worker and its cgroup before the death. */
struct postmortem_sample {
	int64_t at_ms, rss_bytes;
	int64_t usage_bytes, limit_bytes; /* of its own cgroup */
	int64_t available_bytes;	  /* of the host */
};

struct postmortem_report {
	char type[48], title[48];
	int64_t status; /* what its client was told, or would have been */
	char detail[400], next[400];
	char instance[48]; /* "/events/ID", "" when it is not kept */
	int32_t verdict, certainty; /* words of evidence/verdict.h; -1: none */
	struct load_report load;    /* as last known; limit is the one that
				       was hit, after an OOM kill */
	int64_t died_at_ms, signal;
	char signal_name[32];
	struct postmortem_sample last_sample;
	const struct around *around; /* NULL: nothing is known of it */
	const struct around_point *curve; /* its lists */
	int32_t curve_count;
	const struct around_other *others;
	int32_t others_count;
	int64_t others_in_all;
	const struct verdict_evidence *evidence;
	int32_t evidence_count;
	const void *unreadable; /* char[320] each */
	int32_t unreadable_count;
};

extern const struct view postmortem_view;      /* of a postmortem_report */
extern const struct view event_view; /* the same, as an answer that is good */
extern const struct view postmortem_html_view; /* of it and its curve */
extern const struct view postmortem_text_view; /* of it and its lines */

/* Sets around and its lists; lent as long as the report. */
void postmortem_set_around(
	struct postmortem_report *report, const struct around *around);

/* Everything absent. */
void postmortem_clear(struct postmortem_report *report);

/* Answers x in its format; text is laid out for 80 columns. As view_send(); a
 * status of 200 (an event that is asked for) is no problem's JSON. */
int postmortem_send(struct http_exchange *x, int status,
	const struct postmortem_report *report);

#endif
