/* SPDX-License-Identifier: MIT */
/*
 * A request as nginx hands it over, and in which format it wants its answer.
 * The format is settled before anything can be refused, so that a refusal
 * comes in it, too. Of Accept only the types that oomlab speaks are looked
 * at; RFC 9110, 12.5.1 has the grammar.
 */
#include "http/exchange.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FORMATS	     4
#define ANY	     FORMATS /* every format that each route speaks */
#define ID_LENGTH    32
#define QUALITY_FULL 1000

static const struct {
	const char *type;
	int format; /* enum http_format */
	bool wild;  /* names no type of ours, only lets it pass */
} media[] = {
	{"text/html", HTTP_HTML, false},
	{"application/json", HTTP_JSON, false},
	{"application/problem+json", HTTP_JSON, false},
	{"text/plain", HTTP_TEXT, false},
	{"text/csv", HTTP_CSV, false}, /* only if it is named */
	{"text/*", HTTP_HTML, true},
	{"text/*", HTTP_TEXT, true},
	{"application/*", HTTP_JSON, true},
	{"*/*", ANY, true},
};

static const char *const formats[FORMATS] = {
	[HTTP_HTML] = "html",
	[HTTP_JSON] = "json",
	[HTTP_TEXT] = "text",
	[HTTP_CSV] = "csv",
};

/* Quality in thousandths, -1 where Accept does not speak of the format. */
struct wishes {
	int named[FORMATS];
	int wild[FORMATS];
};

/* "q=0.8" among a media range's parameters, in thousandths; 1 without. */
static int quality(const char *at, const char *end)
{
	int value = 0, scale = QUALITY_FULL;

	for (; at < end; at++) {
		if (*at != ';')
			continue;
		at += 1 + strspn(at + 1, " \t");
		if (end - at >= 3 && (*at == 'q' || *at == 'Q') && at[1] == '=')
			break;
		at--;
	}
	if (at >= end)
		return QUALITY_FULL;
	for (at += 2; at < end && scale > 0; at++) {
		if (*at >= '0' && *at <= '9') {
			value += (*at - '0') * scale;
			scale /= 10;
		} else if (*at != '.') {
			break;
		}
	}
	return value > QUALITY_FULL ? QUALITY_FULL : value;
}

static void wish(struct wishes *wishes, int format, bool wild, int value)
{
	int *slots = wild ? wishes->wild : wishes->named;

	for (int i = 0; i < FORMATS; i++)
		if ((format == i || (format == ANY && i != HTTP_CSV)) &&
			value > slots[i])
			slots[i] = value;
}

/* One media range, from at to end. */
static void range_read(const char *at, const char *end, struct wishes *wishes)
{
	size_t length;

	at += strspn(at, " \t");
	length = strcspn(at, " \t;,");
	for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
		if (strlen(media[i].type) == length &&
			strncasecmp(media[i].type, at, length) == 0)
			wish(wishes, media[i].format, media[i].wild,
				quality(at + length, end));
}

/* Highest quality first; a type that is named beats one that a wildcard lets
 * pass, for whoever names JSON and then anything wants JSON; then the order
 * html, json, text. CSV is beside them, for most routes do not speak it. */
static enum http_format accept_format(const char *accept, bool *csv)
{
	struct wishes wishes = {{-1, -1, -1, -1}, {-1, -1, -1, -1}};
	int best = HTTP_HTML, best_rank = 1;

	for (const char *end; *accept; accept = end + (*end == ',')) {
		end = accept + strcspn(accept, ",");
		range_read(accept, end, &wishes);
	}
	for (int i = 0; i < HTTP_CSV; i++) {
		bool named = wishes.named[i] >= 0;
		int rank = named ? wishes.named[i] * 2 + 1 : wishes.wild[i] * 2;

		if (rank > best_rank) {
			best = i;
			best_rank = rank;
		}
	}
	*csv = wishes.named[HTTP_CSV] * 2 + 1 > best_rank;
	return (enum http_format)best;
}

/* The first format= of the raw query, as far as it is a word of ours. */
static bool query_format(const char *query, enum http_format *format)
{
	static const char name[] = "format=";

	while (*query) {
		size_t length = strcspn(query, "&");
		const char *word = query + sizeof(name) - 1;

		if (strncmp(query, name, sizeof(name) - 1) == 0) {
			length -= sizeof(name) - 1;
			for (int i = 0; i < FORMATS; i++) {
				if (strlen(formats[i]) == length &&
					!memcmp(word, formats[i], length)) {
					*format = (enum http_format)i;
					return true;
				}
			}
			return false;
		}
		query += length + (query[length] == '&');
	}
	return false;
}

const char *http_param(const struct http_exchange *x, const char *name)
{
	return x->fcgi->envp ? FCGX_GetParam(name, x->fcgi->envp) : NULL;
}

/* The same, "" when absent. */
static const char *param_text(const struct http_exchange *x, const char *name)
{
	const char *value = http_param(x, name);

	return value ? value : "";
}

void http_exchange_open(struct http_exchange *x, FCGX_Request *fcgi)
{
	const char *id;

	memset(x, 0, sizeof(*x));
	x->fcgi = fcgi;
	x->method = param_text(x, "REQUEST_METHOD");
	x->path = param_text(x, "DOCUMENT_URI");
	x->query = param_text(x, "QUERY_STRING");
	id = param_text(x, "REQUEST_ID");
	if (strspn(id, "0123456789abcdef") == ID_LENGTH && !id[ID_LENGTH])
		memcpy(x->id, id, ID_LENGTH);
	if (!query_format(x->query, &x->format))
		x->format = accept_format(
			param_text(x, "HTTP_ACCEPT"), &x->wants_csv);
	if (x->format == HTTP_CSV)
		x->format = HTTP_TEXT; /* until a route says that it has it */
}
