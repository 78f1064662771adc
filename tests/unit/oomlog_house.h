/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_OOMLOG_HOUSE_H
#define OOMLAB_TESTS_OOMLOG_HOUSE_H

/*
 * A text read whole or in pieces, and the events that came out.
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog.h"

#define SEEN_MAX 16

struct seen {
	struct oomlog log;
	struct oomlog_event events[SEEN_MAX];
	int count;
};

static void see(void *context, const struct oomlog_event *event)
{
	struct seen *seen = context;

	if (seen->count < SEEN_MAX)
		seen->events[seen->count] = *event;
	seen->count++;
}

/* free() it. */
__attribute__((unused)) static struct seen *read_pieces(
	const char *text, size_t length, size_t piece)
{
	struct seen *seen = calloc(1, sizeof(*seen));

	if (!seen)
		abort();
	oomlog_open(&seen->log, OOMLOG_HELD, see, seen);
	for (size_t at = 0; at < length; at += piece)
		oomlog_feed(&seen->log, text + at,
			length - at < piece ? length - at : piece);
	oomlog_finish(&seen->log);
	return seen;
}

__attribute__((unused)) static struct seen *read_text(const char *text)
{
	return read_pieces(text, strlen(text), strlen(text) + 1);
}

#endif
