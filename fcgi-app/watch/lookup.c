/* SPDX-License-Identifier: MIT */
/*
 * Who asks is answered from the database, and from memory only what is not
 * there yet, or all of it when nothing can be read.
 */
#include "watch/store_parts.h"

#include <string.h>

#include "watch/archive.h"

#define OPEN_WAIT_MS 2000 /* for the database, once after a start */

void store_await_open(struct store *store)
{
	struct timespec until;
	int fault = 0;

	store_deadline(OPEN_WAIT_MS, CLOCK_MONOTONIC, &until);
	pthread_mutex_lock(&store->lock);
	while (fault == 0 && store->has_keeper &&
		store->health.state == STORE_OPENING)
		fault = pthread_cond_timedwait(
			&store->settled, &store->lock, &until);
	pthread_mutex_unlock(&store->lock);
}

/* Calls the keeper when what was just read was damaged. */
static void note_damage(struct store *store)
{
	struct database_fault fault;

	database_blame(store->reader, sqlite3_errcode(store->reader), &fault);
	if (!database_is_damage(&fault))
		return;
	pthread_mutex_lock(&store->lock);
	store->suspect = store->stirred = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
}

bool store_lock_reader(struct store *store)
{
	struct timespec until;

	store_await_open(store);
	store_deadline(STORE_SETTLE_MS, CLOCK_REALTIME, &until);
	if (pthread_mutex_timedlock(&store->reading, &until) != 0)
		return false;
	if (store->reader)
		return true;
	pthread_mutex_unlock(&store->reading);
	return false;
}

void store_unlock_reader(struct store *store, bool failed)
{
	if (failed)
		note_damage(store);
	pthread_mutex_unlock(&store->reading);
}

/* As archive_find(). */
static int find_in_database(
	struct store *store, const char *id, struct event *out)
{
	int found;

	if (!store_lock_reader(store))
		return -1;
	found = archive_find(store->reader, id, out);
	store_unlock_reader(store, found < 0);
	return found;
}

bool store_find(struct store *store, const char *id, struct event *out)
{
	int found = find_in_database(store, id, out);
	const struct store_entry *entry;

	pthread_mutex_lock(&store->lock);
	entry = store_entry_of(store, id);
	if (entry && (found <= 0 || event_is_better(&entry->event, out) ||
			     (out->row_alone && !entry->event.row_alone)))
		*out = entry->event;
	pthread_mutex_unlock(&store->lock);
	return found > 0 || entry;
}

/* For a list: -1 when there is none. */
static int list_in_database(struct store *store, const struct query *query,
	struct event_row *rows, int max)
{
	int count;

	if (!store_lock_reader(store))
		return -1;
	count = archive_list(store->reader, query, rows, max);
	store_unlock_reader(store, count < 0);
	return count;
}

/* Puts a row where it belongs into rows[count], which has room for max: how
 * many there are then. A row of the same id is there already: the newer
 * knowledge is the one in memory, if the database has not got it yet. */
static int insert(
	struct event_row *rows, int count, int max, const struct event_row *row)
{
	int at = 0;

	for (int i = 0; i < count; i++) {
		if (strcmp(rows[i].id, row->id) == 0)
			return count;
	}
	while (at < count && query_order(&rows[at], row) < 0)
		at++;
	if (at == max)
		return count;
	if (count == max)
		count--;
	memmove(&rows[at + 1], &rows[at],
		(size_t)(count - at) * sizeof(rows[0]));
	rows[at] = *row;
	return count + 1;
}

int store_list(struct store *store, const struct query *query,
	struct event_row *rows, int max)
{
	int listed = list_in_database(store, query, rows, max);
	int count = listed < 0 ? 0 : listed;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS; i++) {
		const struct store_entry *entry = &store->entries[i];

		if (entry->serial > 0 && !(entry->saved && listed >= 0) &&
			query_has(query, &entry->event.row))
			count = insert(rows, count, max, &entry->event.row);
	}
	pthread_mutex_unlock(&store->lock);
	return count;
}
