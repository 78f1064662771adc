/* SPDX-License-Identifier: MIT */
/*
 * What is in the database, and from memory what is not there yet: a kill is
 * told of as soon as it is known, and only once.
 */
#include "watch/kills.h"

#include <stdio.h>
#include <string.h>

#include "http/words.h"
#include "watch/store_parts.h"

static const char select_kills[] =
	"SELECT id, at_ms, verdict FROM events WHERE is_kill = 1"
	" AND (at_ms, id) > (?1, ?2) AND at_ms <= ?3"
	" ORDER BY at_ms, id LIMIT ?4";

static int order(const struct sample_kill *a, const struct sample_kill *b)
{
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return strcmp(a->id, b->id);
}

static void make(
	const char *id, int64_t at_ms, int32_t verdict, struct sample_kill *out)
{
	*out = (struct sample_kill){.at_ms = at_ms, .verdict = verdict};
	(void)snprintf(out->id, sizeof(out->id), "%s", id);
	(void)snprintf(out->url, sizeof(out->url), "/events/%s", out->id);
}

/* How many; -1 failed. */
static int read_rows(sqlite3_stmt *from, struct sample_kill *out, int max)
{
	int code = SQLITE_ROW, count = 0;

	while (count < max && (code = sqlite3_step(from)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(from, 0);

		make(id ? id : "", sqlite3_column_int64(from, 1),
			words_find(verdict_words, VERDICT_COUNT,
				(const char *)sqlite3_column_text(from, 2)),
			&out[count++]);
	}
	return code == SQLITE_ROW || code == SQLITE_DONE ? count : -1;
}

static int list_in_database(struct store *store,
	const struct sample_kill *after, int64_t to_ms, struct sample_kill *out,
	int max)
{
	sqlite3_stmt *statement = NULL;
	int count = -1;

	if (!store_lock_reader(store))
		return -1;
	if (sqlite3_prepare_v2(store->reader, select_kills, -1, &statement,
		    NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, after->at_ms);
		sqlite3_bind_text(statement, 2, after->id, -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 3, to_ms);
		sqlite3_bind_int(statement, 4, max);
		count = read_rows(statement, out, max);
	}
	sqlite3_finalize(statement);
	store_unlock_reader(store, count < 0);
	return count;
}

/* Puts one in its place into out[count], which has room for max. */
static int insert(struct sample_kill *out, int count, int max,
	const struct sample_kill *kill)
{
	int at = count;

	for (int i = 0; i < count; i++) {
		if (strcmp(out[i].id, kill->id) == 0)
			return count;
	}
	while (at > 0 && order(&out[at - 1], kill) > 0)
		at--;
	if (at == max)
		return count;
	if (count == max)
		count--;
	memmove(&out[at + 1], &out[at], (size_t)(count - at) * sizeof(*out));
	out[at] = *kill;
	return count + 1;
}

int kills_list(struct store *store, const struct sample_kill *after,
	int64_t to_ms, struct sample_kill *out, int max)
{
	int listed = list_in_database(store, after, to_ms, out, max);
	int count = listed < 0 ? 0 : listed;
	struct sample_kill kill;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS; i++) {
		const struct store_entry *entry = &store->entries[i];
		const struct event_row *row = &entry->event.row;

		if (entry->serial == 0 || (entry->saved && listed >= 0) ||
			!event_is_kill(&entry->event) || row->at_ms > to_ms)
			continue;
		make(row->id, row->at_ms, row->verdict, &kill);
		if (order(&kill, after) > 0)
			count = insert(out, count, max, &kill);
	}
	pthread_mutex_unlock(&store->lock);
	return count;
}
