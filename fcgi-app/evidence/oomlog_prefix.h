/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_PREFIX_H
#define OOMLAB_EVIDENCE_OOMLOG_PREFIX_H

/*
 * What stands before a kernel's message in a log: times of every kind,
 * priorities, callers, host names, quote marks. Pure.
 */
#include <stdbool.h>
#include <stddef.h>

#include "evidence/oomlog_parts.h"

struct oomlog_body {
	char *text;  /* the message, within the line that was given */
	bool tagged; /* something of the log's own stood before it */
	bool kmsg;   /* a record (Documentation/ABI/testing/dev-kmsg) */
	struct oomlog_stamp stamp;
};

/* Copies length bytes of a line to out (OOMLOG_LINE + 1 bytes), NUL-ended and
 * free of what is no text: NULs, tabs and no-break spaces become blanks,
 * terminal colours go, as do blanks at the end. Returns its length. */
size_t oomlog_clean(const char *bytes, size_t length, char *out);

/* Finds the message in a clean line, which may be written to (the escapes of
 * a kmsg record are undone in place). */
void oomlog_prefix(char *line, struct oomlog_body *body);

/* One piece of a prefix: where the text behind it goes on, or NULL where at
 * stands none. What it tells of the time goes to body->stamp. */
const char *oomlog_piece(const char *at, struct oomlog_body *body);

/* "[ 8435.312982]" alone, its "[" perhaps cut off. */
const char *oomlog_piece_seconds(const char *at, struct oomlog_body *body);

/* Notes the outermost time as it is printed. */
void oomlog_stamp_text(
	struct oomlog_stamp *stamp, const char *at, size_t length);

#endif
