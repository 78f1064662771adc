/* SPDX-License-Identifier: MIT */
/*
 * Greedy line breaking: as many words as fit. Lines have a fixed size, so that
 * a report's text needs no heap of unknown size while it is laid out.
 */
#include "views/wrap.h"

#include <stdbool.h>
#include <string.h>

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The last place before room behind which a line may break, or 0. */
static size_t break_behind(const char *text, size_t room, char at)
{
	for (size_t i = room; i > 1; i--) {
		if (text[i - 1] == at)
			return i;
	}
	return 0;
}

/* How many bytes of text make a line of at most room: at a blank if there is
 * one, else in a path behind a slash, else wherever the line ends. */
static size_t line_length(const char *text, size_t room)
{
	size_t length = strlen(text), at;

	if (length <= room)
		return length;
	if (text[room] == ' ')
		return room;
	at = break_behind(text, room, ' ');
	if (at > 0)
		return at - 1; /* not the blank itself */
	at = break_behind(text, room, '/');
	if (at > 0)
		return at;
	for (at = room; at > 1 && continues(text[at]);)
		at--;
	return at;
}

/* Nothing that could steer a terminal gets through: a path may hold it. */
static void copy_shown(char *to, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		to[i] = c < ' ' || c == 0x7f ? '?' : text[i];
	}
	to[length] = '\0';
}

int wrap_text(
	const char *text, const char *lead, struct wrap_line *lines, int max)
{
	size_t indent = strlen(lead);
	int used = 0;

	for (; *text && used < max; used++) {
		char *to = lines[used].text;
		size_t length = line_length(text, WRAP_COLUMNS - indent);

		if (used == 0)
			memcpy(to, lead, indent);
		else
			memset(to, ' ', indent);
		copy_shown(to + indent, text, length);
		text += length;
		text += strspn(text, " ");
	}
	return used;
}
