/* SPDX-License-Identifier: MIT */
/*
 * A merge of two sources by time. From samples_whole_from() on memory has them
 * all; before that the database has, and memory only what a death brought late.
 * Memory forgets while a slow client reads: with each helping from there it is
 * found out anew what the database has to fill in.
 */
#include "watch/sample_reader.h"

#include <stdlib.h>
#include <string.h>

#include "watch/kills.h"
#include "watch/sample_archive.h"
#include "watch/sample_pack.h"
#include "watch/store_parts.h"

#define HELPING_BYTES 32768 /* fetched at once from a source */
#define KILLS_AHEAD   32

struct source {
	size_t used, at;    /* bytes that were fetched, and are dealt with */
	int64_t fetched_ms; /* up to when it was asked */
	int64_t to_ms;	    /* up to when it is to be */
	_Alignas(8) char bytes[HELPING_BYTES];
};

struct sample_reader {
	struct store *store;
	struct sample_query query;
	struct source database, memory;
	struct sample sample[2]; /* the one of a step, and the next */
	struct status_worker workers[2][SCOREBOARD_SLOTS];
	struct sample_kill ahead[KILLS_AHEAD]; /* kills not given yet */
	int ahead_count, ahead_at;
	struct sample_kill last_kill; /* the last that was fetched */
	bool kills_ended;	      /* all were */
	struct sample_kill *kills;    /* of the sample that is given */
	int32_t kill_count, kill_room;
};

/* What is older than they are kept is gone, though it may still lie about. */
static int64_t begin_of(
	const struct store *store, const struct sample_query *query)
{
	int64_t oldest_ms =
		store->keep_ms > 0 ? scoreboard_now_ms() - store->keep_ms : 0;

	return query->from_ms > oldest_ms ? query->from_ms : oldest_ms;
}

struct sample_reader *sample_reader_open(
	struct store *store, const struct sample_query *query)
{
	struct sample_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->store = store;
	reader->query = *query;
	reader->query.from_ms = begin_of(store, query);
	reader->database.fetched_ms = reader->query.from_ms - 1;
	reader->memory.fetched_ms = reader->query.from_ms - 1;
	reader->memory.to_ms = query->to_ms;
	reader->last_kill.at_ms = reader->query.from_ms;
	return reader;
}

void sample_reader_close(struct sample_reader *reader)
{
	if (!reader)
		return;
	free(reader->kills);
	free(reader);
}

static const struct packed_sample *peek(const struct source *source)
{
	return source->at < source->used
		       ? (const void *)(source->bytes + source->at)
		       : NULL;
}

static void step(struct source *source)
{
	const struct packed_sample *one = peek(source);

	if (one)
		source->at += packed_sample_size(one->size);
}

/* A source that was just asked for more. */
static void take_helping(struct source *source, size_t used)
{
	source->used = used;
	source->fetched_ms = source->to_ms;
	for (source->at = 0; source->at < used; step(source))
		source->fetched_ms = peek(source)->at_ms;
	source->at = 0;
}

static bool is_due(const struct source *source)
{
	return source->at >= source->used && source->fetched_ms < source->to_ms;
}

static void fetch_memory(struct sample_reader *reader)
{
	struct source *memory = &reader->memory, *database = &reader->database;
	int64_t had_ms = memory->fetched_ms, whole_ms;

	if (!is_due(memory))
		return;
	take_helping(memory,
		samples_copy(&reader->store->samples, had_ms, memory->to_ms,
			memory->bytes, sizeof(memory->bytes)));
	whole_ms = samples_whole_from(&reader->store->samples);
	database->to_ms =
		whole_ms <= memory->to_ms ? whole_ms - 1 : memory->to_ms;
	if (database->fetched_ms < had_ms)
		database->fetched_ms = had_ms;
}

static void fetch_database(struct sample_reader *reader)
{
	struct source *source = &reader->database;
	ssize_t used = 0;

	if (!is_due(source))
		return;
	if (store_lock_reader(reader->store)) {
		used = sample_archive_copy(reader->store->reader,
			source->fetched_ms, source->to_ms, source->bytes,
			sizeof(source->bytes));
		store_unlock_reader(reader->store, used < 0);
	}
	take_helping(source, used < 0 ? 0 : (size_t)used);
}

/* The next of either, and of two of the same time one. */
static bool next_packed(
	struct sample_reader *reader, const struct packed_sample **out)
{
	const struct packed_sample *old, *new;

	fetch_memory(reader);
	fetch_database(reader);
	old = peek(&reader->database);
	new = peek(&reader->memory);
	if (old && (!new || old->at_ms < new->at_ms)) {
		step(&reader->database);
		*out = old;
		return true;
	}
	if (old && new && old->at_ms == new->at_ms)
		step(&reader->database);
	step(&reader->memory);
	*out = new;
	return new != NULL;
}

/* The time of the next, without taking it; INT64_MAX at the end. */
static int64_t next_time(struct sample_reader *reader)
{
	int64_t soonest_ms = INT64_MAX;
	const struct packed_sample *one;

	fetch_memory(reader);
	fetch_database(reader);
	if ((one = peek(&reader->database)))
		soonest_ms = one->at_ms;
	if ((one = peek(&reader->memory)) && one->at_ms < soonest_ms)
		soonest_ms = one->at_ms;
	return soonest_ms;
}

static bool next_unpacked(struct sample_reader *reader, int slot)
{
	const struct packed_sample *packed;

	if (!next_packed(reader, &packed))
		return false;
	sample_unpack(packed->bytes, packed->size, reader->workers[slot],
		&reader->sample[slot]);
	reader->sample[slot].at_ms = packed->at_ms;
	return true;
}

static void keep_kill(
	struct sample_reader *reader, const struct sample_kill *kill)
{
	int32_t room = reader->kill_room ? 2 * reader->kill_room : 16;
	struct sample_kill *more;

	if (reader->kill_count == reader->kill_room) {
		more = realloc(reader->kills, (size_t)room * sizeof(*more));
		if (!more)
			return;
		reader->kills = more;
		reader->kill_room = room;
	}
	reader->kills[reader->kill_count++] = *kill;
}

static void fetch_kills(struct sample_reader *reader)
{
	reader->ahead_at = 0;
	reader->ahead_count = 0;
	if (reader->kills_ended)
		return;
	reader->ahead_count = kills_list(reader->store, &reader->last_kill,
		reader->query.to_ms, reader->ahead, KILLS_AHEAD);
	reader->kills_ended = reader->ahead_count < KILLS_AHEAD;
	if (reader->ahead_count > 0)
		reader->last_kill = reader->ahead[reader->ahead_count - 1];
}

/* Those up to to_ms, which is how far the samples have come. */
static void take_kills(struct sample_reader *reader, int64_t to_ms)
{
	reader->kill_count = 0;
	for (;;) {
		if (reader->ahead_at == reader->ahead_count)
			fetch_kills(reader);
		if (reader->ahead_count == 0 ||
			reader->ahead[reader->ahead_at].at_ms > to_ms)
			return;
		keep_kill(reader, &reader->ahead[reader->ahead_at++]);
	}
}

/* Of two samples of a step the one to be shown. */
static bool is_higher(const struct sample *a, const struct sample *b)
{
	return a->cgroup.usage_bytes > b->cgroup.usage_bytes;
}

const struct sample *sample_reader_next(struct sample_reader *reader)
{
	int64_t step_ms = reader->query.step_ms, last_ms;
	struct sample *out;
	int best = 0;

	if (!next_unpacked(reader, 0))
		return NULL;
	last_ms = reader->sample[0].at_ms;
	while (step_ms > 0 &&
		next_time(reader) / step_ms == last_ms / step_ms &&
		next_unpacked(reader, !best)) {
		last_ms = reader->sample[!best].at_ms;
		if (is_higher(&reader->sample[!best], &reader->sample[best]))
			best = !best;
	}
	take_kills(reader, last_ms);
	out = &reader->sample[best];
	out->kills = reader->kills;
	out->kill_count = reader->kill_count;
	return out;
}

int sample_reader_count(struct store *store, const struct sample_query *query)
{
	int64_t whole_ms = samples_whole_from(&store->samples);
	int64_t step_ms = query->step_ms > 0 ? query->step_ms : 1;
	int64_t from_ms = begin_of(store, query), to_ms = query->to_ms;
	int64_t old_ms = whole_ms <= to_ms ? whole_ms - 1 : to_ms;
	int old = 0;

	if (from_ms <= old_ms && store_lock_reader(store)) {
		old = sample_archive_count(store->reader, from_ms, old_ms,
			step_ms, SAMPLES_MOST + 1);
		store_unlock_reader(store, old < 0);
	}
	return (old < 0 ? 0 : old) +
	       samples_count(&store->samples,
		       whole_ms < from_ms ? from_ms : whole_ms, to_ms, step_ms);
}
