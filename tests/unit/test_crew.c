/* SPDX-License-Identifier: MIT */
/*
 * The crew: every byte of a step is grown once, whoever does it; a stop is
 * heeded; a fault is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>

#include "descriptors.h"
#include "load/crew.h"
#include "load/spec.h"

#define BYTES 100000
#define SLICE 7

static _Atomic unsigned char grown[BYTES];
static _Atomic int calls;
static int fail_at; /* this call fails; 0: none does */

static int count_bytes(struct ballast *ballast, int64_t from, int64_t to)
{
	(void)ballast;
	if (atomic_fetch_add(&calls, 1) + 1 == fail_at) {
		errno = ENOMEM;
		return -1;
	}
	for (int64_t i = from; i < to; i++)
		atomic_fetch_add(&grown[i], 1);
	return 0;
}

static const struct ballast_kind counting = {
	.name = "counting", .parallel = true, .grow = count_bytes};
static const struct load_spec spec = {.kind = &counting, .bytes = BYTES};
static struct ballast ballast = {.spec = &spec};

static int clear(void **state)
{
	for (int i = 0; i < BYTES; i++)
		atomic_store(&grown[i], 0);
	calls = 0;
	fail_at = 0;
	return descriptors_note(state);
}

static void await(struct crew *crew)
{
	struct pollfd fd = {crew->done_fd, POLLIN, 0};

	assert_int_equal(poll(&fd, 1, 10000), 1);
}

static void every_byte_is_grown_once(void **state)
{
	(void)state;
	for (int threads = 1; threads <= CREW_MAX; threads++) {
		int64_t progress = 0;
		struct crew crew = {0};

		clear(state);
		assert_int_equal(crew_open(&crew, &ballast, threads, 0, SLICE,
					 &progress),
			0);
		for (int64_t at = 0; at < BYTES; at += BYTES / 10) {
			crew_begin(&crew, at, at + BYTES / 10);
			await(&crew);
			assert_int_equal(crew_end(&crew), 0);
		}
		crew_close(&crew);
		assert_int_equal(progress, BYTES);
		for (int i = 0; i < BYTES; i++)
			assert_int_equal(grown[i], 1);
	}
}

static void a_fault_ends_the_step_and_is_told(void **state)
{
	int64_t progress = 0;
	struct crew crew = {0};

	(void)state;
	fail_at = 5;
	assert_int_equal(crew_open(&crew, &ballast, 2, 0, SLICE, &progress), 0);
	crew_begin(&crew, 0, BYTES);
	await(&crew);
	assert_int_equal(crew_end(&crew), -1);
	assert_int_equal(errno, ENOMEM);
	assert_true(progress < BYTES);
	/* The next step starts afresh. */
	crew_begin(&crew, 0, SLICE);
	await(&crew);
	assert_int_equal(crew_end(&crew), 0);
	crew_close(&crew);
}

static void a_stop_is_heeded_between_slices(void **state)
{
	int64_t progress = 0;
	struct crew crew = {0};

	(void)state;
	assert_int_equal(crew_open(&crew, &ballast, 1, 0, 1, &progress), 0);
	crew_begin(&crew, 0, BYTES);
	crew_stop(&crew);
	await(&crew);
	assert_int_equal(crew_end(&crew), 0);
	crew_close(&crew);
	assert_int_equal(progress, atomic_load(&calls));
}

static void one_that_never_opened_closes(void **state)
{
	struct crew crew = {0};

	(void)state;
	crew_close(&crew);
}

#define CLEAN(test) \
	cmocka_unit_test_setup_teardown(test, clear, descriptors_compare)

int main(void)
{
	const struct CMUnitTest list[] = {
		CLEAN(every_byte_is_grown_once),
		CLEAN(a_fault_ends_the_step_and_is_told),
		CLEAN(a_stop_is_heeded_between_slices),
		CLEAN(one_that_never_opened_closes),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
