/* SPDX-License-Identifier: MIT */
/*
 * The shared file: made, taken over, mapped and read. It is made beside its
 * name and renamed, so that nobody maps half a scoreboard; it is allocated to
 * the last page, so that no later store can meet a full tmpfs as SIGBUS. What
 * is found under the name is believed only if magic, layout and size agree;
 * anything else is moved aside, for a scoreboard of yesterday's version is no
 * reason not to start.
 */
#include "scoreboard/scoreboard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char scoreboard_magic[8] = "oomlab";

/* How often a reader tries again before it gives up: a writer holds a version
 * odd for less than a microsecond, unless it died or was preempted there. Each
 * try yields the processor, for the writer may be waiting for it. */
enum { READ_TRIES = 1000 };

int64_t scoreboard_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t scoreboard_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int path_of(char *out, const char *directory, const char *name)
{
	int length = snprintf(out, PATH_MAX, "%s/%s", directory, name);

	if (length >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

/* Whether what is mapped is a scoreboard of this very layout. */
static bool board_fits(const struct scoreboard *board)
{
	const struct scoreboard_header *header = &board->header;

	return memcmp(header->magic, scoreboard_magic,
		       sizeof(scoreboard_magic)) == 0 &&
	       header->layout == SCOREBOARD_LAYOUT &&
	       header->size == sizeof(*board) && header->level_count >= 0 &&
	       header->level_count <= CGROUP_LEVELS && header->pool.max >= 0 &&
	       header->pool.max <= SCOREBOARD_MAX;
}

/* All pages at once: later there may be none to be had for a page table, and
 * who maps it shall not seem to grow as the ring goes round. */
static struct scoreboard *board_map(int fd, int protection)
{
	struct scoreboard *board;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return NULL;
	if (st.st_size != (off_t)sizeof(*board)) {
		errno = EPROTO;
		return NULL;
	}
	board = mmap(NULL, sizeof(*board), protection, MAP_SHARED | MAP_POPULATE,
		fd, 0);
	if (board == MAP_FAILED)
		return NULL;
	if (!board_fits(board)) {
		munmap(board, sizeof(*board));
		errno = EPROTO;
		return NULL;
	}
	return board;
}

/* Opens path and maps it; NULL with errno, EPROTO for what is not ours. */
static struct scoreboard *board_open(
	const char *path, int flags, int protection)
{
	struct scoreboard *board;
	int fd, saved;

	fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return NULL;
	board = board_map(fd, protection);
	saved = errno;
	close(fd);
	errno = saved;
	return board;
}

static int board_fill(int fd)
{
	struct scoreboard_header header = {
		.layout = SCOREBOARD_LAYOUT,
		.size = sizeof(struct scoreboard),
	};
	int fault;

	memcpy(header.magic, scoreboard_magic, sizeof(header.magic));
	fault = posix_fallocate(fd, 0, sizeof(struct scoreboard));
	if (fault) {
		errno = fault;
		return -1;
	}
	return pwrite(fd, &header, sizeof(header), 0) == (ssize_t)sizeof(header)
		       ? 0
		       : -1;
}

static struct scoreboard *board_make(const char *directory, const char *path)
{
	struct scoreboard *board = NULL;
	char fresh[PATH_MAX];
	int fd, saved;

	if (path_of(fresh, directory, SCOREBOARD_FILE ".new") < 0)
		return NULL;
	unlink(fresh);
	fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0)
		return NULL;
	if (board_fill(fd) == 0)
		board = board_map(fd, PROT_READ | PROT_WRITE);
	if (board && rename(fresh, path) < 0) {
		saved = errno;
		munmap(board, sizeof(*board));
		board = NULL;
		errno = saved;
	}
	saved = errno;
	if (!board)
		unlink(fresh);
	close(fd);
	errno = saved;
	return board;
}

struct scoreboard *scoreboard_create(const char *directory)
{
	struct scoreboard *board;
	char path[PATH_MAX], aside[PATH_MAX];

	if (path_of(path, directory, SCOREBOARD_FILE) < 0 ||
		path_of(aside, directory, SCOREBOARD_FILE ".bad") < 0)
		return NULL;
	board = board_open(path, O_RDWR, PROT_READ | PROT_WRITE);
	if (board)
		return board;
	if (errno != ENOENT) {
		fprintf(stderr,
			"oomlab load: %s is no scoreboard of this version "
			"(%s); moved to %s\n",
			path, strerror(errno), aside);
		if (rename(path, aside) < 0)
			return NULL;
	}
	return board_make(directory, path);
}

const struct scoreboard *scoreboard_map(const char *directory)
{
	char path[PATH_MAX];

	if (path_of(path, directory, SCOREBOARD_FILE) < 0)
		return NULL;
	return board_open(path, O_RDONLY, PROT_READ);
}

void scoreboard_unmap(const struct scoreboard *board)
{
	if (board)
		munmap((void *)(uintptr_t)board, sizeof(*board));
}

int scoreboard_lock(const char *directory)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int fd;

	if (path_of(path, directory, SCOREBOARD_LOCK) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETLK, &lock) < 0) {
		if (errno == EACCES)
			errno = EAGAIN;
		close(fd);
		return -1;
	}
	return 0; /* the descriptor stays open: closing it drops the lock */
}

int scoreboard_master_lives(const char *directory)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int fd, result;

	if (path_of(path, directory, SCOREBOARD_LOCK) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	result = fcntl(fd, F_GETLK, &lock);
	close(fd);
	if (result < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

void scoreboard_begin(_Atomic uint32_t *version)
{
	/* A writer that died in between left it odd: stay odd. */
	uint32_t now = atomic_load_explicit(version, memory_order_relaxed) | 1;

	atomic_store_explicit(version, now, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

void scoreboard_end(_Atomic uint32_t *version)
{
	uint32_t now = atomic_load_explicit(version, memory_order_relaxed);

	atomic_store_explicit(version, now + 1, memory_order_release);
}

/* Copies size bytes at from while *version is even and stays the same. */
static bool copy_stable(const _Atomic uint32_t *version, const void *from,
	void *to, size_t size)
{
	for (int i = 0; i < READ_TRIES; i++) {
		uint32_t seen =
			atomic_load_explicit(version, memory_order_acquire);

		if (seen & 1) {
			sched_yield();
			continue;
		}
		memcpy(to, from, size);
		atomic_thread_fence(memory_order_acquire);
		if (atomic_load_explicit(version, memory_order_relaxed) == seen)
			return true;
	}
	return false;
}

bool scoreboard_read_slot(
	const struct scoreboard *board, int slot, struct scoreboard_slot *out)
{
	const struct scoreboard_slot *from = &board->slots[slot];

	return copy_stable(&from->version, from, out, sizeof(*out));
}

bool scoreboard_read_header(
	const struct scoreboard *board, struct scoreboard_header *out)
{
	return copy_stable(
		&board->header.version, &board->header, out, sizeof(*out));
}

bool scoreboard_read_record(const struct scoreboard *board, uint64_t sequence,
	struct scoreboard_record *out)
{
	const struct scoreboard_record *from =
		&board->ring[sequence % SCOREBOARD_RING];

	if (sequence == 0 || atomic_load_explicit(&from->sequence,
				     memory_order_acquire) != sequence)
		return false;
	memcpy(out, from, sizeof(*out));
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&from->sequence, memory_order_relaxed) ==
	       sequence;
}

static long futex(const _Atomic uint32_t *word, int operation, uint32_t value,
	const struct timespec *timeout)
{
	return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

void scoreboard_ring(struct scoreboard *board)
{
	_Atomic uint32_t *bell = &board->header.ring_bell;

	atomic_fetch_add_explicit(bell, 1, memory_order_release);
	futex(bell, FUTEX_WAKE, INT_MAX, NULL);
}

void scoreboard_append(
	struct scoreboard *board, const struct scoreboard_record *record)
{
	struct scoreboard_header *header = &board->header;
	uint64_t sequence =
		atomic_load_explicit(&header->ring_head, memory_order_relaxed) +
		1;
	struct scoreboard_record *to = &board->ring[sequence % SCOREBOARD_RING];
	size_t head = offsetof(struct scoreboard_record, kind);

	atomic_store_explicit(&to->sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	memcpy((char *)to + head, (const char *)record + head,
		sizeof(*to) - head);
	atomic_store_explicit(&to->sequence, sequence, memory_order_release);
	atomic_store_explicit(
		&header->ring_head, sequence, memory_order_release);
	scoreboard_ring(board);
}

uint32_t scoreboard_wait(
	const struct scoreboard *board, uint32_t seen, int timeout_ms)
{
	const _Atomic uint32_t *bell = &board->header.ring_bell;
	struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};

	if (atomic_load_explicit(bell, memory_order_acquire) == seen)
		futex(bell, FUTEX_WAIT, seen, &timeout);
	return atomic_load_explicit(bell, memory_order_acquire);
}
