/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_BALLAST_QUOTA_H
#define OOMLAB_LOAD_BALLAST_QUOTA_H

/*
 * Why a machine gave less than was asked: the limit by its name and value, in
 * ballast->reason. Those that return int return -1 and set errno, so that the
 * caller can return what they return. getrlimit(2), proc_sys_fs(5).
 */
#include <stdint.h>

#include "load/ballast/ballast.h"

/* -1 with this errno and this reason. */
int quota_refuse(struct ballast *ballast, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* After a mapping of bytes failed: keeps errno, names what bounds address
 * space when it was that. -1. */
int quota_refuse_mapping(struct ballast *ballast, int64_t bytes);

/* 0 when a file of bytes may be written; else -1 with EFBIG: to go beyond
 * RLIMIT_FSIZE would be a signal. */
int quota_file_size(struct ballast *ballast, int64_t bytes);

/* The soft limit of a resource (RLIMIT_...), INT64_MAX when there is none. */
int64_t quota_rlimit(int resource);

/* The number that a file of /proc/sys holds, or -1. */
int64_t quota_sysctl(const char *path);

#endif
