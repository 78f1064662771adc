/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_EVENT_H
#define OOMLAB_WATCH_EVENT_H

/*
 * One end worth keeping, as the watch keeps it: what was recorded, where it
 * was read, and the row that /events shows of it. Plain data of a fixed size.
 */
#include "evidence/kernel_kill.h"
#include "scoreboard/scoreboard.h"
#include "views/around.h"
#include "views/events.h"
#include "views/postmortem.h"

/* Where the readings of a record come from; a master's life long the same. */
struct event_place {
	int32_t cgroup_version, ancestors_visible, level_count;
	struct scoreboard_level levels[CGROUP_LEVELS];
};

/* One more whenever the meaning of a member of struct event, or of what it
 * holds, changes and its size and place do not: watch/pack.c adds those. */
#define EVENT_LAYOUT 2

struct event {
	struct event_row row;
	bool master_gone; /* nobody of its own time reaped or settled it */
	bool synthetic;	  /* the watch's own conclusion, not a record's */
	bool row_alone;	  /* the rest is zeros: it was kept by another version,
			     or is damaged */
	struct scoreboard_record record;
	struct event_place place;
	struct kernel_kill log; /* what the kernel log says of it */
	struct around around;
};

/* From the header of the scoreboard in which the record stands. */
void event_place(
	const struct scoreboard_header *header, struct event_place *out);

struct kernel_log;
struct samples;

/* What a record is joined with; NULL is what there is not. */
struct event_sources {
	struct kernel_log *log;
	struct samples *samples;
	const struct scoreboard *board;
	bool may_wait; /* for a line of the log that is not there yet */
};

/* Makes the event of a record, joined with its line of the kernel log and with
 * what was around it. False, and out is not to be used, for what is not
 * worth keeping: loads that ended well, a master's very first start, OOM kills
 * elsewhere that nothing ties to a load. */
bool event_make(const struct scoreboard_record *record,
	const struct event_place *place, const struct event_sources *sources,
	struct event *out);

/* The event of a request of which no death was recorded: what its slot last
 * said, or load cleared but for the id. before: the last published reading. */
void event_conclude(const struct load_report *load,
	const struct scoreboard_death *death, bool master_gone,
	const struct event_place *place, const struct event_sources *sources,
	struct event *out);

/* Whether it tells of a kill: those are kept longest. */
bool event_is_kill(const struct event *event);

/* Whether fresh is to take the place of old, which has the same id. */
bool event_is_better(const struct event *fresh, const struct event *old);

/* Its verdict, worked out anew; of a kill only. */
void event_judge(const struct event *event, struct verdict_result *out);

/* The whole of it. result is where report's lists then point. */
void event_report(const struct event *event, struct verdict_result *result,
	struct postmortem_report *report);

/* The status of a load's answer by its outcome (docs/API.md, "Outcomes"). */
int event_outcome_status(enum load_outcome outcome);

#endif
