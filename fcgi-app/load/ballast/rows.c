/* SPDX-License-Identifier: MIT */
/*
 * The ancestor's ballast: a list of lists of integers, laid out and sized as
 * CPython has it. There each row is an object of its own with a header and an
 * array of 8-byte references, and the outer list holds a pointer to each, with
 * a little room to spare as it grows: 120.5 + 8 x columns bytes a row. Here
 * all of it lies in one arena: the index of pointers, then the rows.
 */
#include <string.h>

#include "load/ballast/ballast.h"
#include "load/ballast/fill.h"
#include "load/ballast/quota.h"
#include "load/spec.h"

struct row {
	int64_t columns;
	char object[104]; /* the rest of what a list costs in CPython */
	int64_t item[];
};

/* The outer list is over-allocated by up to an eighth, half that on average. */
static int64_t index_bytes(int64_t rows)
{
	return rows * 8 + rows / 2;
}

static int64_t row_bytes(int64_t columns)
{
	return (int64_t)sizeof(struct row) + columns * (int64_t)sizeof(int64_t);
}

/* Where the rows begin: rows stay aligned for their integers. */
static int64_t rows_offset(int64_t rows)
{
	return (index_bytes(rows) + 7) / 8 * 8;
}

int64_t ballast_rows_bytes(int64_t rows, int64_t columns)
{
	return index_bytes(rows) + rows * row_bytes(columns);
}

static int rows_open(struct ballast *ballast, const struct load_spec *spec)
{
	int64_t bytes =
		rows_offset(spec->rows) + spec->rows * row_bytes(spec->columns);

	if (arena_open(&ballast->arena, (size_t)bytes, true) < 0)
		return quota_refuse_mapping(ballast, bytes);
	return 0;
}

static struct row *row_at(const struct ballast *ballast, int64_t row)
{
	return (struct row *)(ballast->arena.base +
			      rows_offset(ballast->spec->rows) +
			      row * row_bytes(ballast->spec->columns));
}

static void count_up(struct row *row)
{
	for (int64_t i = 0; i < row->columns; i++)
		row->item[i] = i;
}

/* Rows [from, to) and their part of the index, made resident, then filled. */
static int build(struct ballast *ballast, int64_t from, int64_t to)
{
	const struct load_spec *spec = ballast->spec;
	struct row **index = (struct row **)ballast->arena.base;
	size_t rows_from =
		(size_t)((char *)row_at(ballast, from) - ballast->arena.base);
	size_t rows_to =
		(size_t)((char *)row_at(ballast, to) - ballast->arena.base);

	if (arena_populate(&ballast->arena, (size_t)index_bytes(from),
		    (size_t)index_bytes(to)) < 0 ||
		arena_populate(&ballast->arena, rows_from, rows_to) < 0)
		return -1;
	if (spec->fill_random)
		fill_random(
			ballast->arena.base + rows_from, rows_to - rows_from);
	for (int64_t i = from; i < to; i++) {
		index[i] = row_at(ballast, i);
		index[i]->columns = spec->columns;
		if (!spec->fill_random)
			count_up(index[i]);
	}
	return 0;
}

/* The spare end of the index is memory too. */
static void fill_spare(struct ballast *ballast)
{
	int64_t rows = ballast->spec->rows;

	memset(ballast->arena.base + rows * 8, 0, (size_t)(rows / 2));
}

/* Which row begins at or after a byte of the whole. */
static int64_t row_of(const struct load_spec *spec, int64_t byte)
{
	if (byte >= spec->bytes)
		return spec->rows;
	return (int64_t)((__int128)byte * spec->rows / spec->bytes);
}

static int rows_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	const struct load_spec *spec = ballast->spec;

	if (build(ballast, row_of(spec, from), row_of(spec, to)) < 0)
		return -1;
	if (to >= spec->bytes)
		fill_spare(ballast);
	return 0;
}

static int64_t rows_resident(const struct ballast *ballast)
{
	return arena_resident(&ballast->arena);
}

static void rows_touch(struct ballast *ballast, int64_t to)
{
	arena_touch(&ballast->arena, (size_t)to);
}

static void rows_release(struct ballast *ballast)
{
	arena_release(&ballast->arena);
}

const struct ballast_kind ballast_rows = {
	.name = "rows",
	.help = "lists of integers at CPython's cost, on huge pages",
	.place = PLACE_ANON,
	.parallel = true,
	.open = rows_open,
	.grow = rows_grow,
	.resident = rows_resident,
	.touch = rows_touch,
	.release = rows_release,
};
