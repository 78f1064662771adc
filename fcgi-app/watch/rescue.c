/* SPDX-License-Identifier: MIT */
/*
 * A table is read from both its ends, each time up to where the damage begins:
 * so a bad page costs what stands on it, and no more.
 */
#include "watch/rescue.h"

#include <stdio.h>

#include "watch/database.h"

#define SQL_MAX 512

static int copy_until_damage(
	sqlite3 *from, sqlite3 *to, const char *select, const char *insert)
{
	sqlite3_stmt *read = NULL, *write = NULL;
	int count = 0;

	if (sqlite3_prepare_v2(from, select, -1, &read, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(to, insert, -1, &write, NULL) == SQLITE_OK) {
		while (sqlite3_step(read) == SQLITE_ROW) {
			for (int i = 0; i < sqlite3_column_count(read); i++)
				sqlite3_bind_value(write, i + 1,
					sqlite3_column_value(read, i));
			count += sqlite3_step(write) == SQLITE_DONE &&
				 sqlite3_changes(to) > 0;
			sqlite3_reset(write);
		}
	}
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	return count;
}

int rescue_rows(
	sqlite3 *from, sqlite3 *to, const char *select, const char *insert)
{
	struct database_fault ignored;
	char backwards[SQL_MAX];
	int count;

	(void)snprintf(backwards, sizeof(backwards), "%s DESC", select);
	if (sqlite3_exec(to, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return 0;
	count = copy_until_damage(from, to, backwards, insert);
	count += copy_until_damage(from, to, select, insert);
	return database_end(to, SQLITE_OK, &ignored) == 0 ? count : 0;
}
