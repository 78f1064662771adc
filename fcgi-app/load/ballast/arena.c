/* SPDX-License-Identifier: MIT */
/*
 * The memory itself. MADV_POPULATE_WRITE gives 24 GB/s on huge pages and 3 on
 * base pages where a store at a time gives a fraction of it, and unlike a
 * store it can say ENOMEM. Reserved without overcommit accounting: how much
 * may be asked for is the guard's and the cgroup's business; where the kernel
 * counts all the same (vm.overcommit_memory=2) mmap says ENOMEM.
 */
#include "load/ballast/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_BYTES ((size_t)2 << 20) /* of a transparent huge page, x86-64 */

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* Address space of which an aligned part is used: inaccessible, so that what
 * counts writable mappings counts that part alone. */
static int reserve(struct arena *arena)
{
	arena->mapped = arena->size + HUGE_BYTES;
	arena->mapping = mmap(NULL, arena->mapped, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena->mapping == MAP_FAILED)
		return -1;
	arena->base = (char *)round_up((uintptr_t)arena->mapping, HUGE_BYTES);
	return 0;
}

int arena_map(
	struct arena *arena, size_t size, int protection, int flags, int fd)
{
	memset(arena, 0, sizeof(*arena));
	if (size == 0)
		return 0;
	arena->size = round_up(size, (size_t)sysconf(_SC_PAGESIZE));
	if (reserve(arena) < 0) {
		memset(arena, 0, sizeof(*arena));
		return -1;
	}
	if (mmap(arena->base, arena->size, protection, flags | MAP_FIXED, fd,
		    0) == MAP_FAILED) {
		int error = errno;

		arena_release(arena);
		errno = error;
		return -1;
	}
	return 0;
}

void arena_advise(const struct arena *arena, bool huge)
{
	size_t whole = huge ? arena->size / HUGE_BYTES * HUGE_BYTES : 0;

	/* Where there are no huge pages these fail, and base pages do. */
	if (whole > 0)
		madvise(arena->base, whole, MADV_HUGEPAGE);
	if (whole < arena->size)
		madvise(arena->base + whole, arena->size - whole,
			MADV_NOHUGEPAGE);
}

int arena_open(struct arena *arena, size_t size, bool huge)
{
	if (arena_map(arena, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1) < 0)
		return -1;
	arena_advise(arena, huge);
	return 0;
}

/* A store that changes nothing, not even what another thread writes there at
 * this moment: 0 for 0, else somebody has been here already. */
static void store_pages(const struct arena *arena, size_t from, size_t to)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t at = from; at < to; at += page) {
		char zero = 0;

		__atomic_compare_exchange_n(arena->base + at, &zero, 0, false,
			__ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
}

int arena_populate(const struct arena *arena, size_t from, size_t to)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	from = from / page * page;
	to = round_up(to, page);
	if (to > arena->size)
		to = arena->size;
	if (from >= to || madvise(arena->base + from, to - from,
				  MADV_POPULATE_WRITE) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
	store_pages(arena, from, to);
	return 0;
}

int64_t arena_resident(const struct arena *arena)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char pages[4096];
	size_t step = sizeof(pages) * page;
	int64_t resident = 0;

	for (size_t at = 0; at < arena->size; at += step) {
		size_t length =
			arena->size - at < step ? arena->size - at : step;

		if (mincore(arena->base + at, length, pages) < 0)
			return -1;
		for (size_t i = 0; i < length / page; i++)
			resident += (pages[i] & 1) ? (int64_t)page : 0;
	}
	return resident;
}

void arena_touch(const struct arena *arena, size_t to)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (to > arena->size)
		to = arena->size;
	for (size_t at = 0; at < to; at += page) {
		volatile char *word = arena->base + at;

		*word = *word;
	}
}

void arena_release(struct arena *arena)
{
	if (arena->mapping)
		munmap(arena->mapping, arena->mapped);
	memset(arena, 0, sizeof(*arena));
}
