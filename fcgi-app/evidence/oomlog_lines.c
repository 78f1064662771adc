/* SPDX-License-Identifier: MIT */
/*
 * Lines out of bytes, and messages out of lines. Two things make this more
 * than a loop. A log may have gigabytes in which nothing is an OOM's, so lines
 * are only looked at closely where oomlog_scan() finds something, and some more
 * behind it; in a wrapped text, where it finds little, many. And a report may have been wrapped on its way, by a mail
 * program at blanks or by a terminal at a column; so a message that can go on
 * is kept until the next line has shown whether it does.
 */
#include "evidence/oomlog_lines.h"

#include <string.h>

#include "evidence/oomlog_prefix.h"
#include "evidence/oomlog_report.h"
#include "evidence/oomlog_scan.h"
#include "evidence/oomlog_shapes.h"

#define HOT_WRAPPED 500 /* lines; longer than a wrapped call trace */
#define HOT_USED    30	/* longer than what stands between rows or figures */
#define HARD_MIN    79	/* a terminal's columns; mail is wrapped below */

/* What a message can be broken before at a blank. One that is broken elsewhere
 * was broken in mid-word. */
static const char *const words[] = {"invoked ", "oom-killer",
	"gfp_mask=", "nodemask=", "order=", "oom_score_adj",
	"oom_adj=", "memory:", "Killed ", "Kill ", "killed ", "process ", "(",
	"total-vm:", "vsz:", "anon-rss:", "file-rss:", "shmem-rss:", "UID",
	"pgtables:", "score ", "or ", "sacrifice", "child", "as ", "a ",
	"result ", "of ", "limit ", "are ", "going ", "to ", "be ", "due ",
	"memory.oom.group", "usage ", "failcnt ", "uid ", "tgid ", "total_vm",
	"rss ", "nr_p", "swapents", "oom_score_adj", "pgtables_bytes", "cpu ",
	"name", "out "};

void oomlog_lines_open(struct oomlog_lines *lines)
{
	oomlog_scan_prepare(lines->shift);
	lines->raw_length = lines->length = lines->hard_width = 0;
	lines->hot = 0;
	lines->kmsg = false;
	lines->alone = (struct oomlog_stamp){.us = -1, .second = -1};
	lines->pending = NULL;
}

void oomlog_lines_end(struct oomlog *log)
{
	struct oomlog_lines *lines = &log->lines;
	const struct oomlog_shape *shape = lines->pending;
	struct oomlog_message message = {lines->text, &lines->stamp};

	lines->pending = NULL;
	if (shape)
		shape->take(log, &message);
}

static bool has_any(const char *text, const char *wanted)
{
	char word[32];

	while (*wanted) {
		size_t length = strcspn(wanted, " ");

		memcpy(word, wanted, length);
		word[length] = '\0';
		if (strstr(text, word))
			return true;
		wanted += length + (wanted[length] == ' ');
	}
	return false;
}

static bool begins_word(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* "total-vm:160" and what is no longer than a piece of a key. */
static bool ends_in_mid_word(const char *text, size_t length)
{
	const char *end = text + length, *at = end;

	while (at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	return at < end && at > text && at[-1] == ':';
}

/* "limit of": no path and no list. */
static bool ends_with_word(const struct oomlog_lines *lines)
{
	const char *last = strrchr(lines->text, ' ');

	return last && last[1] && !strpbrk(last, "/=,:");
}

/* What the next line is to a message that may go on. */
enum joint { JOINT_NONE, JOINT_BLANK, JOINT_DIRECT };

static enum joint joint_of(struct oomlog *log, const char *next, bool indented)
{
	struct oomlog_lines *lines = &log->lines;
	const struct oomlog_shape *shape = lines->pending;
	bool at_width =
		lines->hard_width && lines->broken_at == lines->hard_width;
	/* One column less, and the blank that stood there was lost. */
	bool hard = lines->hard_width ? at_width : lines->broken_at >= HARD_MIN;

	if (!*next || !shape->whole)
		return JOINT_NONE;
	if (shape->whole(log, lines->text) && !at_width)
		return JOINT_NONE;
	if (shape->rest[0] && !has_any(next, shape->rest) && !hard)
		return JOINT_NONE;
	if (lines->broken_at_blank || begins_word(next) ||
		(shape->solid && !hard && ends_with_word(lines)))
		return JOINT_BLANK;
	if (hard || shape->solid)
		return indented ? JOINT_BLANK : JOINT_DIRECT;
	return ends_in_mid_word(lines->text, lines->length) ? JOINT_DIRECT
							    : JOINT_BLANK;
}

/* Whether the line went on with the pending message. */
static bool join(struct oomlog *log, const char *next, size_t columns,
	bool indented, bool blank)
{
	struct oomlog_lines *lines = &log->lines;
	enum joint joint = joint_of(log, next, indented);
	size_t length = strlen(next);

	if (joint == JOINT_NONE || lines->length + length + 1 > OOMLOG_LINE)
		return false;
	if (joint == JOINT_BLANK)
		lines->text[lines->length++] = ' ';
	if (joint == JOINT_DIRECT || lines->broken_at > lines->hard_width)
		lines->hard_width =
			joint == JOINT_DIRECT || lines->broken_at >= HARD_MIN
				? lines->broken_at
				: lines->hard_width;
	memcpy(lines->text + lines->length, next, length + 1);
	lines->length += length;
	lines->broken_at = columns;
	lines->broken_at_blank = blank;
	return true;
}

static void keep(struct oomlog *log, const struct oomlog_shape *shape,
	const struct oomlog_body *body, size_t columns, bool blank)
{
	struct oomlog_lines *lines = &log->lines;

	lines->broken_at_blank = blank;
	lines->pending = shape;
	lines->length = strlen(body->text);
	memcpy(lines->text, body->text, lines->length + 1);
	lines->stamp = body->stamp;
	lines->broken_at = columns;
}

/* A time alone on a line is the next one's (a mail program's doing). */
static void inherit_stamp(struct oomlog_lines *lines, struct oomlog_body *body)
{
	if (!body->tagged)
		body->stamp = lines->alone;
	if (body->tagged && !body->text[0])
		lines->alone = body->stamp;
	else
		lines->alone = (struct oomlog_stamp){.us = -1, .second = -1};
}

/* Whether the next lines may be of use and have no needle in them: figures, a
 * table whose blanks were lost, the rest of a message. */
static bool more_expected(const struct oomlog *log)
{
	const struct oomlog_lines *lines = &log->lines;

	return log->report.in_stats || log->report.stage == STAGE_TABLE ||
	       (lines->pending &&
		       (lines->pending->take == oomlog_take_stats ||
			       lines->pending->take == oomlog_take_columns ||
			       !lines->pending->whole(log, lines->text)));
}

static void take_line(struct oomlog *log, const char *bytes, size_t length)
{
	struct oomlog_lines *lines = &log->lines;
	char line[OOMLOG_LINE + 1];
	bool blank = length > 0 && bytes[length - 1] == ' ';
	size_t columns = oomlog_clean(bytes, length, line) + blank;
	const struct oomlog_shape *shape;
	struct oomlog_message message;
	struct oomlog_body body;
	bool used = true;

	/* The properties of a /dev/kmsg record: " SUBSYSTEM=acpi". */
	if (lines->kmsg && line[0] == ' ')
		return;
	oomlog_prefix(line, &body);
	lines->kmsg = body.kmsg;
	inherit_stamp(lines, &body);
	shape = oomlog_shape_of(log, body.text);
	if (!shape && !body.tagged && lines->pending &&
		join(log, body.text, columns, line[0] == ' ', blank)) {
		lines->hot = HOT_WRAPPED;
		return;
	}
	oomlog_lines_end(log);
	message = (struct oomlog_message){body.text, &body.stamp};
	if (shape && shape->whole)
		keep(log, shape, &body, columns, blank);
	else if (shape)
		shape->take(log, &message);
	else
		used = oomlog_take_plain(log, &message);
	if (lines->hot > 0)
		lines->hot--;
	if (memchr(bytes, 0xc2, length) &&
		memmem(bytes, length, "\xc2\xa0",
			2)) /* no needle stands there */
		lines->hot = HOT_WRAPPED;
	else if (used && lines->hot < HOT_USED)
		lines->hot = more_expected(log) ? HOT_USED : 0;
}

/* A whole line that a chunk's end had cut. */
static void take_raw(struct oomlog *log)
{
	struct oomlog_lines *lines = &log->lines;
	size_t length = lines->raw_length;

	lines->raw_length = 0;
	if (length > OOMLOG_LINE)
		length = OOMLOG_LINE;
	if (lines->hot || oomlog_scan(lines->shift, lines->raw, length))
		take_line(log, lines->raw, length);
}

/* Adds to the line that is cut, as much of it as will be looked at. */
static void add_raw(struct oomlog_lines *lines, const char *at, size_t length)
{
	size_t room = OOMLOG_LINE - lines->raw_length;

	if (length > room)
		length = room;
	memcpy(lines->raw + lines->raw_length, at, length);
	lines->raw_length += length;
}

/* Where whole lines that need a closer look begin; end if none does. What is
 * beyond OOMLOG_LINE of a line does not count, as if it had come in pieces. */
static const char *find_line(
	const struct oomlog_lines *lines, const char *at, const char *end)
{
	const char *hit, *start;

	if (lines->hot)
		return at;
	while ((hit = oomlog_scan(lines->shift, at, (size_t)(end - at)))) {
		start = memrchr(at, '\n', (size_t)(hit - at));
		start = start ? start + 1 : at;
		if (hit + SCAN_WINDOW - start <= OOMLOG_LINE)
			return start;
		at = memchr(hit, '\n', (size_t)(end - hit));
		at = at ? at + 1 : end;
	}
	return end;
}

void oomlog_feed(struct oomlog *log, const char *bytes, size_t length)
{
	struct oomlog_lines *lines = &log->lines;
	const char *at = bytes, *end = bytes + length, *newline, *last;

	if (lines->raw_length > 0) {
		newline = memchr(at, '\n', length);
		add_raw(lines, at, (size_t)((newline ? newline : end) - at));
		if (!newline)
			return;
		take_raw(log);
		at = newline + 1;
	}
	last = memrchr(at, '\n', (size_t)(end - at));
	if (last) {
		for (at = find_line(lines, at, last + 1); at <= last;
			at = find_line(lines, at, last + 1)) {
			newline = memchr(at, '\n', (size_t)(end - at));
			take_line(log, at, (size_t)(newline - at));
			at = newline + 1;
		}
		at = last + 1;
	}
	add_raw(lines, at, (size_t)(end - at));
}

void oomlog_lines_last(struct oomlog *log)
{
	if (log->lines.raw_length > 0)
		take_raw(log);
	oomlog_lines_end(log);
}
