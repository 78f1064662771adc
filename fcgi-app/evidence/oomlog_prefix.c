/* SPDX-License-Identifier: MIT */
/*
 * Prefixes nest ("Sep  2 01:53:42 host1 kernel: [64377.426677] "), and every
 * tool has its own, so they are not told apart by tool: pieces that can only
 * be a prefix are taken off, one after the other, until none is left. A time
 * of day is known by its HH:MM:SS, for the months around it may be in any
 * language.
 */
#include "evidence/oomlog_prefix.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PIECES_MAX 8
#define STRAY_AT   200 /* bytes before a "[s.us]" that a console ran into */

static const char *skip(const char *at, const char *set)
{
	return at + strspn(at, set);
}

static const char *skip_digits(const char *at)
{
	while (*at >= '0' && *at <= '9')
		at++;
	return at;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is a control or no ASCII (Bit Twiddling Hacks,
 * "Determine if a word has a byte less than n"). */
static bool needs_cleaning(uint64_t eight)
{
	return ((((eight - EACH(0x20)) & ~eight) | eight |
			(eight + EACH(0x01))) &
		       EACH(0x80)) != 0;
}

/* How much of the line is plain text and was copied. */
static size_t copy_plain(const char *bytes, size_t length, char *out)
{
	size_t done = 0;
	uint64_t eight;

	for (; done + sizeof(eight) <= length; done += sizeof(eight)) {
		memcpy(&eight, bytes + done, sizeof(eight));
		if (needs_cleaning(eight))
			break;
		memcpy(out + done, &eight, sizeof(eight));
	}
	return done;
}

size_t oomlog_clean(const char *bytes, size_t length, char *out)
{
	char *to;
	size_t plain;

	if (length > OOMLOG_LINE)
		length = OOMLOG_LINE;
	plain = copy_plain(bytes, length, out);
	to = out + plain;
	for (size_t i = plain; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c > ' ' && c != 0xc2 && c != 0x7f) {
			*to++ = (char)c;
		} else if (c == 0x1b && i + 1 < length && bytes[i + 1] == '[') {
			/* ECMA-48: parameters, then a letter */
			for (i += 2; i < length && bytes[i] >= ' ' &&
				     bytes[i] < '@';)
				i++;
		} else if (c == 0xc2 &&
			   (i + 1 == length ||
				   (unsigned char)bytes[i + 1] != 0xa0)) {
			*to++ = (char)c;
		} else {
			i += c == 0xc2;
			*to++ = ' ';
		}
	}
	while (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return (size_t)(to - out);
}

/* A quotation, a list, bold type, a box around it. */
static bool is_quote(char c)
{
	return c == ' ' || c == '>' || c == '|' || c == '*' || c == '`';
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* \x0a and the like; the text becomes no longer. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		int high = -1, low = -1;

		if (text[0] == '\\' && text[1] == 'x') {
			high = hex(text[2]);
			low = high < 0 ? -1 : hex(text[3]);
		}
		if (low < 0) {
			*to++ = *text++;
			continue;
		}
		*to = (char)(high << 4 | low);
		if ((unsigned char)*to < ' ')
			*to = ' ';
		to++;
		text += 4;
	}
	*to = '\0';
}

/* "6,1234,5678,-,caller=T1;text": priority, sequence number, us, flags. */
static bool kmsg_record(char *line, struct oomlog_body *body)
{
	const char *at = line, *us = line;
	char *text;

	for (int i = 0; i < 3; i++) {
		us = at;
		at = skip_digits(at);
		if (at == us || *at != ',' || at - us > 18)
			return false;
		at++;
	}
	text = strchr(at, ';');
	if (!text || text - at > 64 || (*at != '-' && *at != 'c'))
		return false;
	body->stamp.us = strtoll(us, NULL, 10);
	oomlog_stamp_text(&body->stamp, us, strcspn(us, ","));
	body->text = text + 1;
	body->tagged = body->kmsg = true;
	unescape(body->text);
	return true;
}

/* "root@host1:/ lr[  947.876000] kworker": what comes before is a console's.
 * What another program quotes ('app[7]: saw "[  947.87] ...') it is not. */
static const char *stray_seconds(const char *at, struct oomlog_body *body)
{
	const char *from = at, *limit = at + strnlen(at, STRAY_AT);

	if (memchr(at, '"', (size_t)(limit - at)))
		return NULL;
	while ((at = memchr(at, '[', (size_t)(limit - at)))) {
		const char *end = oomlog_piece_seconds(at, body);

		if (end)
			return end;
		end = skip_digits(at + 1);
		if (at > from && end[0] == ']' && end[1] == ':')
			return NULL; /* another program's tag, "app[7]:" */
		at++;
	}
	return NULL;
}

void oomlog_prefix(char *line, struct oomlog_body *body)
{
	const char *at = line, *next = line;

	memset(body, 0, sizeof(*body));
	body->stamp.us = body->stamp.second = -1;
	if (kmsg_record(line, body))
		return;
	next += strspn(next, " ");
	if ((*next == '-' || *next == '+') && next[1] == ' ')
		next += 2; /* an item of a list, a line that was added */
	for (int i = 0; i < PIECES_MAX && next; i++) {
		at = next;
		next = NULL;
		while (is_quote(*at))
			at++;
		next = oomlog_piece(at, body);
		body->tagged |= next != NULL;
	}
	if (body->stamp.us < 0 && (next = stray_seconds(at, body))) {
		body->tagged = true;
		at = skip(next, " ");
	}
	body->text = line + (at - line);
}
