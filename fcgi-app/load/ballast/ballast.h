/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_BALLAST_BALLAST_H
#define OOMLAB_LOAD_BALLAST_BALLAST_H

/*
 * What a worker holds. A kind is a const descriptor at the foot of its own
 * file and a row of ballast_kinds; nothing else knows how many there are.
 * A process holds one ballast at a time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/ballast/arena.h"
#include "views/load_report.h"

struct load_spec;

struct ballast {
	const struct load_spec *spec;
	enum charged_place place; /* the kind's, until open says otherwise */
	struct arena arena;	  /* of kinds that are a mapping */
	int fd;			  /* of kinds behind a descriptor; else -1 */
	void *private;		  /* the kind's own; released with it */
	char reason[160];	  /* why open or grow gave less: the quota or
				     limit that was met, "" for errno alone */
};

struct ballast_kind {
	const char *name;
	const char *help; /* one line, no full stop */
	enum charged_place place;
	bool parallel; /* grow may run in several threads at once, each with
			  a range of its own, and they help */
	/* Why this machine cannot have it (NULL: it can): a 422 quotes it. */
	const char *(*missing)(void);
	/* Reserves, touches nothing: grow is what may kill. 0, or -1 with
	 * errno and perhaps reason. Whatever it returns, release follows. */
	int (*open)(struct ballast *ballast, const struct load_spec *spec);
	/* Makes bytes [from, to) of 0..spec->bytes resident, filled as the
	 * spec says. Single-threaded kinds get ranges in order. 0, or -1 with
	 * errno and perhaps reason: the kernel gave no more. Never SIGBUS. */
	int (*grow)(struct ballast *ballast, int64_t from, int64_t to);
	/* Bytes of it in memory now, as the kernel counts them; -1, errno. */
	int64_t (*resident)(const struct ballast *ballast);
	/* Dirties every page of [0, to) again; NULL where it has no sense. */
	void (*touch)(struct ballast *ballast, int64_t to);
	/* Gives everything back, also after a failed open. */
	void (*release)(struct ballast *ballast);
};

/* The kinds, in the order of /help, ended by NULL. */
extern const struct ballast_kind *const ballast_kinds[];

/* The kind of that whole name, or NULL. */
const struct ballast_kind *ballast_find(const char *name);

/* Clears ballast, then opens it by spec->kind. */
int ballast_open(struct ballast *ballast, const struct load_spec *spec);

extern const struct ballast_kind ballast_anon;
extern const struct ballast_kind ballast_huge;
extern const struct ballast_kind ballast_rows;
extern const struct ballast_kind ballast_shm;
extern const struct ballast_kind ballast_file;
extern const struct ballast_kind ballast_locked;
extern const struct ballast_kind ballast_pipe;
extern const struct ballast_kind ballast_pagetable;

/* What CPython takes for rows lists of columns integers: 120.5 + 8 x columns
 * bytes a row. rows 0..10^8, columns 1..10^5. */
int64_t ballast_rows_bytes(int64_t rows, int64_t columns);

#endif
