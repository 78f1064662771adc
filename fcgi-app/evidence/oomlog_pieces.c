/* SPDX-License-Identifier: MIT */
/*
 * The pieces that prefixes of kernel logs are made of, a function each and a
 * row each. None of them can begin a kernel's own message: a task table's
 * "[  648]" has no dot and no colon, a trace's "[<c0139841>]" neither.
 */
#include "evidence/oomlog_prefix.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TIME_AT 40  /* bytes before which an HH:MM:SS must stand */
#define TAG_AT	160 /* the same for "kernel:" */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip(const char *at, const char *set)
{
	return at + strspn(at, set);
}

static const char *skip_digits(const char *at)
{
	while (digit(*at))
		at++;
	return at;
}

void oomlog_stamp_text(
	struct oomlog_stamp *stamp, const char *at, size_t length)
{
	if (stamp->text[0])
		return; /* the outermost is the most telling */
	if (length >= sizeof(stamp->text))
		length = sizeof(stamp->text) - 1;
	memcpy(stamp->text, at, length);
	stamp->text[length] = '\0';
}

static int64_t microseconds(const char *at)
{
	int64_t us = 0;
	int left = 6;

	for (; digit(*at); at++) {
		if (us > INT64_MAX / 20000000)
			return -1;
		us = us * 10 + (*at - '0');
	}
	at += *at == '.';
	for (; left > 0; left--)
		us = us * 10 + (digit(*at) ? *at++ - '0' : 0);
	return us;
}

/* "12.345678", and what may follow in "[12.345678 <    0.000012>]". */
static const char *seconds_end(const char *at)
{
	const char *end = skip_digits(at);

	if (end == at || *end != '.' || !digit(end[1]))
		return NULL;
	end = skip_digits(end + 1);
	if (*end == ']')
		return end;
	end = skip(end, " ");
	if (*end == '<') {
		end += strcspn(end, ">]");
		end += *end == '>';
	}
	return skip(end, " ");
}

/* HH:MM:SS, or HH:MM of "[Nov25 16:25]": its length, or 0. */
static size_t time_length(const char *at, bool seconds)
{
	const char *end = skip_digits(at);

	if (end == at || end - at > 2 || *end != ':' || !digit(end[1]) ||
		!digit(end[2]) || digit(end[3]))
		return 0;
	if (end[3] != ':')
		return seconds ? 0 : (size_t)(end + 3 - at);
	if (!digit(end[4]) || !digit(end[5]) || digit(end[6]))
		return 0;
	return (size_t)(end + 6 - at);
}

static void stamp_time(struct oomlog_stamp *stamp, const char *at,
	const char *time, const char *end)
{
	const char *minutes = strchr(time, ':') + 1;
	uint32_t day = 2166136261u; /* FNV-1a */

	oomlog_stamp_text(stamp, at, (size_t)(end - at));
	if (stamp->second >= 0)
		return;
	stamp->second = (int32_t)(strtol(time, NULL, 10) * 3600 +
				  strtol(minutes, NULL, 10) * 60);
	if (minutes[2] == ':')
		stamp->second += (int32_t)strtol(minutes + 3, NULL, 10);
	for (; at < time; at++)
		if (*at != ' ')
			day = (day ^ (unsigned char)*at) * 16777619u;
	stamp->day = day;
}

/* A time of day before limit, only among what a date is written with. */
static const char *time_find(const char *at, const char *limit, size_t *length)
{
	char before = ' ';

	for (; at < limit && *at; before = *at++) {
		if (digit(*at) && !digit(before)) {
			*length = time_length(at, true);
			if (*length)
				return at;
		} else if (!isalnum((unsigned char)*at) &&
			   !strchr(" .,-/+", *at) &&
			   (unsigned char)*at < 0x80) {
			return NULL;
		}
	}
	return NULL;
}

/* Behind HH:MM:SS: ".123456", ",123456", "+02:00", "Z", " UTC", " 2026". */
static const char *time_rest(const char *at)
{
	const char *word, *from = at;

	if ((*at == '.' || *at == ',') && digit(at[1]))
		at = skip_digits(at + 1);
	if (*at == 'Z')
		at++;
	else if ((*at == '+' || *at == '-') && digit(at[1]))
		at = skip(at + 1, "0123456789:");
	/* A zone's name where it has no number; else it is the message's. */
	word = at + (*at == ' ' && at == from);
	if (word > at && isupper((unsigned char)word[0]) &&
		isupper((unsigned char)word[1])) {
		word += strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (*word == ' ')
			at = word;
	}
	word = skip(at, " ");
	if (word > at && digit(word[0]) && skip_digits(word) == word + 4 &&
		word[4] == ' ')
		at = word + 4;
	return at;
}

static const char *piece_priority(const char *at, struct oomlog_body *body)
{
	const char *end;

	(void)body;
	if (*at != '<')
		return NULL;
	end = skip_digits(at + 1);
	return end > at + 1 && end < at + 5 && *end == '>' ? end + 1 : NULL;
}

/* "[ 8435.312982]", "[8435.312982 <0.000012>]", and without its "[". */
const char *oomlog_piece_seconds(const char *at, struct oomlog_body *body)
{
	const char *from = at + (*at == '['), *end;

	while (*from == ' ')
		from++;
	end = seconds_end(from);
	if (!end || *end != ']')
		return NULL;
	body->stamp.us = microseconds(from);
	oomlog_stamp_text(&body->stamp, from, strcspn(from, " ]"));
	return end + 1;
}

/* "[    T1]", "[C0]", "[  +0.000012]", "[<    0.000012>]" */
static const char *piece_caller(const char *at, struct oomlog_body *body)
{
	const char *from, *end;

	(void)body;
	if (*at != '[')
		return NULL;
	from = skip(at + 1, " <");
	if (!*from || !strchr("TC+", *from))
		return NULL;
	end = skip(from + 1, "0123456789.@TC ");
	return digit(from[1]) && *end == ']' ? end + 1 : NULL;
}

/* "[Thu Dec  7 00:05:14 2017]", "[Nov25 16:25]" */
static const char *piece_date(const char *at, struct oomlog_body *body)
{
	const char *end;

	if (*at != '[')
		return NULL;
	end = strchr(at, ']');
	if (!end || end - at > TIME_AT)
		return NULL;
	for (const char *time = at + 1; time < end; time++) {
		if (!digit(*time) || digit(time[-1]) ||
			!time_length(time, false))
			continue;
		stamp_time(&body->stamp, at + 1, time, end);
		return end + 1;
	}
	return NULL;
}

static const char *piece_time(const char *at, struct oomlog_body *body)
{
	size_t length;
	const char *time, *end;

	if (!isalnum((unsigned char)*at) && (unsigned char)*at < 0x80)
		return NULL;
	time = time_find(at, at + TIME_AT, &length);
	if (!time)
		return NULL;
	end = time_rest(time + length);
	if (*end && *end != ' ')
		return NULL;
	stamp_time(&body->stamp, at, time, end);
	return end;
}

static bool is_mark(char c)
{
	return c == ':' || c == '[' || c == '(' || c == '=' || c == '<';
}

/* "kernel:", "host1 kernel:", "kern.info kernel:", "1757914445.1 host1
 * kernel:"; klogd and vmunix are what others call it. */
static const char *piece_tag(const char *at, struct oomlog_body *body)
{
	static const char *const tags[] = {"kernel", "klogd", "vmunix"};
	size_t length = 0;
	int blanks = 0;

	(void)body;
	while (length < TAG_AT && at[length] && !is_mark(at[length]))
		length++;
	if (at[length] != ':' && at[length] != '[')
		return NULL;
	for (size_t i = 1; i < length; i++)
		blanks += at[i] == ' ' && at[i - 1] != ' ';
	for (size_t i = 0; blanks <= 3 && i < 3; i++) {
		size_t size = strlen(tags[i]);
		const char *tag = at + length - size;

		if (length < size || memcmp(tag, tags[i], size) != 0 ||
			(tag > at && tag[-1] != ' '))
			continue;
		if (at[length] == ':')
			return at + length + 1;
		tag = skip_digits(at + length + 1); /* kernel[0]: */
		return tag[0] == ']' && tag[1] == ':' ? tag + 2 : NULL;
	}
	return NULL;
}

/* "kern  :info  : " of dmesg -x */
static const char *piece_facility(const char *at, struct oomlog_body *body)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *end;

	(void)body;
	if (strncmp(at, "kern ", 5) != 0)
		return NULL;
	end = skip(at + 4, " ");
	if (*end != ':')
		return NULL;
	end = skip(skip(end + 1, lower), " ");
	return *end == ':' ? end + 1 : NULL;
}

/* In the order of how often they come. */
static const char *(*const pieces[])(const char *, struct oomlog_body *) = {
	oomlog_piece_seconds, piece_tag, piece_time, piece_date, piece_caller,
	piece_priority, piece_facility};

const char *oomlog_piece(const char *at, struct oomlog_body *body)
{
	const char *end = NULL;

	for (size_t i = 0; !end && i < sizeof(pieces) / sizeof(*pieces); i++)
		end = pieces[i](at, body);
	return end;
}
