/* SPDX-License-Identifier: MIT */
/*
 * Events in memory: an array of a fixed size, searched from end to end. A
 * thousand ids are compared in some microseconds, at most a few times for each
 * kill, so there is nothing to index. Taken whole at the start, for the watch
 * must not grow with the storms that it tells of. It is the queue before the
 * database, and its stand-in when that fails.
 */
#include "watch/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "watch/connections.h"
#include "watch/keeper.h"
#include "watch/store_parts.h"

#define STORE_BYTES                                                            \
	(STORE_EVENTS * sizeof(struct store_entry) +                           \
		STORE_BATCH * sizeof(struct event) + STORE_BATCH_BYTES +       \
		STORE_EVENTS * sizeof(struct store_found))
#define END_WAIT_MS 2000 /* for the keeper */

static int start_locks(struct store *store)
{
	pthread_condattr_t monotonic;

	if (pthread_condattr_init(&monotonic) != 0)
		return -1;
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&store->work, &monotonic);
	pthread_cond_init(&store->settled, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&store->reading, NULL);
	return pthread_mutex_init(&store->lock, NULL) == 0 ? 0 : -1;
}

/* Not by malloc: zeros from there are pages that are not there yet. */
int store_open(struct store *store, const char *directory)
{
	void *memory = mmap(NULL, STORE_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	memset(store, 0, sizeof(*store));
	if (memory == MAP_FAILED)
		return -1;
	store->entries = memory;
	store->batch = (void *)&store->entries[STORE_EVENTS];
	store->found = (void *)&store->batch[STORE_BATCH];
	store->sample_batch = &store->found[STORE_EVENTS];
	if (samples_open(&store->samples) < 0)
		return -1;
	if (!directory)
		return start_locks(store);
	store->health.state = STORE_OPENING;
	store->counts.kept = -1;
	if (snprintf(store->path, sizeof(store->path), "%s/" DATABASE_FILE,
		    directory) >= (int)sizeof(store->path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return start_locks(store);
}

int store_start(struct store *store, const pthread_attr_t *attributes)
{
	if (store->path[0] == '\0')
		return 0;
	errno = pthread_create(&store->keeper, attributes, keeper_run, store);
	store->has_keeper = errno == 0;
	return store->has_keeper ? 0 : -1;
}

void store_deadline(int ms, clockid_t clock, struct timespec *out)
{
	clock_gettime(clock, out);
	out->tv_nsec += (long)(ms % 1000) * 1000000;
	out->tv_sec += ms / 1000 + out->tv_nsec / 1000000000;
	out->tv_nsec %= 1000000000;
}

void store_stir(struct store *store)
{
	pthread_mutex_lock(&store->lock);
	store->stirred = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
}

/* A keeper that a disk holds up is left to the end of the process. */
static bool end_keeper(struct store *store)
{
	struct timespec until;

	if (!store->has_keeper)
		return true;
	pthread_mutex_lock(&store->lock);
	store->stopping = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
	store_deadline(END_WAIT_MS, CLOCK_REALTIME, &until);
	return pthread_timedjoin_np(store->keeper, NULL, &until) == 0;
}

void store_close(struct store *store)
{
	if (!end_keeper(store))
		return;
	connections_close(store);
	pthread_mutex_destroy(&store->lock);
	pthread_mutex_destroy(&store->reading);
	pthread_cond_destroy(&store->work);
	pthread_cond_destroy(&store->settled);
	munmap(store->entries, STORE_BYTES);
	store->entries = NULL;
	samples_close(&store->samples);
}

struct store_entry *store_entry_of(const struct store *store, const char *id)
{
	for (int i = 0; i < STORE_EVENTS; i++) {
		struct store_entry *entry = &store->entries[i];

		if (entry->serial > 0 && strcmp(entry->event.row.id, id) == 0)
			return entry;
	}
	return NULL;
}

/* Whether a is to go before b: what is free, then what the database has, then
 * what is no kill, then the older one. */
static bool goes_before(
	const struct store_entry *a, const struct store_entry *b)
{
	bool kill_a = event_is_kill(&a->event),
	     kill_b = event_is_kill(&b->event);

	if (a->serial == 0 || b->serial == 0)
		return a->serial == 0;
	if (a->saved != b->saved)
		return a->saved;
	if (kill_a != kill_b)
		return kill_b;
	return a->serial < b->serial;
}

static struct store_entry *room(const struct store *store)
{
	struct store_entry *first = &store->entries[0];

	for (int i = 1; i < STORE_EVENTS; i++) {
		if (first->serial == 0)
			break;
		if (goes_before(&store->entries[i], first))
			first = &store->entries[i];
	}
	return first;
}

static void put(struct store *store, struct store_entry *entry,
	const struct event *event)
{
	entry->event = *event;
	entry->change++;
	entry->saved = entry->told = false;
	store->stirred = true;
	pthread_cond_signal(&store->work);
}

void store_add(struct store *store, const struct event *event)
{
	struct store_entry *entry;

	pthread_mutex_lock(&store->lock);
	entry = store_entry_of(store, event->row.id);
	if (!entry) {
		entry = room(store);
		store->health.dropped += entry->serial > 0 && !entry->saved &&
					 store->path[0] != '\0';
		store_counts_leave(store, entry);
		entry->serial = ++store->serial;
		store_counts_place(store, entry, event, true);
		put(store, entry, event);
	} else if (event_is_better(event, &entry->event)) {
		store_counts_place(store, entry, event, false);
		put(store, entry, event);
	}
	pthread_mutex_unlock(&store->lock);
}

/* A disk that has not moved for that long moves for nobody. */
static bool is_stuck(const struct store_health *health)
{
	return health->writing_since_us > 0 &&
	       scoreboard_now_us() - health->writing_since_us >
		       STORE_SETTLE_MS * INT64_C(1000);
}

bool store_settle(struct store *store, const char *id)
{
	const struct store_entry *entry;
	struct timespec until;
	bool saved = false;
	int fault = 0;

	if (store->path[0] == '\0')
		return false;
	store_deadline(STORE_SETTLE_MS, CLOCK_MONOTONIC, &until);
	pthread_mutex_lock(&store->lock);
	while (fault == 0 && (entry = store_entry_of(store, id))) {
		saved = entry->saved;
		if (saved || entry->told || is_stuck(&store->health))
			break;
		fault = pthread_cond_timedwait(
			&store->settled, &store->lock, &until);
	}
	pthread_mutex_unlock(&store->lock);
	return saved;
}

void store_health(struct store *store, struct store_health *out, int *unsaved)
{
	*unsaved = 0;
	pthread_mutex_lock(&store->lock);
	*out = store->health;
	for (int i = 0; i < STORE_EVENTS; i++)
		*unsaved += store->entries[i].serial > 0 &&
			    !store->entries[i].saved;
	pthread_mutex_unlock(&store->lock);
	if (out->state == STORE_WORKS && is_stuck(out)) {
		out->state = STORE_FAILS;
		(void)snprintf(out->fault.says, sizeof(out->fault.says),
			"a write has been under way for %lld s",
			(long long)(scoreboard_now_us() -
				    out->writing_since_us) /
				1000000);
	}
}
