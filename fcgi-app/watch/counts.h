/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_COUNTS_H
#define OOMLAB_WATCH_COUNTS_H

/*
 * What has been counted, in the database: kills by verdict and bystanders, each
 * event once under each name; loads by outcome. Triggers count an event in the
 * transaction that inserts it, so a count and what it counts are there together
 * or not at all, and outlast the event when that has to make room. Each call is
 * given a connection that nobody else uses meanwhile.
 */
#include "evidence/verdict.h"
#include "watch/database.h"
#include "watch/event.h"

/* A verdict's own number is its kills' name. */
enum { COUNT_BYSTANDERS = VERDICT_COUNT, COUNT_NAMES };

/* The name that an event counts under; -1: it is none that is counted. */
int count_of(const struct event *event);

/* Loads that ended, by outcome. load's master counts on in a header that lives
 * as long as its scoreboard, so what was seen of it is kept beside the sum. */
struct load_counts {
	bool known;		   /* else zeros */
	uint64_t generation, head; /* of the scoreboard, when it was seen */
	int64_t seen[OUTCOME_COUNT];
	int64_t ended[OUTCOME_COUNT]; /* on every scoreboard there was */
};

struct counts {
	int64_t events[COUNT_NAMES];
	struct load_counts loads;
};

/* What a transaction counts beside its events. */
struct counts_change {
	int64_t owed[COUNT_NAMES];    /* to be added */
	struct load_counts loads;     /* to be kept, if known */
	int64_t counted[COUNT_NAMES]; /* then: all that is counted by now */
	int64_t kept;		      /* and how many events there are */
};

/* These say SQLITE_OK or a result code. */
int counts_read(sqlite3 *db, struct counts *out);

/* Adds to what is counted, for events that the database will never have. */
int counts_add(sqlite3 *db, const int64_t more[COUNT_NAMES]);

/* None is less than at_least from now on. */
int counts_raise(sqlite3 *db, const int64_t at_least[COUNT_NAMES]);

int counts_put_loads(sqlite3 *db, const struct load_counts *loads);

/* Adds, keeps and fills what change has. */
int counts_write(sqlite3 *db, struct counts_change *change);

/* How many events there are, or -1. */
int64_t counts_kept(sqlite3 *db);

/* Whether the event of that id is counted under that name: 1, 0, -1. */
int counts_have(sqlite3 *db, const char *id, int name);

/* Has it counted; nothing if it is. */
int counts_mark(sqlite3 *db, const char *id, int name);

/* Copies what can still be read of a damaged database; before its events. */
void counts_rescue(sqlite3 *from, sqlite3 *to);

#endif
