/* SPDX-License-Identifier: MIT */
/*
 * A ring of bytes, and a list that is sorted by time. A sample that a death
 * brings with it is older than the last that was taken, so order of arrival
 * and order of time are not the same; the list is so short that whatever is
 * put into it or goes may move the rest.
 */
#include "watch/samples.h"

#include <string.h>
#include <sys/mman.h>

#define LIST_BYTES (SAMPLES_KEPT * sizeof(struct samples_entry))
#define AHEAD_MS   60000 /* later than now by more: the clock was set back */

int samples_open(struct samples *samples)
{
	void *memory =
		mmap(NULL, LIST_BYTES + SAMPLES_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	memset(samples, 0, sizeof(*samples));
	if (memory == MAP_FAILED)
		return -1;
	samples->entries = memory;
	samples->bytes = (unsigned char *)memory + LIST_BYTES;
	samples->whole_from_ms = INT64_MAX;
	pthread_mutex_init(&samples->lock, NULL);
	return 0;
}

void samples_close(struct samples *samples)
{
	if (!samples->entries)
		return;
	munmap(samples->entries, LIST_BYTES + SAMPLES_BYTES);
	samples->entries = NULL;
	pthread_mutex_destroy(&samples->lock);
}

/* One goes: what comes after it is still whole. */
static void forget(struct samples *samples, const struct samples_entry *entry)
{
	samples->lost += !entry->saved;
	if (samples->whole_from_ms <= entry->at_ms)
		samples->whole_from_ms = entry->at_ms + 1;
}

/* Room for size bytes: whoever lies there goes, and the oldest when the list
 * is full. Where it begins. */
static uint32_t make_room(struct samples *samples, size_t size)
{
	uint32_t begin = samples->end, end;
	int kept = 0;

	if (begin + size > SAMPLES_BYTES)
		begin = 0;
	end = begin + (uint32_t)size;
	for (int i = 0; i < samples->count; i++) {
		const struct samples_entry *entry = &samples->entries[i];

		if ((entry->place < end &&
			    begin < entry->place + entry->size) ||
			(i == 0 && samples->count == SAMPLES_KEPT))
			forget(samples, entry);
		else
			samples->entries[kept++] = *entry;
	}
	samples->count = kept;
	return begin;
}

/* The first that is not before at_ms. */
static int find(const struct samples *samples, int64_t at_ms)
{
	int low = 0, high = samples->count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (samples->entries[middle].at_ms < at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has(const struct samples *samples, int64_t at_ms)
{
	int at = find(samples, at_ms);

	return at < samples->count && samples->entries[at].at_ms == at_ms;
}

static void insert(
	struct samples *samples, int64_t at_ms, const void *bytes, size_t size)
{
	uint32_t place = make_room(samples, size);
	int at = find(samples, at_ms);
	struct samples_entry *entry = &samples->entries[at];

	memmove(entry + 1, entry,
		(size_t)(samples->count - at) * sizeof(*entry));
	*entry = (struct samples_entry){
		.at_ms = at_ms, .place = place, .size = (uint32_t)size};
	memcpy(samples->bytes + place, bytes, size);
	samples->end = place + (uint32_t)size;
	samples->count++;
}

/* What is later than now would push out whatever comes, which is older, for as
 * long as the clock was set back: it goes, where the database has it. */
static void forget_later(struct samples *samples, int64_t now_ms)
{
	int kept = find(samples, now_ms + AHEAD_MS);

	for (int i = kept; i < samples->count; i++) {
		if (samples->entries[i].saved)
			forget(samples, &samples->entries[i]);
		else
			samples->entries[kept++] = samples->entries[i];
	}
	samples->count = kept;
}

void samples_put(struct samples *samples, int64_t at_ms, const void *bytes,
	size_t size, bool late)
{
	if (size == 0 || size > SAMPLES_BYTES / 2)
		return;
	pthread_mutex_lock(&samples->lock);
	if (!late)
		forget_later(samples, at_ms);
	if (!has(samples, at_ms)) {
		insert(samples, at_ms, bytes, size);
		if (!late && at_ms < samples->whole_from_ms)
			samples->whole_from_ms = at_ms;
	}
	pthread_mutex_unlock(&samples->lock);
}

/* Appends one to a list; false when it does not fit. */
static bool append(const struct samples *samples,
	const struct samples_entry *entry, char *out, size_t size, size_t *used)
{
	struct packed_sample head = {entry->at_ms, entry->size};
	size_t whole = packed_sample_size(entry->size);

	if (*used + whole > size)
		return false;
	memcpy(out + *used, &head, sizeof(head));
	memcpy(out + *used + offsetof(struct packed_sample, bytes),
		samples->bytes + entry->place, entry->size);
	*used += whole;
	return true;
}

size_t samples_copy(struct samples *samples, int64_t after_ms, int64_t to_ms,
	void *out, size_t size)
{
	size_t used = 0;

	pthread_mutex_lock(&samples->lock);
	for (int i = find(samples, after_ms + 1); i < samples->count; i++) {
		if (samples->entries[i].at_ms > to_ms ||
			!append(samples, &samples->entries[i], out, size,
				&used))
			break;
	}
	pthread_mutex_unlock(&samples->lock);
	return used;
}

size_t samples_unsaved(struct samples *samples, void *out, size_t size)
{
	size_t used = 0;

	pthread_mutex_lock(&samples->lock);
	for (int i = 0; i < samples->count; i++) {
		if (!samples->entries[i].saved &&
			!append(samples, &samples->entries[i], out, size,
				&used))
			break;
	}
	pthread_mutex_unlock(&samples->lock);
	return used;
}

void samples_saved(struct samples *samples, const void *list, size_t size)
{
	const char *at = list, *end = at + size;

	pthread_mutex_lock(&samples->lock);
	while (at < end) {
		const struct packed_sample *one = (const void *)at;

		if (has(samples, one->at_ms))
			samples->entries[find(samples, one->at_ms)].saved = 1;
		at += packed_sample_size(one->size);
	}
	pthread_mutex_unlock(&samples->lock);
}

void samples_unsave(struct samples *samples)
{
	pthread_mutex_lock(&samples->lock);
	for (int i = 0; i < samples->count; i++)
		samples->entries[i].saved = 0;
	pthread_mutex_unlock(&samples->lock);
}

int samples_count(struct samples *samples, int64_t from_ms, int64_t to_ms,
	int64_t step_ms)
{
	int64_t step = -1;
	int count = 0;

	pthread_mutex_lock(&samples->lock);
	for (int i = find(samples, from_ms); i < samples->count; i++) {
		int64_t at_ms = samples->entries[i].at_ms;

		if (at_ms > to_ms)
			break;
		count += at_ms / step_ms != step;
		step = at_ms / step_ms;
	}
	pthread_mutex_unlock(&samples->lock);
	return count;
}

int64_t samples_whole_from(struct samples *samples)
{
	int64_t from_ms;

	pthread_mutex_lock(&samples->lock);
	from_ms = samples->whole_from_ms;
	pthread_mutex_unlock(&samples->lock);
	return from_ms;
}
