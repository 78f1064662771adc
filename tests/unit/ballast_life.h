/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_BALLAST_LIFE_H
#define OOMLAB_TESTS_BALLAST_LIFE_H

/*
 * A ballast's life as the crew leads it, and what every kind has to show for
 * it, for the tests of the kinds. Include after cmocka.h.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "descriptors.h"
#include "load/ballast/ballast.h"
#include "load/spec.h"

#define SIZE ((int64_t)3 << 20 | 12345) /* no multiple of anything */
#define ODD  ((int64_t)70001)		/* so are the ranges' lengths */

/* Of page tables: those above the lowest, and of whatever else came. */
#ifdef __SANITIZE_ADDRESS__
#define TABLES_SLACK ((int64_t)2 << 20) /* its shadow has some, too */
#define HEAP_LINES   100
#else
#define TABLES_SLACK ((int64_t)64 << 10)
#define HEAP_LINES   2 /* of maps, that come and go with the heap */
#endif

static char scratch[] = "/tmp/oomlab-ballast-XXXXXX";

static inline int64_t pages_up(int64_t bytes)
{
	int64_t page = sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static inline void spec_of(
	const struct ballast_kind *kind, struct load_spec *spec)
{
	*spec = (struct load_spec){
		.kind = kind, .bytes = SIZE, .scratch = scratch};
	if (kind != &ballast_rows)
		return;
	spec->columns = 100;
	spec->rows = SIZE / 920;
	spec->bytes = ballast_rows_bytes(spec->rows, spec->columns);
}

static inline void grow(struct ballast *ballast, int64_t from, int64_t to)
{
	for (int64_t next; from < to; from = next) {
		next = to - from < ODD ? to : from + ODD;
		assert_int_equal(
			ballast->spec->kind->grow(ballast, from, next), 0);
	}
}

static inline void assert_resident(const struct ballast *ballast, int64_t bytes)
{
	const struct ballast_kind *kind = ballast->spec->kind;
	int64_t slack = kind == &ballast_pagetable ? TABLES_SLACK
			: kind == &ballast_rows	   ? 2 << 12
						   : 0;

	assert_in_range(
		kind->resident(ballast), bytes, pages_up(bytes) + slack);
}

static inline int lines_of(const char *path)
{
	FILE *file = fopen(path, "r");
	int lines = 0;

	for (int c; file && (c = getc(file)) != EOF;)
		lines += c == '\n';
	if (file)
		fclose(file);
	return lines;
}

static inline int names_in(const char *path)
{
	DIR *directory = opendir(path);
	int names = 0;

	while (directory && readdir(directory))
		names++;
	if (directory)
		closedir(directory);
	return names - 2; /* . and .. */
}

/* The whole life of each kind, and what is left behind. */
static inline void live(bool random)
{
	for (int i = 0; ballast_kinds[i]; i++) {
		const struct ballast_kind *kind = ballast_kinds[i];
		struct ballast ballast;
		struct load_spec spec;
		int mappings;

		if (kind->missing && kind->missing())
			continue;
		spec_of(kind, &spec);
		spec.fill_random = random;
		mappings = lines_of("/proc/self/maps");
		assert_int_equal(ballast_open(&ballast, &spec), 0);
		assert_true(kind->resident(&ballast) <= TABLES_SLACK);
		grow(&ballast, 0, spec.bytes);
		assert_resident(&ballast, spec.bytes);
		assert_string_equal(ballast.reason, "");
		if (kind->touch)
			kind->touch(&ballast, spec.bytes);
		assert_resident(&ballast, spec.bytes);
		assert_int_equal(names_in(scratch), 0);
		kind->release(&ballast);
		assert_in_range(lines_of("/proc/self/maps"),
			mappings - HEAP_LINES, mappings + HEAP_LINES);
	}
}

static inline int make_scratch(void **state)
{
	(void)state;
	return mkdtemp(scratch) ? 0 : -1;
}

static inline int remove_scratch(void **state)
{
	(void)state;
	return rmdir(scratch);
}

#endif
