/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_SINK_H
#define OOMLAB_VIEWS_SINK_H

/*
 * Where a view writes what is too long to be made whole first: a buffer that
 * goes out when it is full. What was lost once (send returned -1) is not tried
 * again. One thread's.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SINK_BYTES 16384

struct sink {
	int (*send)(void *context, const char *bytes, size_t length);
	void *context;
	bool failed;
	int count; /* of elements so far, for whoever separates them */
	size_t used;
	char bytes[SINK_BYTES];
};

void sink_put(struct sink *sink, const char *bytes, size_t length);
void sink_text(struct sink *sink, const char *text);
void sink_print(struct sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3))); /* 255 bytes at most */

/* Where up to length bytes (SINK_BYTES at most) may be written; whoever did so
 * adds to used how many. */
char *sink_room(struct sink *sink, size_t length);

/* A number in decimal, at a tenth of printf's price. */
void sink_integer(struct sink *sink, int64_t value);

/* Sends what is there: 0, or -1 if anything was lost. */
int sink_flush(struct sink *sink);

#endif
