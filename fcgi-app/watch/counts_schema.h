/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_COUNTS_SCHEMA_H
#define OOMLAB_WATCH_COUNTS_SCHEMA_H

/*
 * The tables of watch/counts.h, a step of watch/database.c. An event may be
 * written again, after a restart or with a better verdict, so which names it
 * was counted under is kept as long as the event. What is there when the step
 * is taken is counted by it.
 */
#define COUNTS_IS_COUNTED "kind IN ('killed','idle-death','bystander')"

#define COUNTS_NAME(row)                                                       \
	"CASE " row "kind WHEN 'bystander' THEN 'bystander'"                   \
	" ELSE " row "verdict END"

#define COUNTS_EVENT                                                           \
	" ON events WHEN NEW." COUNTS_IS_COUNTED " BEGIN"                      \
	" INSERT INTO events_counted SELECT NEW.id, name FROM"                 \
	" (SELECT " COUNTS_NAME(                                               \
		"NEW.") " AS name)"                                            \
			" WHERE name IS NOT NULL AND NOT EXISTS (SELECT 1 "    \
			"FROM"                                                 \
			" events_counted AS old WHERE old.id = NEW.id"         \
			" AND old.name = " COUNTS_NAME("NEW.") "); END;"

#define COUNTS_SCHEMA                                                          \
	"CREATE TABLE event_counts (name TEXT PRIMARY KEY,"                    \
	" events INTEGER NOT NULL) WITHOUT ROWID;"                             \
	"CREATE TABLE events_counted (id TEXT NOT NULL, name TEXT NOT NULL,"   \
	" PRIMARY KEY (id, name)) WITHOUT ROWID;"                              \
	"CREATE TABLE load_counts (outcome TEXT PRIMARY KEY,"                  \
	" ended INTEGER NOT NULL, seen INTEGER NOT NULL,"                      \
	" generation INTEGER NOT NULL, ring_head INTEGER NOT NULL)"            \
	" WITHOUT ROWID;"                                                      \
	"CREATE TRIGGER event_counted AFTER INSERT ON events_counted BEGIN"    \
	" INSERT INTO event_counts SELECT NEW.name, 0 WHERE NOT EXISTS"        \
	" (SELECT 1 FROM event_counts WHERE name = NEW.name);"                 \
	" UPDATE event_counts SET events = events + 1"                         \
	" WHERE name = NEW.name; END;"                                         \
	"CREATE TRIGGER event_added AFTER INSERT" COUNTS_EVENT                 \
	"CREATE TRIGGER event_changed AFTER UPDATE" COUNTS_EVENT               \
	"CREATE TRIGGER event_removed AFTER DELETE ON events BEGIN"            \
	" DELETE FROM events_counted WHERE id = OLD.id; END;"                  \
	"INSERT INTO events_counted SELECT id, " COUNTS_NAME(                  \
		"") " FROM events WHERE " COUNTS_IS_COUNTED                    \
		    " AND " COUNTS_NAME("") " IS NOT NULL;"

#endif
