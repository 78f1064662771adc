/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_BALLAST_ARENA_H
#define OOMLAB_LOAD_BALLAST_ARENA_H

/*
 * A mapping that is made resident piece by piece: on huge pages as far as
 * whole ones fit, on base pages beyond (so that no more than was asked becomes
 * resident). mmap(2), madvise(2).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena {
	char *base;	   /* 2 MiB-aligned; NULL: nothing mapped */
	size_t size;	   /* usable from base, a multiple of the page */
	void *mapping;	   /* what mmap gave, for munmap */
	size_t mapped;
};

/* Private anonymous memory; address space only, size 0 is fine. With huge, on
 * huge pages where there are any, else on base pages alone. 0, or -1 with
 * errno. */
int arena_open(struct arena *arena, size_t size, bool huge);

/* The same of any mapping, by mmap's arguments; fd from its start. Which pages
 * it takes is the kernel's choice until arena_advise() says. */
int arena_map(
	struct arena *arena, size_t size, int protection, int flags, int fd);
void arena_advise(const struct arena *arena, bool huge);

/* Makes [from, to) resident. 0, or -1 with errno ENOMEM and the like; on a
 * kernel without MADV_POPULATE_WRITE by a store a page, which cannot fail and
 * leaves what is there. Several threads may, whatever their ranges. */
int arena_populate(const struct arena *arena, size_t from, size_t to);

/* Bytes of it in memory: mincore(2). -1 with errno. */
int64_t arena_resident(const struct arena *arena);

/* Reads and rewrites a word of every base page of [0, to). */
void arena_touch(const struct arena *arena, size_t to);

void arena_release(struct arena *arena);

#endif
