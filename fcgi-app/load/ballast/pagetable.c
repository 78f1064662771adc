/* SPDX-License-Identifier: MIT */
/*
 * Page tables: what a process with much address space costs beside its memory,
 * and in nobody's RSS. One read in each 2 MiB of a private mapping maps the
 * shared page of zeros there, which costs nothing, by a page-table page, which
 * is the ballast. The tables above it come to one page in 512, which is more
 * than was asked by 0.2 %.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load/ballast/mapping.h"
#include "load/ballast/quota.h"
#include "load/spec.h"
#include "readings/process.h"

#define ENTRY_BYTES 8 /* of a page table, on every 64-bit machine */

struct tables {
	int64_t before_bytes; /* the process's own */
};

static int64_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* The address space that one page of a page table maps. */
static int64_t region_bytes(void)
{
	return page_bytes() / ENTRY_BYTES * page_bytes();
}

/* The first page that begins at or after a byte: of ranges that meet, each
 * page falls into one. */
static int64_t page_of(int64_t byte)
{
	return byte / page_bytes() + (byte % page_bytes() != 0);
}

static int64_t table_bytes(void)
{
	struct process_status status;

	return process_status_read(0, &status) < 0 ? -1
						   : status.page_tables_bytes;
}

/* Only to be read: what may not be written is no commitment. */
static int map_regions(struct ballast *ballast, int64_t bytes)
{
	int64_t space;

	if (__builtin_mul_overflow(page_of(bytes), region_bytes(), &space))
		return quota_refuse(ballast, ENOMEM,
			"page tables of %" PRId64 " bytes map more address "
			"space than there is",
			bytes);
	if (arena_map(&ballast->arena, (size_t)space, PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1) == 0)
		return 0;
	if (quota_refuse_mapping(ballast, space) < 0 && !ballast->reason[0])
		return quota_refuse(ballast, errno,
			"page tables of %" PRId64 " bytes need %" PRId64
			" bytes of address space: %m",
			bytes, space);
	return -1;
}

static int pagetable_open(struct ballast *ballast, const struct load_spec *spec)
{
	struct tables *tables = malloc(sizeof(*tables));

	ballast->private = tables;
	if (!tables)
		return -1;
	tables->before_bytes = table_bytes();
	if (tables->before_bytes < 0 || map_regions(ballast, spec->bytes) < 0)
		return -1;
	/* The huge page of zeros would need no table. */
	arena_advise(&ballast->arena, false);
	return 0;
}

static int pagetable_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	const int64_t region = region_bytes();
	const int64_t end = page_of(to);

	for (int64_t page = page_of(from); page < end; page++)
		(void)*(volatile char *)(ballast->arena.base + page * region);
	return 0;
}

static int64_t pagetable_resident(const struct ballast *ballast)
{
	const struct tables *tables = ballast->private;
	int64_t now_bytes = table_bytes();

	if (!tables || now_bytes < 0)
		return -1;
	return now_bytes - tables->before_bytes;
}

static void pagetable_release(struct ballast *ballast)
{
	mapping_release(ballast);
	free(ballast->private);
	ballast->private = NULL;
}

const struct ballast_kind ballast_pagetable = {
	.name = "pagetable",
	.help = "page tables, of address space that holds nothing",
	.place = PLACE_KERNEL,
	.parallel = true,
	.open = pagetable_open,
	.grow = pagetable_grow,
	.resident = pagetable_resident,
	.release = pagetable_release,
};
