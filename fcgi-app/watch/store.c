/* SPDX-License-Identifier: MIT */
/*
 * Events in memory: an array of a fixed size, searched from end to end. A
 * thousand ids are compared in some microseconds, at most a few times for each
 * kill, so there is nothing to index. Taken whole at the start, for the watch
 * must not grow with the storms that it tells of.
 */
#include "watch/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define STORE_BYTES (STORE_EVENTS * sizeof(struct store_entry))

/* Not by malloc: zeros from there are pages that are not there yet. */
int store_open(struct store *store)
{
	void *entries = mmap(NULL, STORE_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	*store = (struct store){.entries = NULL};
	if (entries == MAP_FAILED)
		return -1;
	store->entries = entries;
	return pthread_mutex_init(&store->lock, NULL) == 0 ? 0 : -1;
}

void store_close(struct store *store)
{
	pthread_mutex_destroy(&store->lock);
	munmap(store->entries, STORE_BYTES);
	store->entries = NULL;
}

static struct store_entry *find(const struct store *store, const char *id)
{
	for (int i = 0; i < STORE_EVENTS; i++) {
		struct store_entry *entry = &store->entries[i];

		if (entry->serial > 0 && strcmp(entry->event.row.id, id) == 0)
			return entry;
	}
	return NULL;
}

/* Whether a is to go before b: what is free, then what is no kill, then the
 * older one. */
static bool goes_before(
	const struct store_entry *a, const struct store_entry *b)
{
	bool kill_a = event_is_kill(&a->event),
	     kill_b = event_is_kill(&b->event);

	if (a->serial == 0 || b->serial == 0)
		return a->serial == 0;
	if (kill_a != kill_b)
		return kill_b;
	return a->serial < b->serial;
}

static struct store_entry *room(const struct store *store)
{
	struct store_entry *first = &store->entries[0];

	for (int i = 1; i < STORE_EVENTS; i++) {
		if (first->serial == 0)
			break;
		if (goes_before(&store->entries[i], first))
			first = &store->entries[i];
	}
	return first;
}

/* A record knows more than the watch's own conclusion, but not if all it says
 * is that a new master found it: then the watch was there sooner. */
static bool is_better(const struct event *fresh, const struct event *old)
{
	return old->synthetic && !fresh->synthetic &&
	       !(old->master_gone && fresh->master_gone);
}

void store_add(struct store *store, const struct event *event)
{
	struct store_entry *entry;

	pthread_mutex_lock(&store->lock);
	entry = find(store, event->row.id);
	if (!entry) {
		entry = room(store);
		entry->serial = ++store->serial;
		entry->event = *event;
	} else if (is_better(event, &entry->event)) {
		entry->event = *event;
	}
	pthread_mutex_unlock(&store->lock);
}

bool store_find(struct store *store, const char *id, struct event *out)
{
	const struct store_entry *entry;

	pthread_mutex_lock(&store->lock);
	entry = find(store, id);
	if (entry)
		*out = entry->event;
	pthread_mutex_unlock(&store->lock);
	return entry != NULL;
}

/* Newest first: by time, then by arrival. */
static int compare(const void *left, const void *right)
{
	const struct store_entry *a = *(const struct store_entry *const *)left;
	const struct store_entry *b = *(const struct store_entry *const *)right;

	if (a->event.row.at_ms != b->event.row.at_ms)
		return a->event.row.at_ms < b->event.row.at_ms ? 1 : -1;
	return a->serial < b->serial ? 1 : -1;
}

int store_list(struct store *store, struct event_row *rows, int max)
{
	const struct store_entry *order[STORE_EVENTS];
	int count = 0;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS; i++) {
		if (store->entries[i].serial > 0)
			order[count++] = &store->entries[i];
	}
	qsort(order, (size_t)count, sizeof(order[0]), compare);
	if (count > max)
		count = max;
	for (int i = 0; i < count; i++)
		rows[i] = order[i]->event.row;
	pthread_mutex_unlock(&store->lock);
	return count;
}
