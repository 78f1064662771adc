/* SPDX-License-Identifier: MIT */
/*
 * Page cache: a file that is written and has no name, as a log or a download
 * leaves it in memory. It is the kernel's to take back, so that resident tells
 * what stayed. On tmpfs the same file is shared memory, and is called so. The
 * disk is everybody's: some of it stays free.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "load/ballast/fill.h"
#include "load/ballast/mapping.h"
#include "load/ballast/quota.h"
#include "load/spec.h"

#define PIECE_BYTES   ((size_t)128 << 10) /* a write; memory of ours, so small */
#define RESERVE_BYTES ((int64_t)1 << 30)  /* of the disk, kept free */

/* A file without a name in directory; where its filesystem knows no such
 * thing, one that loses its name at once. */
static int open_nameless(const char *directory)
{
	char path[PATH_MAX];
	int fd = open(directory, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	snprintf(path, sizeof(path), "%s/ballast-XXXXXX", directory);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* 0 when bytes more leave the reserve; a tmpfs without a size has no blocks to
 * count. */
static int check_room(struct ballast *ballast, int64_t bytes)
{
	struct statfs fs;
	int64_t free_bytes;

	if (fstatfs(ballast->fd, &fs) < 0)
		return -1;
	free_bytes = (int64_t)fs.f_bavail * fs.f_bsize;
	if (fs.f_blocks == 0 || bytes <= free_bytes - RESERVE_BYTES)
		return 0;
	return quota_refuse(ballast, ENOSPC,
		"%.64s has %" PRId64 " bytes free and keeps %" PRId64
		" of them, %" PRId64 " more were to be written",
		ballast->spec->scratch, free_bytes, RESERVE_BYTES, bytes);
}

static int refuse_disk(struct ballast *ballast)
{
	return quota_refuse(
		ballast, errno, "%.100s: %m", ballast->spec->scratch);
}

static void note_place(struct ballast *ballast)
{
	struct statfs fs;

	if (fstatfs(ballast->fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC)
		ballast->place = PLACE_SHMEM;
}

/* The mapping is for mincore alone: nothing is ever read or written by it, for
 * a page that the disk cannot give would be SIGBUS. */
static int file_open_kind(struct ballast *ballast, const struct load_spec *spec)
{
	if (quota_file_size(ballast, spec->bytes) < 0)
		return -1;
	ballast->fd = open_nameless(spec->scratch);
	if (ballast->fd < 0)
		return refuse_disk(ballast);
	note_place(ballast);
	if (check_room(ballast, spec->bytes) < 0)
		return -1;
	if (arena_map(&ballast->arena, (size_t)spec->bytes, PROT_READ,
		    MAP_SHARED, ballast->fd) < 0)
		return quota_refuse_mapping(ballast, spec->bytes);
	ballast->private = calloc(1, PIECE_BYTES);
	return ballast->private ? 0 : -1;
}

static size_t piece_of(int64_t bytes)
{
	return bytes < (int64_t)PIECE_BYTES ? (size_t)bytes : PIECE_BYTES;
}

/* Zeros are written as well: a hole would hold no page. */
static int file_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	char *piece = ballast->private;

	if (check_room(ballast, to - from) < 0)
		return -1;
	while (from < to) {
		size_t length = piece_of(to - from);
		ssize_t written;

		if (ballast->spec->fill_random)
			fill_random(piece, length);
		written = pwrite(ballast->fd, piece, length, (off_t)from);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return refuse_disk(ballast);
		from += written;
	}
	return 0;
}

/* Read, for a write alone does not count as a use of the page; then written as
 * it was. What was taken back comes from the disk again. */
static void file_touch(struct ballast *ballast, int64_t to)
{
	char *piece = ballast->private;

	for (int64_t at = 0; at < to; at += (int64_t)PIECE_BYTES) {
		ssize_t length =
			pread(ballast->fd, piece, piece_of(to - at), (off_t)at);

		if (length > 0)
			(void)!pwrite(
				ballast->fd, piece, (size_t)length, (off_t)at);
	}
}

static void file_release(struct ballast *ballast)
{
	mapping_release(ballast);
	free(ballast->private);
	ballast->private = NULL;
}

const struct ballast_kind ballast_file = {
	.name = "file",
	.help = "page cache of an unlinked file in OOMLAB_SCRATCH",
	.place = PLACE_FILE,
	.open = file_open_kind,
	.grow = file_grow,
	.resident = mapping_resident,
	.touch = file_touch,
	.release = file_release,
};
