/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_MEMINFO_H
#define OOMLAB_READINGS_MEMINFO_H

/*
 * The host's memory: /proc/meminfo and the OOM counter of /proc/vmstat, as
 * proc(5) and Documentation/filesystems/proc.rst describe them. Parsers work
 * on a buffer, the reader keeps its descriptors and allocates nothing.
 */
#include <stddef.h>
#include <stdint.h>

/* Bytes (the kernel prints kB of 1024); -1 for a line that is not there. */
struct meminfo {
	int64_t total_bytes, free_bytes, available_bytes;
	int64_t buffers_bytes, cached_bytes, active_bytes, inactive_bytes;
	int64_t dirty_bytes, anon_bytes, shmem_bytes, slab_bytes;
	int64_t slab_reclaimable_bytes, kernel_stack_bytes, page_tables_bytes;
	int64_t vmalloc_used_bytes, commit_limit_bytes, committed_bytes;
	int64_t swap_total_bytes, swap_free_bytes;
};

/* Whole names at a line's start only; text need not end in a NUL. */
void meminfo_parse(const char *text, size_t length, struct meminfo *out);

/* The value of the line "NAME N" of a flat file (vmstat, memory.stat,
 * memory.events), or -1. */
int64_t flat_value(const char *text, size_t length, const char *name);

/* PSI (Documentation/accounting/psi.rst): microseconds since boot, or since
 * the cgroup was made, that some, or all, of its tasks stood still for want of
 * memory; -1 where that is not counted. */
struct pressure {
	int64_t some_us, full_us;
};

/* The text of /proc/pressure/memory, or of a cgroup's memory.pressure. */
void pressure_parse(const char *text, size_t length, struct pressure *out);

struct meminfo_files {
	int meminfo_fd, vmstat_fd; /* -1: could not be opened */
	int pressure_fd;	   /* likewise: a kernel without PSI */
};

/* Opens ROOT/proc/meminfo, vmstat and pressure/memory ("" is the live system).
 * -1 with errno when meminfo is not there; close with meminfo_close(). */
int meminfo_open(struct meminfo_files *files, const char *root);
void meminfo_close(struct meminfo_files *files);

/* 0, or -1 with errno and every field -1. Thread-safe. */
int meminfo_read(const struct meminfo_files *files, struct meminfo *out);

/* Every OOM kill on the machine since boot (vmstat's oom_kill), or -1. */
int64_t meminfo_oom_kills(const struct meminfo_files *files);

/* The host's PSI; both -1 where there is none. */
void meminfo_pressure(const struct meminfo_files *files, struct pressure *out);

#endif
