/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_DATABASE_H
#define OOMLAB_WATCH_DATABASE_H

/*
 * The one file in OOMLAB_STATE, whatever is kept in it: opened, checked, moved
 * aside. SQLite (sqlite.org/c3ref, /wal.html, /pragma.html). A connection
 * belongs to one thread at a time.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#define DATABASE_FILE "oomlab.db" /* in OOMLAB_STATE */

struct database_fault {
	int code;	/* SQLite's primary result code; SQLITE_OK: none */
	char says[200]; /* its words, and the system's */
};

/* Opens it for writing, makes it if it is not there, brings an older schema up
 * to date, and has it checked: that reads all of it. 0 with *out, or -1 with
 * fault: SQLITE_READONLY where it can only be read; SQLITE_CORRUPT or _NOTADB
 * for what is damaged, not ours or of a later schema. */
int database_open(
	const char *path, sqlite3 **out, struct database_fault *fault);

/* For reading, also where nothing can be written; unchecked. */
int database_open_reading(
	const char *path, sqlite3 **out, struct database_fault *fault);

/* For reading what is left of it: 0, or -1. Close *out in any case. */
int database_open_damaged(const char *path, sqlite3 **out);

/* NULL is nothing to close. as_it_is: the log is not carried over into the
 * file, for that is damaged and evidence. */
void database_close(sqlite3 *database, bool as_it_is);

/* What db says of its last failure, of that result code. */
void database_blame(sqlite3 *db, int code, struct database_fault *fault);

/* Ends a transaction whose last step gave code: commits it, 0; or undoes it, -1
 * with fault. */
int database_end(sqlite3 *db, int code, struct database_fault *fault);

/* Whether the file is at fault, not the room, rights or device it is on. */
bool database_is_damage(const struct database_fault *fault);

/* Renames the file and its log to PATH.damaged-TIME, which goes to aside; no
 * connection may be open. 0, or -1 with errno. */
int database_move_aside(const char *path, char *aside, size_t size);

#endif
