/* SPDX-License-Identifier: MIT */
/*
 * The shared file: made once, taken over, never trusted when it is another's,
 * and its ring read whole or not at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scoreboard/scoreboard.h"

static char directory[] = "/tmp/oomlab-test-XXXXXX";
static char file[64], aside[64];

static int make_directory(void **state)
{
	(void)state;
	strcpy(directory + strlen(directory) - 6, "XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	snprintf(file, sizeof(file), "%s/" SCOREBOARD_FILE, directory);
	snprintf(aside, sizeof(aside), "%s/" SCOREBOARD_FILE ".bad", directory);
	return 0;
}

static int remove_directory(void **state)
{
	char lock[64];

	(void)state;
	snprintf(lock, sizeof(lock), "%s/" SCOREBOARD_LOCK, directory);
	unlink(file);
	unlink(aside);
	unlink(lock);
	return rmdir(directory);
}

static void one_is_made_and_taken_over(void **state)
{
	struct scoreboard *board = scoreboard_create(directory);

	(void)state;
	assert_non_null(board);
	board->header.generation = 41;
	scoreboard_unmap(board);
	board = scoreboard_create(directory);
	assert_non_null(board);
	assert_int_equal(board->header.generation, 41);
	assert_int_equal(access(aside, F_OK), -1);
	scoreboard_unmap(board);
}

/* Each writes something else over the head of a good scoreboard. */
static const struct {
	const char *why;
	size_t offset, length;
	off_t size;
} damages[] = {
	{"magic", offsetof(struct scoreboard_header, magic), 4, 0},
	{"layout", offsetof(struct scoreboard_header, layout), 4, 0},
	{"size", offsetof(struct scoreboard_header, size), 4, 0},
	{"levels beyond the table",
		offsetof(struct scoreboard_header, level_count), 4, 0},
	{"cut short", 0, 0, 4096},
	{"empty", 0, 0, 1},
};

static void damage(size_t offset, size_t length, off_t size)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	if (length > 0)
		assert_int_equal(
			pwrite(fd, "\x7f\x7f\x7f\x7f", length, (off_t)offset),
			length);
	if (size > 0)
		assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static void a_damaged_one_is_moved_aside(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		scoreboard_unmap(scoreboard_create(directory));
		damage(damages[i].offset, damages[i].length, damages[i].size);
		errno = 0;
		if (scoreboard_map(directory) || errno != EPROTO)
			fail_msg("%s: was trusted", damages[i].why);
		struct scoreboard *board = scoreboard_create(directory);

		if (!board || board->header.generation != 0)
			fail_msg("%s: no fresh one", damages[i].why);
		if (access(aside, F_OK) < 0)
			fail_msg("%s: not moved aside", damages[i].why);
		scoreboard_unmap(board);
		unlink(aside);
	}
}

static void without_a_master_there_is_none(void **state)
{
	(void)state;
	assert_null(scoreboard_map(directory));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(scoreboard_master_lives(directory), 0);
}

/* In a child, for a process cannot see its own lock. */
static int ask_in_a_child(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(scoreboard_master_lives(directory) * 2 +
			(scoreboard_lock(directory) == 0));
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void the_lock_tells_a_living_master(void **state)
{
	(void)state;
	assert_int_equal(ask_in_a_child(), 1);
	assert_int_equal(scoreboard_lock(directory), 0);
	assert_int_equal(ask_in_a_child(), 2);
}

static void the_ring_keeps_the_last_of_them(void **state)
{
	struct scoreboard *board = scoreboard_create(directory);
	struct scoreboard_record *record = calloc(1, sizeof(*record));
	const struct scoreboard *reader = scoreboard_map(directory);
	uint64_t last = SCOREBOARD_RING + 10;

	(void)state;
	assert_non_null(record);
	assert_non_null(reader);
	for (uint64_t i = 1; i <= last; i++) {
		snprintf(record->load.id, sizeof(record->load.id), "%032lx",
			(unsigned long)i);
		scoreboard_append(board, record);
	}
	assert_int_equal(reader->header.ring_head, last);
	assert_false(scoreboard_read_record(reader, 0, record));
	assert_false(scoreboard_read_record(reader, 10, record));
	assert_false(scoreboard_read_record(reader, last + 1, record));
	assert_true(scoreboard_read_record(reader, 11, record));
	assert_string_equal(
		record->load.id, "0000000000000000000000000000000b");
	free(record);
	scoreboard_unmap(reader);
	scoreboard_unmap(board);
}

static void a_slot_being_written_is_not_read(void **state)
{
	struct scoreboard *board = scoreboard_create(directory);
	struct scoreboard_slot slot;

	(void)state;
	scoreboard_begin(&board->slots[3].version);
	assert_false(scoreboard_read_slot(board, 3, &slot));
	/* Its writer died there; the next one puts it right. */
	scoreboard_begin(&board->slots[3].version);
	board->slots[3].pid = 99;
	scoreboard_end(&board->slots[3].version);
	assert_true(scoreboard_read_slot(board, 3, &slot));
	assert_int_equal(slot.pid, 99);
	scoreboard_unmap(board);
}

static void the_bell_wakes_across_processes(void **state)
{
	struct scoreboard *board = scoreboard_create(directory);
	const struct scoreboard *reader = scoreboard_map(directory);
	struct scoreboard_record *record = calloc(1, sizeof(*record));
	uint32_t seen = board->header.ring_bell;
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		free(record); /* the child's, for valgrind looks there, too */
		_exit(scoreboard_wait(reader, seen, 10000) == seen);
	}
	scoreboard_append(board, record);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	free(record);
	scoreboard_unmap(reader);
	scoreboard_unmap(board);
}

#define WITH_DIRECTORY(test)                                                   \
	cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest list[] = {
		WITH_DIRECTORY(one_is_made_and_taken_over),
		WITH_DIRECTORY(a_damaged_one_is_moved_aside),
		WITH_DIRECTORY(without_a_master_there_is_none),
		WITH_DIRECTORY(the_lock_tells_a_living_master),
		WITH_DIRECTORY(the_ring_keeps_the_last_of_them),
		WITH_DIRECTORY(a_slot_being_written_is_not_read),
		WITH_DIRECTORY(the_bell_wakes_across_processes),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
