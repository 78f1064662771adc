/* SPDX-License-Identifier: MIT */
/*
 * A row an event: what is listed and filtered in columns, as words, which any
 * later version can read; the whole of it as bytes, which only a program of
 * the same layout reads. Statements are prepared for each use: some 20 us,
 * and there is nothing to forget when a connection is given up.
 */
#include "watch/archive.h"

#include <stdio.h>
#include <string.h>

#include "evidence/verdict.h"
#include "http/words.h"
#include "watch/pack.h"
#include "watch/rescue.h"

#define COLUMNS                                                                \
	"id, at_ms, is_kill, kind, outcome, verdict, certainty,"               \
	" resident_bytes, requested_bytes, detail, synthetic, master_gone,"    \
	" layout, size, record"

/* Places in SELECT COLUMNS; an INSERT's parameters count from 1. */
#define ID	    0
#define AT_MS	    1
#define IS_KILL	    2
#define KIND	    3
#define OUTCOME	    4
#define VERDICT	    5
#define CERTAINTY   6
#define RESIDENT    7
#define REQUESTED   8
#define DETAIL	    9
#define SYNTHETIC   10
#define MASTER_GONE 11
#define LAYOUT	    12
#define SIZE	    13
#define RECORD	    14

/* event_is_better(), in SQL; and what cannot be read any more gives way. */
static const char insert_event[] =
	"INSERT INTO events (" COLUMNS ") VALUES"
	" (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"
	" ON CONFLICT (id) DO UPDATE SET (" COLUMNS ") ="
	" (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"
	" WHERE (synthetic AND NOT ?11 AND NOT (master_gone AND ?12))"
	" OR NOT is_readable(layout, size, record)";

static const char remove_surplus[] =
	"DELETE FROM events WHERE serial IN (SELECT serial FROM events"
	" ORDER BY is_kill, at_ms, id"
	" LIMIT max(0, (SELECT count(*) FROM events) - ?1))";

static bool read_record(sqlite3_value *layout, sqlite3_value *size,
	sqlite3_value *record, struct event *out)
{
	const void *bytes = sqlite3_value_blob(record);
	int length = sqlite3_value_bytes(record);

	return sqlite3_value_int64(layout) == pack_layout() &&
	       sqlite3_value_int64(size) == sizeof(*out) && bytes &&
	       pack_read(bytes, (size_t)length, out);
}

/* is_readable(layout, size, record) */
static void is_readable(sqlite3_context *context, int count, sqlite3_value **of)
{
	struct event event;

	(void)count;
	sqlite3_result_int(context, read_record(of[0], of[1], of[2], &event));
}

int archive_prepare(sqlite3 *db)
{
	return sqlite3_create_function(db, "is_readable", 3,
		SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, is_readable, NULL,
		NULL);
}

static void bind_word(sqlite3_stmt *to, int column, const char *const *words,
	int count, int index)
{
	const char *word = index >= 0 && index < count ? words[index] : NULL;

	sqlite3_bind_text(to, column + 1, word, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *to, int column, int64_t bytes)
{
	if (bytes < 0)
		sqlite3_bind_null(to, column + 1);
	else
		sqlite3_bind_int64(to, column + 1, bytes);
}

static void bind_event(sqlite3_stmt *to, const struct event *event,
	const unsigned char *record, size_t length)
{
	const struct event_row *row = &event->row;

	sqlite3_bind_text(to, ID + 1, row->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(to, AT_MS + 1, row->at_ms);
	sqlite3_bind_int(to, IS_KILL + 1, event_is_kill(event));
	bind_word(to, KIND, event_kind_words, EVENT_KINDS, row->kind);
	bind_word(to, OUTCOME, load_outcome_words, OUTCOME_COUNT, row->outcome);
	bind_word(to, VERDICT, verdict_words, VERDICT_COUNT, row->verdict);
	bind_word(to, CERTAINTY, certainty_words, CERTAINTY_COUNT,
		row->certainty);
	bind_bytes(to, RESIDENT, row->resident_bytes);
	bind_bytes(to, REQUESTED, row->requested_bytes);
	sqlite3_bind_text(to, DETAIL + 1, row->detail, -1, SQLITE_STATIC);
	sqlite3_bind_int(to, SYNTHETIC + 1, event->synthetic);
	sqlite3_bind_int(to, MASTER_GONE + 1, event->master_gone);
	sqlite3_bind_int64(to, LAYOUT + 1, pack_layout());
	sqlite3_bind_int64(to, SIZE + 1, sizeof(*event));
	sqlite3_bind_blob(to, RECORD + 1, record, (int)length, SQLITE_STATIC);
}

static int step_once(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static int insert_all(sqlite3 *db, const struct event *events, int count)
{
	unsigned char record[PACK_MAX];
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, insert_event, -1, &statement, NULL);

	for (int i = 0; i < count && code == SQLITE_OK; i++) {
		bind_event(statement, &events[i], record,
			pack_write(&events[i], record));
		code = step_once(statement);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return code;
}

static int prune(sqlite3 *db)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, remove_surplus, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_int(statement, 1, ARCHIVE_EVENTS);
		code = step_once(statement);
	}
	sqlite3_finalize(statement);
	return code;
}

static int write_all(sqlite3 *db, const struct event *events, int count,
	struct counts_change *counts)
{
	int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = insert_all(db, events, count);
	if (code == SQLITE_OK)
		code = prune(db);
	if (code == SQLITE_OK)
		code = counts_write(db, counts);
	return code;
}

int archive_write(sqlite3 *db, const struct event *events, int count,
	struct counts_change *counts, struct database_fault *fault)
{
	return database_end(db, write_all(db, events, count, counts), fault);
}

/* A word that this version does not know is none. */
static int word_of(sqlite3_stmt *from, int column, const char *const *words,
	int count, int none)
{
	int place = words_find(
		words, count, (const char *)sqlite3_column_text(from, column));

	return place < 0 ? none : place;
}

static int64_t bytes_of(sqlite3_stmt *from, int column)
{
	return sqlite3_column_type(from, column) == SQLITE_NULL
		       ? FIELD_ABSENT
		       : sqlite3_column_int64(from, column);
}

static void row_of(sqlite3_stmt *from, struct event_row *row)
{
	const char *id = (const char *)sqlite3_column_text(from, ID);
	const char *detail = (const char *)sqlite3_column_text(from, DETAIL);

	memset(row, 0, sizeof(*row));
	(void)snprintf(row->id, sizeof(row->id), "%s", id ? id : "");
	(void)snprintf(row->url, sizeof(row->url), "/events/%s", row->id);
	(void)snprintf(
		row->detail, sizeof(row->detail), "%s", detail ? detail : "");
	row->at_ms = sqlite3_column_int64(from, AT_MS);
	row->kind =
		word_of(from, KIND, event_kind_words, EVENT_KINDS, EVENT_ENDED);
	row->outcome = word_of(
		from, OUTCOME, load_outcome_words, OUTCOME_COUNT, OUTCOME_NONE);
	row->verdict = word_of(from, VERDICT, verdict_words, VERDICT_COUNT, -1);
	row->certainty =
		word_of(from, CERTAINTY, certainty_words, CERTAINTY_COUNT, -1);
	row->resident_bytes = bytes_of(from, RESIDENT);
	row->requested_bytes = bytes_of(from, REQUESTED);
}

static void event_of(sqlite3_stmt *from, struct event *out)
{
	if (read_record(sqlite3_column_value(from, LAYOUT),
		    sqlite3_column_value(from, SIZE),
		    sqlite3_column_value(from, RECORD), out))
		return;
	memset(out, 0, sizeof(*out));
	row_of(from, &out->row);
	out->row_alone = true;
	out->synthetic = sqlite3_column_int(from, SYNTHETIC) != 0;
	out->master_gone = sqlite3_column_int(from, MASTER_GONE) != 0;
}

int archive_find(sqlite3 *db, const char *id, struct event *out)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM events WHERE id = ?1";
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
		code = sqlite3_step(statement);
	}
	if (code == SQLITE_ROW)
		event_of(statement, out);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

/* As query_has() and query_order(); a term that is not asked for is left out,
 * so that the index is walked from where the page begins. */
static void list_sql(const struct query *query, char *sql, size_t size)
{
	(void)snprintf(sql, size,
		"SELECT " COLUMNS " FROM events WHERE at_ms >= ?1%s%s%s"
		" ORDER BY at_ms DESC, id DESC LIMIT ?2",
		query->before_id[0] ? " AND (at_ms, id) < (?3, ?4)" : "",
		query->verdict == QUERY_ANY ? "" : " AND verdict = ?5",
		query->outcome == QUERY_ANY ? "" : " AND outcome = ?6");
}

int archive_list(
	sqlite3 *db, const struct query *query, struct event_row *rows, int max)
{
	sqlite3_stmt *statement;
	int code, count = 0;
	char sql[640];

	list_sql(query, sql, sizeof(sql));
	code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (code != SQLITE_OK)
		return -1;
	sqlite3_bind_int64(statement, 1, query->since_ms);
	sqlite3_bind_int(statement, 2, max);
	sqlite3_bind_int64(statement, 3, query->before_ms);
	sqlite3_bind_text(statement, 4, query->before_id, -1, SQLITE_STATIC);
	if (query->verdict != QUERY_ANY)
		sqlite3_bind_text(statement, 5, verdict_words[query->verdict],
			-1, SQLITE_STATIC);
	if (query->outcome != QUERY_ANY)
		sqlite3_bind_text(statement, 6,
			load_outcome_words[query->outcome], -1, SQLITE_STATIC);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW && count < max)
		row_of(statement, &rows[count++]);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? count : -1;
}

int archive_rescue(sqlite3 *from, sqlite3 *to)
{
	counts_rescue(from, to); /* what is counted is not counted again */
	return rescue_rows(from, to,
		"SELECT " COLUMNS " FROM events ORDER BY serial", insert_event);
}
