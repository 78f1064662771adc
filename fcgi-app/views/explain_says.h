/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_EXPLAIN_SAYS_H
#define OOMLAB_VIEWS_EXPLAIN_SAYS_H

/*
 * Sentences about an OOM kill, put together piece by piece, and the words for
 * what they are made of. For views/explain_points.c and explain_victim.c.
 */
#include <stdbool.h>

#include "views/explain.h"

struct says {
	char *text; /* of an explain_point; always ended */
	size_t used;
};

struct says_amount {
	char text[32];
};

/* Appends; what does not fit is cut off. */
void says_add(struct says *says, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool says_known(int64_t value);

/* "5.7 GiB" */
struct says_amount says_kb(int64_t kb);

/* The same of pages, or "1494 pages" where their size is not known. */
struct says_amount says_pages(const struct oomlog_event *event, int64_t pages);

/* text, or other where it is empty. */
const char *says_or(const char *text, const char *other);

/* "gunicorn (pid 26474)" */
void explain_say_victim(struct says *says, const struct oomlog_event *event);

/* Points: who was killed, why that one, who else was large. */
void explain_say_killed(struct says *says, const struct oomlog_event *event);
void explain_say_why(struct says *says, const struct oomlog_event *event);
void explain_say_others(struct says *says, const struct oomlog_event *event);

#endif
