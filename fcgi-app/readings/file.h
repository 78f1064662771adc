/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_FILE_H
#define OOMLAB_READINGS_FILE_H

/*
 * One small file of /proc or a cgroup, read whole, and the lines in it: what
 * all readings share. Nothing here allocates.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens ROOT and path, read-only and close-on-exec; "" is the live system.
 * The descriptor, or -1 with errno. */
int file_open(const char *root, const char *path);

/* Reads fd from its start into buf and puts a NUL behind it. The length, or -1
 * with errno; EFBIG when size does not hold it, for half a file would be half
 * a number. Thread-safe, and as often as wanted: pread(2). */
ssize_t file_read_fd(int fd, char *buf, size_t size);

/* What stands behind "NAMEdelimiter" on the first line that begins with it,
 * or NULL. A name within a line, or one that only begins so, never counts. */
const char *file_line(
	const char *text, size_t length, const char *name, char delimiter);

/* The decimal number at text, after blanks; INT64_MAX when larger. -1 when
 * there is none, or when anything but blank, newline or end is behind it. */
int64_t file_number(const char *text, const char *end);

/* The bytes of the line "NAME:   N kB" of meminfo or status, or -1. */
int64_t file_kilobytes(const char *text, size_t length, const char *name);

#endif
