/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's target of the request parser: a query, and a body as a form, as
 * JSON, as a form of parts, of another type. The first byte chooses what, the
 * second how large the pieces are that come; a NUL ends the query.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fail_msg(...) abort() /* posted.h's, which is cmocka's */

#include "../unit/posted.h"
#include "http/multipart.h"

struct tally {
	uint64_t hash;
};

static void add(void *context, const char *bytes, size_t length)
{
	struct tally *tally = context;

	while (length-- > 0)
		tally->hash = (tally->hash ^ (unsigned char)*bytes++) *
			      UINT64_C(1099511628211);
}

static uint64_t parts(const char *body, size_t length, size_t piece)
{
	struct tally tally = {0};
	struct multipart multipart;

	if (!multipart_open(&multipart, "multipart/form-data; boundary=b",
		    "log", add, &tally))
		abort();
	for (size_t at = 0; at < length; at += piece)
		multipart_feed(&multipart, body + at,
			length - at < piece ? length - at : piece);
	return tally.hash ^ (uint64_t)multipart.found ^
	       (uint64_t)multipart.ended << 1;
}

static void run(const char *text, size_t length, int what, size_t piece)
{
	static const char *const types[] = {
		POSTED_FORM, POSTED_JSON, "text/plain", NULL};
	size_t query = strlen(text);
	struct posted posted = {.query = text,
		.path = what & 4 ? "/ConsumeMem" : "/hold",
		.method = what & 8 ? "GET" : "POST",
		.type = types[what & 3],
		.body = text + (query < length ? query + 1 : query),
		.piece = piece,
		.breaks = what & 16 ? 32 : 0};
	struct http_exchange x;

	posted.length = length - (size_t)(posted.body - text);
	if (posted.length == 0)
		posted.body = NULL;
	if (posted_route(&posted, &x) < 0 &&
		(x.problem.status < 400 || x.problem.status > 599))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length, piece;
	char *text;

	if (size < 2)
		return 0;
	length = size - 2;
	piece = 1 + data[1] % 64;
	text = malloc(length + 1);
	if (!text)
		abort();
	memcpy(text, data + 2, length);
	text[length] = '\0';
	if (data[0] & 32) {
		if (parts(text, length, piece) !=
			parts(text, length, length + 1))
			abort();
	} else {
		run(text, length, data[0], piece);
	}
	free(text);
	return 0;
}
