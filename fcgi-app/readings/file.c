/* SPDX-License-Identifier: MIT */
/*
 * Reads one small kernel file whole, and finds lines and numbers in it. There
 * is one such reader so that every reading treats a short read, an interrupted
 * one and a file that is too large alike. The scanners take a length and never
 * look beyond it, so that a fuzzer can hand them anything.
 */
#include "readings/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int file_open(const char *root, const char *path)
{
	char full[PATH_MAX];
	int length = snprintf(full, sizeof(full), "%s%s", root, path);

	if (length < 0 || (size_t)length >= sizeof(full)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(full, O_RDONLY | O_CLOEXEC);
}

/* The kernel may hand out a long file a page at a time (vmstat with many
 * nodes), so only a read of nothing is the end. */
ssize_t file_read_fd(int fd, char *buf, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got =
			pread(fd, buf + length, size - length, (off_t)length);

		if (got == 0) {
			buf[length] = '\0';
			return (ssize_t)length;
		}
		if (got > 0)
			length += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	errno = EFBIG;
	return -1;
}

const char *file_line(
	const char *text, size_t length, const char *name, char delimiter)
{
	size_t name_length = strlen(name);
	const char *end = text + length;

	while ((size_t)(end - text) > name_length) {
		if (text[name_length] == delimiter &&
			memcmp(text, name, name_length) == 0)
			return text + name_length + 1;
		text = memchr(text, '\n', (size_t)(end - text));
		if (!text)
			break;
		text++;
	}
	return NULL;
}

static const char *skip_blanks(const char *text, const char *end)
{
	while (text < end && (*text == ' ' || *text == '\t'))
		text++;
	return text;
}

int64_t file_number(const char *text, const char *end)
{
	const char *digit = skip_blanks(text, end);
	const char *first = digit;
	int64_t value = 0;

	for (; digit < end && *digit >= '0' && *digit <= '9'; digit++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *digit - '0', &value))
			value = INT64_MAX;
	}
	if (digit == first || (digit < end && !strchr(" \t\n", *digit)))
		return -1;
	return value;
}

/*
 * VmRSS:	    1780 kB
 */
int64_t file_kilobytes(const char *text, size_t length, const char *name)
{
	const char *value = file_line(text, length, name, ':');
	int64_t number = value ? file_number(value, text + length) : -1;

	if (number > INT64_MAX / 1024)
		return INT64_MAX;
	return number == -1 ? -1 : number * 1024;
}
