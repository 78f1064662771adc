/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_MULTIPART_H
#define OOMLAB_HTTP_MULTIPART_H

/*
 * One field out of multipart/form-data (RFC 7578), while it comes in: its
 * bytes are handed on, in pieces, and nothing is kept. Pure, no heap.
 */
#include <stdbool.h>
#include <stddef.h>

#define MULTIPART_BOUNDARY 70  /* bytes, RFC 2046, 5.1.1 */
#define MULTIPART_HEAD	   512 /* of a part's headers that are looked at */

typedef void multipart_take(void *context, const char *bytes, size_t length);

struct multipart {
	multipart_take *take;
	void *context;
	const char *field;
	char mark[MULTIPART_BOUNDARY + 5]; /* CRLF, two dashes, boundary */
	size_t mark_length;
	size_t matched; /* bytes of mark that came */
	int state;
	char head[MULTIPART_HEAD + 1];
	size_t head_length;
	bool wanted; /* this part is the field */
	bool found;  /* one was */
	bool ended;  /* the last boundary has come */
};

/* Whether a Content-Type is multipart/form-data with a boundary. */
bool multipart_open(struct multipart *parts, const char *content_type,
	const char *field, multipart_take *take, void *context);

void multipart_feed(struct multipart *parts, const char *bytes, size_t length);

#endif
