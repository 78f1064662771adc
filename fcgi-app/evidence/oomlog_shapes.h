/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_SHAPES_H
#define OOMLAB_EVIDENCE_OOMLOG_SHAPES_H

/*
 * The lines of an OOM report, a row each: how one is known, when it is whole,
 * what may go on with it where the text was wrapped, and what takes it.
 */
#include "evidence/oomlog.h"

/* A message, of one line or of several that were one. */
struct oomlog_message {
	const char *text;
	const struct oomlog_stamp *stamp;
};

struct oomlog_shape {
	const char *begins; /* the message; NULL: see within */
	const char *within; /* the message has this somewhere */
	/* More than that, or NULL. */
	bool (*is)(const struct oomlog *log, const char *text);
	/* Nothing more can belong to it, however it was wrapped; NULL: it
	 * never goes on. */
	bool (*whole)(const struct oomlog *log, const char *text);
	/* What a line that goes on has somewhere, blanks between as "_". */
	const char *rest;
	bool solid; /* has no blanks where it can be broken but in a name */
	void (*take)(struct oomlog *log, const struct oomlog_message *message);
};

/* The row for a message, or NULL. */
const struct oomlog_shape *oomlog_shape_of(
	const struct oomlog *log, const char *text);

/* A line of no shape: statistics, Mem-Info. Whether it was of use. */
bool oomlog_take_plain(
	struct oomlog *log, const struct oomlog_message *message);

/* ---- for the takers */

/* Whether a figure is one that a kernel could have printed. */
bool oomlog_plausible(int64_t value);

/* The number behind the first key of text that stands at its start or behind a
 * blank or a comma: whether there is one; unit ("kB") must follow, unless
 * NULL. */
bool oomlog_number(
	const char *text, const char *key, const char *unit, int64_t *out);

/* Copies what is from at to end, cut to size. */
void oomlog_copy(char *out, size_t size, const char *at, const char *end);

/* oomlog_head.c, oomlog_memcg.c, oomlog_table.c, oomlog_kill.c */
void oomlog_take_head(struct oomlog *, const struct oomlog_message *);
void oomlog_take_bare_head(struct oomlog *, const struct oomlog_message *);
void oomlog_take_cpu(struct oomlog *, const struct oomlog_message *);
void oomlog_take_version(struct oomlog *, const struct oomlog_message *);
void oomlog_take_foreign(struct oomlog *, const struct oomlog_message *);
void oomlog_take_mem_info(struct oomlog *, const struct oomlog_message *);
void oomlog_take_swap(struct oomlog *, const struct oomlog_message *);
void oomlog_take_task_in(struct oomlog *, const struct oomlog_message *);
void oomlog_take_limit_of(struct oomlog *, const struct oomlog_message *);
void oomlog_take_usage(struct oomlog *, const struct oomlog_message *);
void oomlog_take_stats(struct oomlog *, const struct oomlog_message *);
void oomlog_take_tasks(struct oomlog *, const struct oomlog_message *);
void oomlog_take_columns(struct oomlog *, const struct oomlog_message *);
void oomlog_take_row(struct oomlog *, const struct oomlog_message *);
void oomlog_take_named(struct oomlog *, const struct oomlog_message *);
void oomlog_take_kill(struct oomlog *, const struct oomlog_message *);
void oomlog_take_group(struct oomlog *, const struct oomlog_message *);
void oomlog_take_reaper(struct oomlog *, const struct oomlog_message *);
void oomlog_take_none(struct oomlog *, const struct oomlog_message *);
bool oomlog_mem_info(struct oomlog *, const char *text);
bool oomlog_stat(struct oomlog *, const char *text);
bool oomlog_is_columns(const struct oomlog *log, const char *text);
bool oomlog_is_row(const struct oomlog *log, const char *text);
bool oomlog_row_whole(const struct oomlog *log, const char *text);
bool oomlog_is_kill(const struct oomlog *log, const char *text);
bool oomlog_kill_whole(const struct oomlog *log, const char *text);
bool oomlog_named_whole(const struct oomlog *log, const char *text);

#endif
