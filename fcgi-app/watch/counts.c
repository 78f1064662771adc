/* SPDX-License-Identifier: MIT */
/*
 * A name a row, so that a later version may know more verdicts and this one
 * still adds up. Statements are prepared for each use, as in watch/archive.c.
 */
#include "watch/counts.h"

#include <string.h>

#include "http/words.h"
#include "watch/rescue.h"

int count_of(const struct event *event)
{
	const struct event_row *row = &event->row;

	if (row->kind == EVENT_BYSTANDER)
		return COUNT_BYSTANDERS;
	if (row->kind != EVENT_KILLED && row->kind != EVENT_IDLE)
		return -1;
	return row->verdict >= 0 && row->verdict < VERDICT_COUNT ? row->verdict
								 : -1;
}

static const char *name_of(int name)
{
	return name == COUNT_BYSTANDERS ? event_kind_words[EVENT_BYSTANDER]
					: verdict_words[name];
}

static const char *text_at(sqlite3_stmt *from, int column)
{
	return (const char *)sqlite3_column_text(from, column);
}

static void take_event_count(sqlite3_stmt *from, struct counts *out)
{
	const char *text = text_at(from, 0);
	int name = words_find(verdict_words, VERDICT_COUNT, text);

	if (text && strcmp(text, name_of(COUNT_BYSTANDERS)) == 0)
		name = COUNT_BYSTANDERS;
	if (name >= 0)
		out->events[name] = sqlite3_column_int64(from, 1);
}

static void take_load_count(sqlite3_stmt *from, struct counts *out)
{
	int outcome =
		words_find(load_outcome_words, OUTCOME_COUNT, text_at(from, 0));

	if (outcome < 0)
		return;
	out->loads.known = true;
	out->loads.ended[outcome] = sqlite3_column_int64(from, 1);
	out->loads.seen[outcome] = sqlite3_column_int64(from, 2);
	out->loads.generation = (uint64_t)sqlite3_column_int64(from, 3);
	out->loads.head = (uint64_t)sqlite3_column_int64(from, 4);
}

static int each_row(sqlite3 *db, const char *sql,
	void (*take)(sqlite3_stmt *from, struct counts *out),
	struct counts *out)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		while ((code = sqlite3_step(statement)) == SQLITE_ROW)
			take(statement, out);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

int counts_read(sqlite3 *db, struct counts *out)
{
	int code;

	memset(out, 0, sizeof(*out));
	code = each_row(db, "SELECT name, events FROM event_counts",
		take_event_count, out);
	if (code == SQLITE_OK)
		code = each_row(db,
			"SELECT outcome, ended, seen, generation, ring_head"
			" FROM load_counts",
			take_load_count, out);
	return code;
}

/* For each name a row of its own, whether it was there or not. */
static int put_events(
	sqlite3 *db, const char *sql, const int64_t values[COUNT_NAMES])
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	for (int i = 0; i < COUNT_NAMES && code == SQLITE_OK; i++) {
		if (values[i] == 0)
			continue;
		sqlite3_bind_text(statement, 1, name_of(i), -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 2, values[i]);
		code = sqlite3_step(statement);
		code = code == SQLITE_DONE ? SQLITE_OK : code;
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return code;
}

int counts_add(sqlite3 *db, const int64_t more[COUNT_NAMES])
{
	return put_events(db,
		"INSERT INTO event_counts VALUES (?1, ?2) ON CONFLICT (name)"
		" DO UPDATE SET events = events + ?2",
		more);
}

int counts_raise(sqlite3 *db, const int64_t at_least[COUNT_NAMES])
{
	return put_events(db,
		"INSERT INTO event_counts VALUES (?1, ?2) ON CONFLICT (name)"
		" DO UPDATE SET events = max(events, ?2)",
		at_least);
}

int counts_put_loads(sqlite3 *db, const struct load_counts *loads)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db,
		"REPLACE INTO load_counts VALUES (?1, ?2, ?3, ?4, ?5)", -1,
		&statement, NULL);

	for (int i = 0; i < OUTCOME_COUNT && code == SQLITE_OK; i++) {
		if (!load_outcome_words[i])
			continue;
		sqlite3_bind_text(
			statement, 1, load_outcome_words[i], -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 2, loads->ended[i]);
		sqlite3_bind_int64(statement, 3, loads->seen[i]);
		sqlite3_bind_int64(statement, 4, (int64_t)loads->generation);
		sqlite3_bind_int64(statement, 5, (int64_t)loads->head);
		code = sqlite3_step(statement);
		code = code == SQLITE_DONE ? SQLITE_OK : code;
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return code;
}

int64_t counts_kept(sqlite3 *db)
{
	sqlite3_stmt *statement;
	int64_t count = -1;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM events", -1,
		    &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW)
		count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return count;
}

int counts_write(sqlite3 *db, struct counts_change *change)
{
	struct counts all;
	int code = counts_add(db, change->owed);

	if (code == SQLITE_OK && change->loads.known)
		code = counts_put_loads(db, &change->loads);
	if (code == SQLITE_OK)
		code = counts_read(db, &all);
	if (code == SQLITE_OK)
		memcpy(change->counted, all.events, sizeof(all.events));
	change->kept = counts_kept(db);
	return code;
}

/* The result code of a statement about an id and a name. */
static int about(sqlite3 *db, const char *sql, const char *id, int name)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
		sqlite3_bind_text(
			statement, 2, name_of(name), -1, SQLITE_STATIC);
		code = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return code;
}

int counts_have(sqlite3 *db, const char *id, int name)
{
	int code = about(db,
		"SELECT 1 FROM events_counted WHERE id = ?1 AND name = ?2", id,
		name);

	return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

int counts_mark(sqlite3 *db, const char *id, int name)
{
	int code = about(db,
		"INSERT INTO events_counted VALUES (?1, ?2)"
		" ON CONFLICT DO NOTHING",
		id, name);

	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool has_every_mark(sqlite3 *db)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, "SELECT id, name FROM events_counted",
		-1, &statement, NULL);

	while (code == SQLITE_OK || code == SQLITE_ROW)
		code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE;
}

/* The counts last: marking counts, and they have that in them. Without every
 * mark they are left: what has lost its mark is still in the ring, perhaps, and
 * would count a second time. */
void counts_rescue(sqlite3 *from, sqlite3 *to)
{
	(void)rescue_rows(from, to,
		"SELECT id, name FROM events_counted ORDER BY id",
		"INSERT INTO events_counted VALUES (?1, ?2)"
		" ON CONFLICT DO NOTHING");
	if (has_every_mark(from))
		(void)rescue_rows(from, to,
			"SELECT name, events FROM event_counts"
			" WHERE typeof(events) = 'integer' AND events > 0"
			" ORDER BY name",
			"INSERT INTO event_counts VALUES (?1, ?2)"
			" ON CONFLICT (name)"
			" DO UPDATE SET events = max(events, ?2)");
	(void)rescue_rows(from, to,
		"SELECT outcome, ended, seen, generation, ring_head"
		" FROM load_counts ORDER BY outcome",
		"REPLACE INTO load_counts VALUES (?1, ?2, ?3, ?4, ?5)");
}
