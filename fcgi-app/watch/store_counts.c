/* SPDX-License-Identifier: MIT */
/*
 * What has been counted, between memory and the database. The database alone
 * knows whether an event was counted in an earlier life, for the ring is read
 * again after each start; so an event counts once its transaction says so, and
 * only while there is none by what can be read, or by itself. Both ways in one
 * hold of the lock, so that no sum has it twice or not at all.
 */
#include "watch/store_parts.h"

#include <string.h>

static bool exposed(const struct store *store)
{
	return store->health.state != STORE_OPENING;
}

/* The sums as they are shown. */
static void add_up(const struct store *store, struct store_sums *out)
{
	const struct store_counts *counts = &store->counts;

	*out = (struct store_sums){.known = exposed(store),
		.loads_known = counts->loads.known,
		.kept = counts->kept};
	for (int i = 0; i < COUNT_NAMES; i++)
		out->events[i] =
			counts->saved[i] + counts->owed[i] - counts->hidden[i];
	for (int i = 0; i < STORE_EVENTS; i++) {
		const struct store_entry *entry = &store->entries[i];

		if (entry->serial > 0 && entry->counted == COUNTED_IN_MEMORY)
			out->events[entry->name]++;
	}
	for (int i = 0; i < OUTCOME_COUNT; i++)
		out->loads[i] =
			counts->loads.ended[i] - counts->loads_hidden[i];
}

void store_sums(struct store *store, struct store_sums *out)
{
	store_await_open(store);
	pthread_mutex_lock(&store->lock);
	add_up(store, out);
	pthread_mutex_unlock(&store->lock);
}

void store_counts_leave(struct store *store, const struct store_entry *entry)
{
	/* While it is being opened the database may well have it. */
	if (entry->serial > 0 && entry->name >= 0 &&
		(entry->counted == COUNTED_IN_MEMORY ||
			(entry->counted == COUNTED_NOT && exposed(store))))
		store->counts.owed[entry->name]++;
}

void store_counts_place(struct store *store, struct store_entry *entry,
	const struct event *event, bool fresh)
{
	int name = count_of(event);

	if (!fresh && entry->name == name)
		return;
	if (!fresh && entry->counted == COUNTED_IN_MEMORY)
		store->counts.owed[entry->name]++;
	entry->name = name;
	entry->counted = name < 0		  ? COUNTED_SAVED
			 : store->path[0] == '\0' ? COUNTED_IN_MEMORY
						  : COUNTED_NOT;
}

bool store_counts_owed(const struct store *store, struct counts_change *out)
{
	const struct store_counts *counts = &store->counts;
	bool any = counts->loads_changed;

	memset(out, 0, sizeof(*out));
	memcpy(out->owed, counts->owed, sizeof(out->owed));
	out->loads = counts->loads;
	for (int i = 0; i < COUNT_NAMES; i++)
		any |= counts->owed[i] != 0;
	return any;
}

/* The database has that event counted under the name it was taken with,
 * whatever became of its place in memory since. */
static void settle(struct store *store, const struct store_taken *taken)
{
	struct store_entry *entry = taken->entry;

	if (taken->name < 0)
		return;
	if (entry->serial == taken->serial && entry->name == taken->name)
		entry->counted = COUNTED_SAVED;
	else if (taken->counted == COUNTED_IN_MEMORY ||
		 (entry->serial != taken->serial && exposed(store)))
		store->counts.owed[taken->name]--;
}

void store_counts_done(struct store *store, const struct store_taken *taken,
	int count, const struct counts_change *written)
{
	struct store_counts *counts = &store->counts;

	for (int i = 0; i < count; i++)
		settle(store, &taken[i]);
	for (int i = 0; i < COUNT_NAMES; i++) {
		counts->owed[i] -= written->owed[i];
		counts->saved[i] = written->counted[i];
	}
	counts->kept = written->kept;
	counts->loads_changed =
		memcmp(written->loads.ended, counts->loads.ended,
			sizeof(counts->loads.ended)) != 0;
	counts->loads_written_us = scoreboard_now_us();
}

/* Copies what is to be asked of entry. */
static void copy_entry(struct store *store, const struct store_entry *entry,
	struct store_found *out)
{
	pthread_mutex_lock(&store->lock);
	out->serial = entry->name < 0 ? 0 : entry->serial;
	out->name = entry->name;
	out->counted = entry->counted;
	memcpy(out->id, entry->event.row.id, sizeof(out->id));
	pthread_mutex_unlock(&store->lock);
}

/* Asks db of each entry in memory that is not counted there. mark: what was
 * counted in a file that may have been another is to be counted in this one. */
static int look(struct store *store, sqlite3 *db, bool mark,
	struct store_found found[STORE_EVENTS])
{
	int code = SQLITE_OK;

	for (int i = 0; i < STORE_EVENTS && code == SQLITE_OK; i++) {
		struct store_found *at = &found[i];
		int has;

		copy_entry(store, &store->entries[i], at);
		if (at->serial == 0)
			continue;
		if (at->counted == COUNTED_SAVED) {
			if (mark)
				code = counts_mark(db, at->id, at->name);
			continue;
		}
		has = counts_have(db, at->id, at->name);
		at->has = has == 1;
		code = has < 0 ? sqlite3_errcode(db) : SQLITE_OK;
	}
	return code;
}

/* The lock is held. */
static void take_found(
	struct store *store, const struct store_found found[STORE_EVENTS])
{
	for (int i = 0; i < STORE_EVENTS; i++) {
		struct store_entry *entry = &store->entries[i];

		if (found[i].has && entry->serial == found[i].serial &&
			entry->name == found[i].name)
			entry->counted = COUNTED_SAVED;
	}
}

/* All at once: what the database has, and which entries are in that. What has
 * been shown by now goes on from where it is. The lock is held. */
static void take_over(struct store *store, const struct counts *have,
	int64_t kept, const struct store_found found[STORE_EVENTS])
{
	struct store_counts *counts = &store->counts;
	struct store_sums before, after;

	add_up(store, &before);
	take_found(store, found);
	memcpy(counts->saved, have->events, sizeof(counts->saved));
	counts->known = true;
	counts->kept = kept;
	store_loads_join(counts, &have->loads);
	add_up(store, &after);
	for (int i = 0; i < COUNT_NAMES && exposed(store); i++)
		counts->hidden[i] += after.events[i] - before.events[i];
	for (int i = 0; i < OUTCOME_COUNT && exposed(store); i++)
		counts->loads_hidden[i] += after.loads[i] - before.loads[i];
}

/* In one transaction, so that a file that takes the place of another counts on
 * from there or stays as it is. */
static int bring_together(struct store *store, struct counts *have,
	int64_t *kept, struct store_found found[STORE_EVENTS])
{
	sqlite3 *db = store->writer;
	bool known = store->counts.known;
	int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = look(store, db, known, found);
	if (code == SQLITE_OK && known)
		code = counts_raise(db, store->counts.saved);
	if (code == SQLITE_OK)
		code = counts_read(db, have);
	*kept = counts_kept(db);
	return code;
}

int store_counts_join(struct store *store, struct database_fault *fault)
{
	struct store_found *found = store->found;
	struct counts have;
	int64_t kept;
	int code;

	memset(found, 0, STORE_EVENTS * sizeof(*found));
	code = bring_together(store, &have, &kept, found);
	if (database_end(store->writer, code, fault) < 0)
		return -1;
	pthread_mutex_lock(&store->lock);
	take_over(store, &have, kept, found);
	pthread_mutex_unlock(&store->lock);
	return 0;
}

/* Whether anything waits to be counted. */
static bool some_wait(struct store *store)
{
	bool some = false;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS && !some; i++)
		some = store->entries[i].serial > 0 &&
		       store->entries[i].counted == COUNTED_NOT;
	pthread_mutex_unlock(&store->lock);
	return some;
}

/* What the readers' connection tells; false: there is none that does. */
static bool ask_reader(struct store *store, struct counts *have, int64_t *kept,
	struct store_found found[STORE_EVENTS])
{
	bool read = false;

	pthread_mutex_lock(&store->reading);
	if (store->reader) {
		read = counts_read(store->reader, have) == SQLITE_OK &&
		       look(store, store->reader, false, found) == SQLITE_OK;
		*kept = counts_kept(store->reader);
	}
	pthread_mutex_unlock(&store->reading);
	return read;
}

void store_counts_stand_in(struct store *store)
{
	struct store_found *found = store->found;
	struct counts have;
	int64_t kept = -1;
	bool read;

	if (store->counts.known && !some_wait(store))
		return;
	memset(found, 0, STORE_EVENTS * sizeof(*found));
	read = ask_reader(store, &have, &kept, found);
	pthread_mutex_lock(&store->lock);
	if (read && !store->counts.known)
		take_over(store, &have, kept, found);
	else if (read)
		take_found(store, found);
	for (int i = 0; i < STORE_EVENTS; i++) {
		struct store_entry *entry = &store->entries[i];

		if (entry->serial > 0 && entry->counted == COUNTED_NOT)
			entry->counted = COUNTED_IN_MEMORY;
	}
	pthread_mutex_unlock(&store->lock);
}
