/* SPDX-License-Identifier: MIT */
/*
 * One thread writes, so that nobody else ever waits for the disk: what comes
 * while a transaction is under way is the next one, and a storm of a hundred
 * kills is four of them. Whatever fails, the events stay in memory, each gets
 * a line on stderr, and every second it is tried again.
 */
#include "watch/keeper.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "http/problem.h"
#include "watch/archive.h"
#include "watch/connections.h"
#include "watch/sample_archive.h"
#include "watch/store_parts.h"

#define TIDY_US 60000000

static void say(const char *what, const char *detail)
{
	char line[640];

	http_show(detail, line, sizeof(line));
	fprintf(stderr, "oomlab watch: %s%s\n", what, line);
}

static void set_state(struct store *store, enum store_state state,
	const struct database_fault *fault)
{
	bool changed;

	pthread_mutex_lock(&store->lock);
	changed = store->health.state != state;
	store->health.state = state;
	if (fault)
		store->health.fault = *fault;
	pthread_cond_broadcast(&store->settled);
	pthread_mutex_unlock(&store->lock);
	if (changed && state == STORE_FAILS)
		say("events are kept in memory alone: ", fault->says);
	else if (changed && state == STORE_WORKS)
		say("events are kept in ", store->path);
}

/* What one transaction writes, and where its events were taken from. */
struct batch {
	struct store_taken taken[STORE_BATCH];
	int count;
	struct counts_change counts;
};

/* False: there is nothing to write. */
static bool take_batch(struct store *store, struct batch *batch)
{
	bool any;
	int count = 0;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < STORE_EVENTS && count < STORE_BATCH; i++) {
		struct store_entry *entry = &store->entries[i];

		if (entry->serial == 0 || entry->saved)
			continue;
		store->batch[count] = entry->event;
		batch->taken[count++] =
			(struct store_taken){entry, entry->serial,
				entry->change, entry->name, entry->counted};
	}
	batch->count = count;
	any = store_counts_owed(store, &batch->counts) || count > 0;
	store->health.writing_since_us = any ? scoreboard_now_us() : 0;
	pthread_mutex_unlock(&store->lock);
	return any;
}

/* One that was put in its place meanwhile is for the next batch. */
static void give_batch(
	struct store *store, const struct batch *batch, bool saved)
{
	const struct store_taken *taken = batch->taken;

	pthread_mutex_lock(&store->lock);
	for (int i = 0; i < batch->count; i++)
		taken[i].entry->saved |=
			saved && taken[i].entry->change == taken[i].change;
	if (saved)
		store_counts_done(store, taken, batch->count, &batch->counts);
	store->health.writing_since_us = 0;
	pthread_cond_broadcast(&store->settled);
	pthread_mutex_unlock(&store->lock);
}

static int write_samples(struct store *store, struct database_fault *fault)
{
	size_t size;

	while ((size = samples_unsaved(&store->samples, store->sample_batch,
			STORE_BATCH_BYTES)) > 0) {
		if (sample_archive_write(store->writer, store->sample_batch,
			    size, fault) < 0)
			return -1;
		samples_saved(&store->samples, store->sample_batch, size);
	}
	return 0;
}

/* Old samples go once a minute, also after the clock was set back; there is
 * always another minute. */
static void tidy_samples(struct store *store)
{
	struct database_fault ignored;
	int64_t now_us = scoreboard_now_us();

	if (now_us - store->tidied_us < TIDY_US)
		return;
	store->tidied_us = now_us;
	(void)sample_archive_tidy(store->writer, scoreboard_now_ms(),
		store->keep_ms, &store->thinned_ms, &ignored);
}

static int write_all(struct store *store, struct database_fault *fault)
{
	struct batch batch;
	int result = 0;

	while (result == 0 && take_batch(store, &batch)) {
		result = archive_write(store->writer, store->batch, batch.count,
			&batch.counts, fault);
		give_batch(store, &batch, result == 0);
	}
	return result == 0 ? write_samples(store, fault) : result;
}

/* Each event that is not in the database, once. */
static void tell_unsaved(struct store *store)
{
	struct event_row row;
	uint64_t change;
	char line[700];

	store_counts_stand_in(store);
	for (int i = 0; i < STORE_EVENTS; i++) {
		struct store_entry *entry = &store->entries[i];
		bool due;

		pthread_mutex_lock(&store->lock);
		due = entry->serial > 0 && !entry->saved && !entry->told;
		row = entry->event.row;
		change = entry->change;
		pthread_mutex_unlock(&store->lock);
		if (!due)
			continue;
		(void)snprintf(line, sizeof(line), "%s %s: %s", row.url,
			event_kind_words[row.kind], row.detail);
		say("kept in memory alone: ", line);
		pthread_mutex_lock(&store->lock);
		entry->told |= entry->change == change;
		pthread_cond_broadcast(&store->settled);
		pthread_mutex_unlock(&store->lock);
	}
}

/* Whether a reader met damage; what is added from now on is another round's. */
static bool take_suspicion(struct store *store)
{
	bool suspect;

	pthread_mutex_lock(&store->lock);
	suspect = store->suspect;
	store->suspect = store->stirred = false;
	pthread_mutex_unlock(&store->lock);
	return suspect;
}

/* Opens what is not open, then writes. Damage that is met only now should be
 * seen by the opening that follows, and dealt with there; if not, it is
 * believed when it is met again. */
static int try(struct store *store, struct database_fault *fault)
{
	int result = 0;

	for (int tries = 0; tries < 3; tries++) {
		if (!store->writer)
			result = connections_open(store, tries == 2, fault);
		if (result == 0)
			result = write_all(store, fault);
		if (result == 0)
			return 0;
		connections_give_up(store, fault);
		if (!database_is_damage(fault))
			break;
	}
	return result;
}

bool keeper_round(struct store *store)
{
	struct database_fault fault = {.code = SQLITE_OK};

	if (take_suspicion(store) || connections_are_stale(store))
		connections_give_up(store,
			&(struct database_fault){.code = SQLITE_CORRUPT});
	if (try(store, &fault) < 0) {
		store_counts_stand_in(store); /* before anybody is shown any */
		set_state(store, STORE_FAILS, &fault);
		tell_unsaved(store);
		return false;
	}
	set_state(store, STORE_WORKS, NULL);
	tidy_samples(store);
	connections_carry_over(store);
	return true;
}

/* Until there is something to do; after a failure until it is time to try
 * again, and who comes meanwhile is told of. False: it is to end. The lock is
 * held. */
static bool await_work(struct store *store, bool works)
{
	struct timespec until;
	int fault = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += KEEPER_RETRY_MS / 1000;
	while (!store->stopping && works && !store->stirred)
		pthread_cond_wait(&store->work, &store->lock);
	while (!store->stopping && !works && fault == 0) {
		if (store->stirred) {
			store->stirred = false;
			pthread_mutex_unlock(&store->lock);
			tell_unsaved(store);
			pthread_mutex_lock(&store->lock);
		}
		fault = pthread_cond_timedwait(
			&store->work, &store->lock, &until);
	}
	return !store->stopping;
}

void *keeper_run(void *context)
{
	struct store *store = context;
	bool goes_on = true;

	while (goes_on) {
		bool works = keeper_round(store);

		pthread_mutex_lock(&store->lock);
		goes_on = await_work(store, works);
		pthread_mutex_unlock(&store->lock);
	}
	(void)keeper_round(store); /* what came since the last one */
	return NULL;
}
