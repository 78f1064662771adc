/* SPDX-License-Identifier: MIT */
/*
 * SQLite as the watch needs it. A write-ahead log, so that a reader never
 * waits for the writer; synchronous=NORMAL, so that a commit is a write into
 * the page cache and waits for no disk: what was committed outlives any
 * process, kill -9 included, and after a power cut the file is whole and lacks
 * its last commits at most. Small caches and no mapped file: the watch must
 * stay small, and a mapped file that is cut short is a SIGBUS. The log is
 * carried over into the file when the writer has nothing better to do, never
 * within a commit that somebody waits for.
 */
#include "watch/database.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "watch/counts_schema.h"

#define OURS	1869573484 /* PRAGMA application_id: "ooml" */
#define BUSY_MS 500	   /* somebody looks at it by the sqlite3 shell */

static const char settings[] =
	"PRAGMA cache_size=-64; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
	"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

static const char writing[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	"PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=4194304;";

/* A row takes the schema one version up; PRAGMA user_version is how many were
 * taken. What is there is never changed, only added to. */
static const char *const steps[] = {
	/* 1: events. record is bytes of watch/pack.h, of that layout. */
	"CREATE TABLE events (serial INTEGER PRIMARY KEY,"
	" id TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL,"
	" is_kill INTEGER NOT NULL, kind TEXT NOT NULL, outcome TEXT,"
	" verdict TEXT, certainty TEXT, resident_bytes INTEGER,"
	" requested_bytes INTEGER, detail TEXT NOT NULL,"
	" synthetic INTEGER NOT NULL, master_gone INTEGER NOT NULL,"
	" layout INTEGER NOT NULL, size INTEGER NOT NULL, record BLOB);"
	"CREATE INDEX events_listed ON events (at_ms, id, verdict, outcome);"
	"CREATE INDEX events_leaving ON events (is_kill, at_ms, id);",
	/* 2: samples. record is bytes of watch/sample_pack.h. */
	"CREATE TABLE samples (at_ms INTEGER PRIMARY KEY,"
	" usage_bytes INTEGER, available_bytes INTEGER, record BLOB NOT NULL);",
	/* 3: what is counted. */
	COUNTS_SCHEMA,
};

enum { SCHEMA = sizeof(steps) / sizeof(steps[0]) };

void database_blame(sqlite3 *db, int code, struct database_fault *fault)
{
	int number = db ? sqlite3_system_errno(db) : 0;

	fault->code = code & 0xff;
	(void)snprintf(fault->says, sizeof(fault->says), "%s%s%s%s",
		db ? sqlite3_errmsg(db) : sqlite3_errstr(code),
		number ? " (" : "", number ? strerror(number) : "",
		number ? ")" : "");
}

int database_end(sqlite3 *db, int code, struct database_fault *fault)
{
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		return 0;
	database_blame(db, code, fault); /* before its words are others */
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

bool database_is_damage(const struct database_fault *fault)
{
	return fault->code == SQLITE_CORRUPT || fault->code == SQLITE_NOTADB;
}

/* The first value of the first row as a number; -1 with fault. */
static int64_t ask(sqlite3 *db, const char *sql, struct database_fault *fault)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = -1;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	else
		database_blame(db, code, fault);
	sqlite3_finalize(statement);
	return value;
}

static int run(sqlite3 *db, const char *sql, struct database_fault *fault)
{
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	if (code == SQLITE_OK)
		return 0;
	database_blame(db, code, fault);
	return -1;
}

/* SQLite opens what it may not write for reading, and says nothing. */
static int check_writable(sqlite3 *db, struct database_fault *fault)
{
	if (sqlite3_db_readonly(db, "main") != 1)
		return 0;
	fault->code = SQLITE_READONLY;
	(void)snprintf(fault->says, sizeof(fault->says), "%s",
		sqlite3_errstr(SQLITE_READONLY));
	return -1;
}

static int not_ours(struct database_fault *fault, int64_t schema)
{
	fault->code = SQLITE_NOTADB;
	if (schema > SCHEMA)
		(void)snprintf(fault->says, sizeof(fault->says),
			"its schema is version %lld, later than this "
			"program's %d",
			(long long)schema, (int)SCHEMA);
	else
		(void)snprintf(fault->says, sizeof(fault->says),
			"it is some other program's database");
	return -1;
}

static int upgrade(sqlite3 *db, int64_t from, struct database_fault *fault)
{
	char marks[128];

	for (int64_t i = from; i < SCHEMA; i++) {
		(void)snprintf(marks, sizeof(marks),
			"PRAGMA application_id=%d; PRAGMA user_version=%lld;"
			"COMMIT;",
			OURS, (long long)i + 1);
		if (run(db, "BEGIN IMMEDIATE", fault) < 0 ||
			run(db, steps[i], fault) < 0 ||
			run(db, marks, fault) < 0)
			return -1; /* closed now, which rolls it back */
	}
	return 0;
}

static int check_schema(sqlite3 *db, struct database_fault *fault)
{
	int64_t tables = ask(db, "SELECT count(*) FROM sqlite_schema", fault);
	int64_t owner = ask(db, "PRAGMA application_id", fault);
	int64_t schema = ask(db, "PRAGMA user_version", fault);

	if (tables < 0 || owner < 0 || schema < 0)
		return -1;
	if ((tables > 0 && owner != OURS) || schema > SCHEMA)
		return not_ours(fault, schema);
	return upgrade(db, tables > 0 ? schema : 0, fault);
}

/* quick_check says "ok", or in one line what is wrong. */
static int check_whole(sqlite3 *db, struct database_fault *fault)
{
	sqlite3_stmt *statement = NULL;
	const char *text = NULL;
	int code = sqlite3_prepare_v2(
		db, "PRAGMA quick_check(1)", -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		text = (const char *)sqlite3_column_text(statement, 0);
	else
		database_blame(db, code, fault);
	if (text && strcmp(text, "ok") != 0) {
		fault->code = SQLITE_CORRUPT;
		(void)snprintf(
			fault->says, sizeof(fault->says), "%.150s", text);
		for (char *at = fault->says; *at; at++) /* its own lines */
			*at = *at == '\n' ? ' ' : *at;
	}
	code = text && strcmp(text, "ok") == 0 ? 0 : -1;
	sqlite3_finalize(statement);
	return code;
}

static int connect_to(const char *path, int flags, sqlite3 **out,
	struct database_fault *fault)
{
	int code =
		sqlite3_open_v2(path, out, flags | SQLITE_OPEN_NOMUTEX, NULL);

	*fault = (struct database_fault){.code = SQLITE_OK};
	if (code != SQLITE_OK) {
		database_blame(*out, code, fault);
	} else {
		sqlite3_busy_timeout(*out, BUSY_MS);
		if (run(*out, settings, fault) == 0)
			return 0;
	}
	database_close(*out, false);
	*out = NULL;
	return -1;
}

int database_open(const char *path, sqlite3 **out, struct database_fault *fault)
{
	sqlite3 *db;

	if (connect_to(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, out,
		    fault) < 0)
		return -1;
	db = *out;
	if (check_writable(db, fault) == 0 && run(db, writing, fault) == 0 &&
		check_schema(db, fault) == 0 && check_whole(db, fault) == 0)
		return 0;
	database_close(db, database_is_damage(fault));
	*out = NULL;
	return -1;
}

/* Where the directory cannot be written there may be no wal-index: the file is
 * then read as if nobody ever wrote it, which is so. */
int database_open_reading(
	const char *path, sqlite3 **out, struct database_fault *fault)
{
	static const char probe[] = "SELECT count(*) FROM events LIMIT 1";
	char uri[600];

	if (connect_to(path, SQLITE_OPEN_READONLY, out, fault) == 0) {
		if (ask(*out, probe, fault) >= 0)
			return 0;
		database_close(*out, false);
		*out = NULL;
	}
	if (strpbrk(path, "?#%") ||
		snprintf(uri, sizeof(uri), "file:%s?immutable=1", path) >=
			(int)sizeof(uri))
		return -1;
	if (fault->code != SQLITE_CANTOPEN && fault->code != SQLITE_READONLY)
		return -1;
	return connect_to(
		uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, out, fault);
}

/* By writable_schema a file that is shorter than it says is read all the same;
 * before anything else is asked of it. */
int database_open_damaged(const char *path, sqlite3 **out)
{
	struct database_fault fault;

	if (sqlite3_open_v2(path, out,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK)
		return -1;
	sqlite3_db_config(
		*out, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, (int *)NULL);
	return run(*out, settings, &fault);
}

void database_close(sqlite3 *database, bool as_it_is)
{
	if (database && as_it_is)
		sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
			(int *)NULL);
	sqlite3_close_v2(database);
}

/* SQLite finds the log of PATH at PATH-wal: it keeps its file's name. */
static int move_part(const char *path, const char *aside, const char *suffix)
{
	char from[600], to[700];

	(void)snprintf(from, sizeof(from), "%s%s", path, suffix);
	(void)snprintf(to, sizeof(to), "%s%s", aside, suffix);
	return rename(from, to);
}

int database_move_aside(const char *path, char *aside, size_t size)
{
	struct timespec now;
	char date[32];
	struct tm utc;
	struct stat st;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	(void)strftime(date, sizeof(date), "%Y%m%dT%H%M%S", &utc);
	(void)snprintf(aside, size, "%s.damaged-%s.%03ldZ", path, date,
		now.tv_nsec / 1000000);
	if (stat(aside, &st) == 0) {
		errno = EEXIST; /* within one millisecond: not twice */
		return -1;
	}
	if (move_part(path, aside, "") < 0)
		return -1;
	(void)move_part(path, aside, "-wal");
	(void)move_part(path, aside, "-shm");
	return 0;
}
