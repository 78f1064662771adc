/* SPDX-License-Identifier: MIT */
/*
 * Whatever call of the disk fails, and whenever the watch is killed then: what
 * was called saved is there afterwards, once, and nothing crashes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <valgrind/valgrind.h>

#include "event_house.h"
#include "faulty_vfs.h"

#define EVENTS	       40
#define NOTHING_FAILED 255 /* beside the events' numbers */
#define SLOW_STEP      7   /* under valgrind each takes a second */

/* The saved events' numbers, to the parent. */
static void tell_saved(int fd)
{
	for (int i = 0; i < STORE_EVENTS; i++) {
		const struct store_entry *entry = &store.entries[i];
		unsigned char number =
			(unsigned char)strtoul(entry->event.row.id, NULL, 16);

		if (entry->serial > 0 && entry->saved)
			(void)!write(fd, &number, 1);
	}
}

/* A watch that writes while the disk fails, and is killed: it closes nothing.
 * Says so when it got so far that nothing failed. */
static void live_and_die(int fd)
{
	(void)!freopen("/dev/null", "w", stderr);
	for (int i = 0; i < EVENTS; i++)
		add(i, i % 2);
	(void)keeper_round(&store);
	(void)keeper_round(&store);
	tell_saved(fd);
	if (faulty.failed == 0)
		(void)!write(fd, &(unsigned char){NOTHING_FAILED}, 1);
	raise(SIGKILL);
}

/* False once n is beyond the last call. */
static bool fail_nth(int n, bool lasting, int code)
{
	struct event_row rows[EVENTS + 1];
	struct store_sums sums;
	unsigned char saved[EVENTS + 1];
	ssize_t count;
	int ends[2], status;
	pid_t child;
	bool more;

	faulty_install();
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		store_begin();
		faulty = (struct faulty){n, lasting, code, 0};
		live_and_die(ends[1]);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	count = read(ends[0], saved, sizeof(saved));
	close(ends[0]);
	more = count == 0 || saved[count - 1] != NOTHING_FAILED;
	count -= !more;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("call %d with %d: died, status %#x", n, code, status);

	store_begin();
	assert_true(keeper_round(&store));
	for (ssize_t i = 0; i < count; i++)
		assert_is(saved[i], saved[i] % 2);
	for (int i = 0; i < EVENTS; i++)
		add(i, i % 2); /* the ring is read again */
	assert_true(keeper_round(&store));
	assert_int_equal(store_list(&store, &all, rows, EVENTS + 1), EVENTS);
	assert_int_equal(store.health.aside_count, 0);
	store_sums(&store, &sums); /* each kill once, whatever failed */
	assert_int_equal(sums.events[VERDICT_SIGNAL], EVENTS / 2);
	store_close(&store);
	return more;
}

static void fail_each(bool lasting, int code)
{
	int n = 1, step = RUNNING_ON_VALGRIND ? SLOW_STEP : 1;

	for (void *state = NULL; true; n += step) {
		bool more;

		store_close(&store); /* the house's own, not needed */
		more = fail_nth(n, lasting, code);
		store_begin();
		house_close(&state);
		house_open(&state);
		if (!more)
			break;
	}
	assert_true(n > 20); /* it did fail at one place after another */
}

static void once_full(void **state)
{
	(void)state;
	fail_each(false, SQLITE_FULL);
}

static void full_from_then_on(void **state)
{
	(void)state;
	fail_each(true, SQLITE_FULL);
}

static void one_write_error(void **state)
{
	(void)state;
	fail_each(false, SQLITE_IOERR_WRITE);
}

static void read_only_from_then_on(void **state)
{
	(void)state;
	fail_each(true, SQLITE_READONLY);
}

/* In one life: memory bridges the gap, and all is written when it is over. */
static void what_was_kept_in_memory_is_written_later(void **state)
{
	struct store_health health;
	int unsaved, saved = dup(STDERR_FILENO);

	(void)state;
	faulty_install();
	store_close(&store);
	store_begin();
	add(1, true);
	assert_true(keeper_round(&store));
	faulty = (struct faulty){1, true, SQLITE_FULL, 0};
	add(2, true);
	(void)!freopen("/dev/null", "w", stderr);
	assert_false(keeper_round(&store));
	dup2(saved, STDERR_FILENO);
	close(saved);
	store_health(&store, &health, &unsaved);
	assert_int_equal(health.state, STORE_FAILS);
	assert_int_equal(health.fault.code, SQLITE_FULL);
	assert_non_null(strstr(health.fault.says, "full"));
	assert_int_equal(unsaved, 1);
	assert_true(store.entries[1].told);
	assert_is(1, true); /* from the database */
	assert_is(2, true); /* from memory */
	faulty.countdown = 0;
	assert_true(keeper_round(&store));
	store_health(&store, &health, &unsaved);
	assert_int_equal(health.state, STORE_WORKS);
	assert_int_equal(unsaved, 0);
	store_again();
	assert_is(1, true);
	assert_is(2, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE(once_full),
		HOUSE(full_from_then_on),
		HOUSE(one_write_error),
		HOUSE(read_only_from_then_on),
		HOUSE(what_was_kept_in_memory_is_written_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
