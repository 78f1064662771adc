/* SPDX-License-Identifier: MIT */
/*
 * Kernel buffers: pipes that are written full and never read, memory that is
 * in nobody's RSS. As few pipes as can be: each is made as large as an
 * unprivileged user may, and once it is full its read end alone keeps it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load/ballast/ballast.h"
#include "load/ballast/fill.h"
#include "load/ballast/quota.h"
#include "load/spec.h"

#define PIPE_SYSCTL   "/proc/sys/fs/pipe-"
#define PIPE_BYTES    ((int64_t)1 << 20)  /* pipe-max-size by default */
#define PIECE_BYTES   ((int64_t)64 << 10) /* a write; memory of ours, so small */
#define SPARE_NUMBERS 32 /* descriptors that are left for readings */

struct pipes {
	int64_t pipe_bytes;    /* of a whole one */
	int64_t written_bytes; /* in all of them */
	int64_t filled_bytes;  /* in the last */
	int write_fd;	       /* of the last, until it is full; else -1 */
	int64_t numbers;       /* RLIMIT_NOFILE */
	int64_t count, capacity;
	char *piece;
	int read_fds[];
};

static int64_t page_up(int64_t bytes)
{
	int64_t page = sysconf(_SC_PAGESIZE);

	return bytes > INT64_MAX - page ? INT64_MAX / page * page
					: (bytes + page - 1) / page * page;
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The soft limit on descriptors is the user's to raise. */
static int64_t raise_numbers(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return quota_rlimit(RLIMIT_NOFILE);
}

static int pipe_open(struct ballast *ballast, const struct load_spec *spec)
{
	int64_t most = quota_sysctl(PIPE_SYSCTL "max-size");
	int64_t pipe_bytes = most > 0 ? lesser(most, INT32_MAX) : PIPE_BYTES;
	int64_t numbers = raise_numbers();
	int64_t capacity =
		lesser(numbers, page_up(spec->bytes) / pipe_bytes + 1);
	struct pipes *pipes =
		calloc(1, sizeof(*pipes) + (size_t)capacity * sizeof(int));

	ballast->private = pipes;
	if (!pipes)
		return -1;
	pipes->pipe_bytes = pipe_bytes;
	pipes->numbers = numbers;
	pipes->capacity = capacity;
	pipes->write_fd = -1;
	pipes->piece = calloc(1, (size_t)PIECE_BYTES);
	return pipes->piece ? 0 : -1;
}

static int refuse_quota(struct ballast *ballast)
{
	int64_t soft = quota_sysctl(PIPE_SYSCTL "user-pages-soft");

	if (soft > 0)
		return quota_refuse(ballast, EPERM,
			"fs.pipe-user-pages-soft is %" PRId64
			" pages, for all pipes of this user",
			soft);
	return quota_refuse(ballast, EPERM,
		"fs.pipe-user-pages-hard is %" PRId64
		" pages, for all pipes of this user",
		quota_sysctl(PIPE_SYSCTL "user-pages-hard"));
}

/* Why there is no further pipe, by pipe(2) and F_SETPIPE_SZ in fcntl(2). */
static int refuse(struct ballast *ballast, int error)
{
	const struct pipes *pipes = ballast->private;

	if (error == EMFILE)
		return quota_refuse(ballast, error,
			"RLIMIT_NOFILE is %" PRId64
			" descriptors, and a pipe of %" PRId64
			" bytes takes one",
			pipes->numbers, pipes->pipe_bytes);
	if (error == EPERM ||
		(error == ENFILE &&
			quota_sysctl(PIPE_SYSCTL "user-pages-hard") > 0))
		return refuse_quota(ballast);
	if (error == ENFILE)
		return quota_refuse(ballast, error,
			"fs.file-max is %" PRId64 " files",
			quota_sysctl("/proc/sys/fs/file-max"));
	errno = error;
	return -1;
}

static void close_both(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Another pipe, as large as what is still to come needs. Descriptors are
 * given out from below, so the number tells how many are left. */
static int add_pipe(struct ballast *ballast)
{
	struct pipes *pipes = ballast->private;
	int64_t wanted = lesser(pipes->pipe_bytes,
		page_up(ballast->spec->bytes) - pipes->written_bytes);
	int ends[2];
	int error;

	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0)
		return refuse(ballast, errno);
	if (pipes->count == pipes->capacity ||
		ends[1] >= pipes->numbers - SPARE_NUMBERS) {
		close_both(ends);
		return refuse(ballast, EMFILE);
	}
	if (fcntl(ends[1], F_SETPIPE_SZ, (int)wanted) < 0) {
		error = errno;
		close_both(ends);
		return refuse(ballast, error);
	}
	pipes->read_fds[pipes->count++] = ends[0];
	pipes->write_fd = ends[1];
	pipes->filled_bytes = 0;
	return 0;
}

static void close_writing(struct pipes *pipes)
{
	if (pipes->write_fd >= 0)
		close(pipes->write_fd);
	pipes->write_fd = -1;
}

/* As much as the last pipe takes at once, at most bytes: how much that was, 0
 * when it is full, -1 with errno. */
static int64_t write_some(struct pipes *pipes, int64_t bytes, bool random)
{
	size_t length = (size_t)lesser(bytes, PIECE_BYTES);
	ssize_t written;

	if (random)
		fill_random(pipes->piece, length);
	written = TEMP_FAILURE_RETRY(
		write(pipes->write_fd, pipes->piece, length));
	if (written < 0 && errno == EAGAIN && pipes->filled_bytes > 0)
		return 0;
	if (written > 0) {
		pipes->filled_bytes += written;
		pipes->written_bytes += written;
	}
	return written;
}

/* Whole pages: the buffers of a pipe are such. */
static int pipe_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	struct pipes *pipes = ballast->private;

	from = page_up(from);
	to = page_up(to);
	while (from < to) {
		int64_t written;

		if (pipes->write_fd < 0 && add_pipe(ballast) < 0)
			return -1;
		written = write_some(
			pipes, to - from, ballast->spec->fill_random);
		if (written < 0)
			return -1;
		if (written == 0 || pipes->filled_bytes >= pipes->pipe_bytes)
			close_writing(pipes);
		from += written;
	}
	return 0;
}

static int64_t pipe_resident(const struct ballast *ballast)
{
	const struct pipes *pipes = ballast->private;
	int64_t resident = 0;

	for (int64_t i = 0; pipes && i < pipes->count; i++) {
		int unread;

		if (ioctl(pipes->read_fds[i], FIONREAD, &unread) < 0)
			return -1;
		resident += unread;
	}
	return resident;
}

static void pipe_release(struct ballast *ballast)
{
	struct pipes *pipes = ballast->private;

	if (!pipes)
		return;
	close_writing(pipes);
	for (int64_t i = 0; i < pipes->count; i++)
		close(pipes->read_fds[i]);
	free(pipes->piece);
	free(pipes);
	ballast->private = NULL;
}

const struct ballast_kind ballast_pipe = {
	.name = "pipe",
	.help = "kernel buffers of pipes, as far as their quota goes",
	.place = PLACE_KERNEL,
	.open = pipe_open,
	.grow = pipe_grow,
	.resident = pipe_resident,
	.release = pipe_release,
};
