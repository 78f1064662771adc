/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STORE_H
#define OOMLAB_WATCH_STORE_H

/*
 * The events that are kept. One id is one event: who adds it a second time
 * changes nothing, unless the first was the watch's own conclusion and the
 * second is a record. When full, the oldest that tells of no kill goes first.
 * Thread-safe.
 */
#include <pthread.h>

#include "watch/event.h"

#define STORE_EVENTS 1024

struct store_entry {
	uint64_t serial; /* order of arrival; 0: free */
	struct event event;
};

struct store {
	pthread_mutex_t lock;
	struct store_entry *entries; /* entries[STORE_EVENTS] */
	uint64_t serial;
};

/* 0, or -1 with errno. All memory is taken and touched here. */
int store_open(struct store *store);
void store_close(struct store *store);

void store_add(struct store *store, const struct event *event);

/* Copies the event of that id; false when there is none. */
bool store_find(struct store *store, const char *id, struct event *out);

/* The rows, newest first, at most max; how many. */
int store_list(struct store *store, struct event_row *rows, int max);

#endif
