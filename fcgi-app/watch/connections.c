/* SPDX-License-Identifier: MIT */
/*
 * Every opening has all that is in memory written once more: the file may be
 * another one now, and what is in it already stays as it is. What is damaged
 * is moved aside and what can still be read of it taken over, so that a bad
 * page costs the events on it and no others.
 */
#include "watch/connections.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "http/problem.h"
#include "watch/archive.h"
#include "watch/sample_archive.h"
#include "watch/store_parts.h"

#define LOG_PAGES 256 /* 1 MiB: then the log is carried over */
#define ASIDE_MOST                                                             \
	8 /* files moved aside in one life: a disk that damages
			  each is not to be filled up */

static void close_reader(struct store *store)
{
	pthread_mutex_lock(&store->reading);
	database_close(store->reader, false);
	store->reader = NULL;
	pthread_mutex_unlock(&store->reading);
}

static int count_log(void *context, sqlite3 *db, const char *name, int pages)
{
	struct store *store = context;

	(void)db, (void)name;
	store->log_pages = pages;
	return SQLITE_OK;
}

/* All that is in memory is to be written, wherever it was before. */
static void nothing_is_saved(struct store *store)
{
	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS; i++)
		store->entries[i].saved = false;
	pthread_mutex_unlock(&store->lock);
	samples_unsave(&store->samples);
	store->thinned_ms = 0;
}

static int open_writer(struct store *store, struct database_fault *fault)
{
	struct stat st;

	if (database_open(store->path, &store->writer, fault) < 0)
		return -1;
	if (stat(store->path, &st) == 0) {
		store->device = st.st_dev;
		store->inode = st.st_ino;
	}
	store->log_pages = 0;
	sqlite3_wal_hook(store->writer, count_log, store);
	(void)archive_prepare(store->writer); /* else no write succeeds */
	nothing_is_saved(store);
	return 0;
}

static void note_aside(struct store *store, const char *aside,
	const struct database_fault *why, int rescued)
{
	struct store_health *health = &store->health;
	char says[300];

	pthread_mutex_lock(&store->lock);
	health->aside_count++;
	health->rescued = rescued;
	(void)snprintf(health->aside, sizeof(health->aside), "%s", aside);
	health->aside_why = *why;
	pthread_mutex_unlock(&store->lock);
	http_show(why->says, says, sizeof(says));
	fprintf(stderr,
		"oomlab watch: the database was damaged (%s) and is now %s; "
		"events read from it: %d\n",
		says, aside, rescued);
}

/* Moves what is damaged aside, and begins another with what it still tells. */
static int replace(struct store *store, struct database_fault *fault)
{
	struct database_fault why = *fault;
	sqlite3 *old = NULL;
	char aside[320];
	int rescued = 0;

	if (store->health.aside_count >= ASIDE_MOST)
		return -1;
	if (database_move_aside(store->path, aside, sizeof(aside)) < 0) {
		(void)snprintf(fault->says, sizeof(fault->says),
			"%.140s; not moved aside: %s", why.says,
			strerror(errno));
		return -1;
	}
	if (open_writer(store, fault) < 0)
		return -1;
	if (database_open_damaged(aside, &old) == 0)
		rescued = archive_rescue(old, store->writer);
	if (old)
		(void)sample_archive_rescue(old, store->writer);
	database_close(old, true);
	note_aside(store, aside, &why, rescued);
	return 0;
}

/* The reader first gives way: a wal-index that it could only map for reading
 * is the whole process's. Who wants to read waits so long. */
int connections_open(
	struct store *store, bool bad, struct database_fault *fault)
{
	struct database_fault ignored;
	int result = -1;

	pthread_mutex_lock(&store->reading);
	database_close(store->reader, bad);
	store->reader = NULL;
	if (!bad)
		result = open_writer(store, fault);
	if (result < 0 && database_is_damage(fault))
		result = replace(store, fault);
	if (result == 0 && store_counts_join(store, fault) < 0) {
		database_close(store->writer, database_is_damage(fault));
		store->writer = NULL;
		result = -1;
	}
	(void)database_open_reading(store->path, &store->reader, &ignored);
	pthread_mutex_unlock(&store->reading);
	return result;
}

bool connections_are_stale(const struct store *store)
{
	struct stat st;

	if (!store->writer)
		return false;
	return stat(store->path, &st) < 0 || st.st_dev != store->device ||
	       st.st_ino != store->inode;
}

/* Whether the same connection may well do when it is tried again. */
static bool may_pass(const struct database_fault *fault)
{
	return fault->code == SQLITE_FULL || fault->code == SQLITE_BUSY ||
	       fault->code == SQLITE_NOMEM;
}

/* The readers' connection may still be good, but not if the file is bad. */
void connections_give_up(
	struct store *store, const struct database_fault *fault)
{
	bool damage = database_is_damage(fault);

	if (may_pass(fault))
		return;
	if (damage)
		close_reader(store);
	database_close(store->writer, damage);
	store->writer = NULL;
}

/* Not within a commit, for somebody waits for that; and this one may wait. */
void connections_carry_over(struct store *store)
{
	if (store->log_pages < LOG_PAGES)
		return;
	(void)sqlite3_wal_checkpoint_v2(
		store->writer, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	store->log_pages = 0;
}

void connections_close(struct store *store)
{
	close_reader(store);
	database_close(store->writer, store->suspect);
	store->writer = NULL;
}
