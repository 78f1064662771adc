/* SPDX-License-Identifier: MIT */
/*
 * One sample a second is 86,400 rows a day, of which thinning leaves a tenth.
 * What it keeps is chosen in SQL, by the two columns beside the packed sample
 * and by the events: a peak, a trough and the neighbours of a kill must not be
 * lost to a grid.
 */
#include "watch/sample_archive.h"

#include <string.h>

#include "watch/rescue.h"
#include "watch/sample_pack.h"

static const char insert[] =
	"INSERT OR IGNORE INTO samples"
	" (at_ms, usage_bytes, available_bytes, record) VALUES (?1,?2,?3,?4)";

static void bind_bytes(sqlite3_stmt *to, int column, int64_t bytes)
{
	if (bytes < 0)
		sqlite3_bind_null(to, column);
	else
		sqlite3_bind_int64(to, column, bytes);
}

static int insert_one(sqlite3_stmt *to, const struct packed_sample *one)
{
	struct status_worker workers[SCOREBOARD_SLOTS];
	struct sample sample;
	int code;

	sample_unpack(one->bytes, one->size, workers, &sample);
	sqlite3_bind_int64(to, 1, one->at_ms);
	bind_bytes(to, 2, sample.cgroup.usage_bytes);
	bind_bytes(to, 3, sample.host.memory.available_bytes);
	sqlite3_bind_blob(to, 4, one->bytes, (int)one->size, SQLITE_STATIC);
	code = sqlite3_step(to);
	sqlite3_reset(to);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int insert_all(sqlite3 *db, const void *list, size_t size)
{
	const char *at = list, *end = at + size;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, insert, -1, &statement, NULL);

	while (code == SQLITE_OK && at < end) {
		const struct packed_sample *one = (const void *)at;

		code = insert_one(statement, one);
		at += packed_sample_size(one->size);
	}
	sqlite3_finalize(statement);
	return code;
}

int sample_archive_write(sqlite3 *db, const void *list, size_t size,
	struct database_fault *fault)
{
	int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = insert_all(db, list, size);
	return database_end(db, code, fault);
}

/* Appends a row to a list; false when it does not fit. */
static bool append(sqlite3_stmt *from, char *out, size_t size, size_t *used)
{
	const void *record = sqlite3_column_blob(from, 1);
	struct packed_sample head = {sqlite3_column_int64(from, 0),
		(uint32_t)sqlite3_column_bytes(from, 1)};
	size_t whole = packed_sample_size(head.size);

	if (*used + whole > size)
		return false;
	memcpy(out + *used, &head, sizeof(head));
	if (record)
		memcpy(out + *used + offsetof(struct packed_sample, bytes),
			record, head.size);
	*used += whole;
	return true;
}

ssize_t sample_archive_copy(
	sqlite3 *db, int64_t after_ms, int64_t to_ms, void *out, size_t size)
{
	static const char sql[] =
		"SELECT at_ms, record FROM samples WHERE at_ms > ?1"
		" AND at_ms <= ?2 AND length(record) <= ?3 ORDER BY at_ms";
	sqlite3_stmt *statement;
	size_t used = 0;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, after_ms);
		sqlite3_bind_int64(statement, 2, to_ms);
		sqlite3_bind_int(statement, 3, SAMPLE_PACK_MAX);
		do
			code = sqlite3_step(statement);
		while (code == SQLITE_ROW &&
			append(statement, out, size, &used));
	}
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? (ssize_t)used : -1;
}

int sample_archive_count(
	sqlite3 *db, int64_t from_ms, int64_t to_ms, int64_t step_ms, int most)
{
	static const char sql[] =
		"SELECT count(*) FROM (SELECT DISTINCT at_ms / ?4 FROM samples"
		" WHERE at_ms BETWEEN ?1 AND ?2 LIMIT ?3)";
	sqlite3_stmt *statement;
	int count = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, from_ms);
		sqlite3_bind_int64(statement, 2, to_ms);
		sqlite3_bind_int(statement, 3, most);
		sqlite3_bind_int64(statement, 4, step_ms);
		if (sqlite3_step(statement) == SQLITE_ROW)
			count = sqlite3_column_int(statement, 0);
	}
	sqlite3_finalize(statement);
	return count;
}

/* With a bare column beside it, max() and min() name the row they are of
 * (sqlite.org/lang_select.html, 2.5). */
static const char thin[] =
	"DELETE FROM samples WHERE at_ms >= ?1 AND at_ms < ?2 AND at_ms NOT IN"
	" (SELECT min(at_ms) FROM samples WHERE at_ms >= ?1 AND at_ms < ?2"
	"  GROUP BY at_ms / ?3"
	" UNION SELECT at_ms FROM (SELECT at_ms, max(usage_bytes) FROM samples"
	"  WHERE at_ms >= ?1 AND at_ms < ?2 GROUP BY at_ms / ?3)"
	" UNION SELECT at_ms FROM (SELECT at_ms, min(available_bytes)"
	"  FROM samples WHERE at_ms >= ?1 AND at_ms < ?2 GROUP BY at_ms / ?3)"
	" UNION SELECT coalesce((SELECT max(s.at_ms) FROM samples s"
	"  WHERE s.at_ms <= e.at_ms), 0) FROM events e WHERE e.is_kill = 1"
	"  AND e.at_ms >= ?1 AND e.at_ms < ?2 + ?3"
	" UNION SELECT coalesce((SELECT min(s.at_ms) FROM samples s"
	"  WHERE s.at_ms > e.at_ms), 0) FROM events e WHERE e.is_kill = 1"
	"  AND e.at_ms >= ?1 - ?3 AND e.at_ms < ?2)";

static int run(sqlite3 *db, const char *sql, int64_t from_ms, int64_t to_ms)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, from_ms);
		sqlite3_bind_int64(statement, 2, to_ms);
		sqlite3_bind_int64(statement, 3, SAMPLE_THIN_MS);
		code = sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

int sample_archive_tidy(sqlite3 *db, int64_t now_ms, int64_t keep_ms,
	int64_t *thinned_ms, struct database_fault *fault)
{
	static const char remove[] =
		"DELETE FROM samples WHERE at_ms >= ?1 AND at_ms < ?2";
	int64_t to_ms = now_ms - SAMPLE_WHOLE_MS;
	int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	to_ms -= to_ms % SAMPLE_THIN_MS; /* whole parts alone */
	if (code == SQLITE_OK && keep_ms > 0)
		code = run(db, remove, 0, now_ms - keep_ms);
	if (code == SQLITE_OK && to_ms > *thinned_ms)
		code = run(db, thin, *thinned_ms, to_ms);
	if (database_end(db, code, fault) < 0)
		return -1;
	*thinned_ms = to_ms;
	return 0;
}

int sample_archive_rescue(sqlite3 *from, sqlite3 *to)
{
	return rescue_rows(from, to,
		"SELECT at_ms, usage_bytes, available_bytes, record"
		" FROM samples ORDER BY at_ms",
		insert);
}
