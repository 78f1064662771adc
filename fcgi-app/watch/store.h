/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STORE_H
#define OOMLAB_WATCH_STORE_H

/*
 * What is kept: events, the last 1,024 in memory, 10,000 in the database; and
 * samples (watch/samples.h).
 * One id is one event: who adds it a second time changes nothing, unless the
 * first was the watch's own conclusion and the second is a record. Whoever adds
 * waits for no disk: watch/keeper.h brings it there. While the database fails,
 * memory serves. Thread-safe.
 */
#include <pthread.h>

#include "watch/counts.h"
#include "watch/database.h"
#include "watch/event.h"
#include "watch/query.h"
#include "watch/samples.h"

#define STORE_EVENTS	  1024
#define STORE_BATCH	  32	/* events in one transaction, at most */
#define STORE_BATCH_BYTES 65536 /* of samples likewise */
#define STORE_SETTLE_MS	  1000	/* no longer does a client wait for the disk */

/* Where an event is counted. */
enum store_counted {
	COUNTED_NOT, /* yet: whether the database has it is not known */
	COUNTED_IN_MEMORY,
	COUNTED_SAVED, /* in the database, or never to be */
};

struct store_entry {
	uint64_t serial; /* order of arrival; 0: free */
	uint64_t change; /* another with each event that is put here */
	bool saved;	 /* is in the database */
	bool told;	 /* is not, and stands on stderr */
	int32_t name;	 /* count_of() the event */
	int32_t counted; /* enum store_counted */
	struct event event;
};

enum store_state {
	STORE_MEMORY,  /* there is no database, and shall be none */
	STORE_OPENING, /* not yet: who asks waits a moment */
	STORE_WORKS,
	STORE_FAILS,
};

/* What a look into the database found of an entry. */
struct store_found {
	uint64_t serial; /* 0: not asked for */
	int32_t name, counted;
	char id[33];
	bool has;
};

/* How it goes, for /status. Under the store's lock. */
struct store_health {
	enum store_state state;
	struct database_fault fault; /* of STORE_FAILS */
	int64_t writing_since_us;    /* a write under way; 0: none */
	int64_t dropped;	     /* events that memory had no room for and
					the database did not take */
	int64_t rescued;	     /* read from the one moved aside */
	int aside_count;	     /* moved aside since the watch started */
	char aside[320];	     /* the last of them */
	struct database_fault aside_why;
};

/* What is counted; under the store's lock. Shown is what the database has and
 * what memory adds, less what is hidden: whatever is learned later of earlier
 * lives, no count ever seems to go back or to leap. */
struct store_counts {
	bool known; /* saved was read in this life */
	int64_t saved[COUNT_NAMES], owed[COUNT_NAMES], hidden[COUNT_NAMES];
	struct load_counts loads, loads_first; /* now; as first seen */
	int64_t loads_hidden[OUTCOME_COUNT];
	bool loads_joined, loads_changed; /* with the database; since it was
					     last written there */
	int64_t loads_written_us;
	int64_t kept; /* events in the database; -1 unknown */
};

/* A copy for /metrics. */
struct store_sums {
	bool known;	  /* false: the database is still being opened */
	bool loads_known; /* false: no scoreboard was seen, ever */
	int64_t events[COUNT_NAMES], loads[OUTCOME_COUNT];
	int64_t kept; /* -1 unknown */
};

struct store {
	pthread_mutex_t lock;
	pthread_cond_t work;	/* for the keeper: something is to be done */
	pthread_cond_t settled; /* saved, told, or another state */
	struct store_entry *entries; /* entries[STORE_EVENTS] */
	struct event *batch;	     /* batch[STORE_BATCH], the keeper's */
	struct store_found *found;   /* found[STORE_EVENTS], likewise */
	void *sample_batch;	     /* STORE_BATCH_BYTES, the keeper's */
	uint64_t serial;
	bool stirred, stopping; /* something was added; the end is asked for */
	struct store_health health;
	struct store_counts counts;
	struct samples samples; /* with a lock of their own */
	int64_t keep_ms;	/* how old a sample may get; 0: any age */

	char path[300]; /* of the database; "": none */
	pthread_t keeper;
	bool has_keeper;
	pthread_mutex_t reading; /* guards the reader; before the lock */
	sqlite3 *reader;	 /* NULL: nothing to read */
	bool suspect;		 /* it met damage: the keeper is to see to it */
	sqlite3 *writer;	 /* the keeper's alone, like what follows */
	dev_t device;
	ino_t inode;
	int log_pages;		       /* in the write-ahead log */
	int64_t thinned_ms, tidied_us; /* samples: up to when, and when */
};

/* 0, or -1 with errno. All memory for events is taken and touched here.
 * directory is OOMLAB_STATE, or NULL for events in memory alone; nothing in it
 * is touched before the keeper runs. */
int store_open(struct store *store, const char *directory);

/* Starts the keeper's thread; 0, or -1 with errno. Before other threads use
 * the store. */
int store_start(struct store *store, const pthread_attr_t *attributes);

/* Ends the keeper, which writes what is left, and gives all back. Nobody may
 * use the store any more. */
void store_close(struct store *store);

void store_add(struct store *store, const struct event *event);

/* Has the keeper write what is new among the samples. */
void store_stir(struct store *store);

/* Waits until the event of that id is in the database, or on stderr if it
 * cannot be, at most STORE_SETTLE_MS. Whether it is in the database. */
bool store_settle(struct store *store, const char *id);

/* Copies the event of that id; false when there is none. */
bool store_find(struct store *store, const char *id, struct event *out);

/* The rows that query has, in its order, at most max; how many. */
int store_list(struct store *store, const struct query *query,
	struct event_row *rows, int max);

/* What the master's header says of loads that ended. One thread's alone. */
void store_note_loads(
	struct store *store, const struct scoreboard_header *header);

void store_sums(struct store *store, struct store_sums *out);

/* A copy; *unsaved: how many events are in memory alone. */
void store_health(struct store *store, struct store_health *out, int *unsaved);

#endif
