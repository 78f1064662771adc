/* SPDX-License-Identifier: MIT */
/*
 * What every kind of ballast promises (load/ballast/ballast.h): all that was
 * asked is resident and no more, however the ranges fall; it is filled as
 * asked, and touching changes nothing; release leaves neither mapping nor
 * descriptor nor file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "ballast_life.h"

static void rows_of_the_table_are_whole(void **state)
{
	(void)state;
	for (int i = 0; ballast_kinds[i]; i++) {
		const struct ballast_kind *kind = ballast_kinds[i];
		char beginning[2] = {kind->name[0], '\0'};

		assert_ptr_equal(ballast_find(kind->name), kind);
		assert_null(ballast_find(beginning));
		assert_true(strlen(kind->help) > 10);
		assert_true(kind->help[strlen(kind->help) - 1] != '.');
		assert_true(kind->open && kind->grow && kind->resident &&
			    kind->release);
	}
	assert_null(ballast_find(""));
	assert_null(ballast_find("anonymous"));
}

static void all_of_it_is_resident_and_then_gone(void **state)
{
	(void)state;
	live(false);
	live(true);
}

struct half {
	struct ballast *ballast;
	int64_t from, to;
};

static void *grow_half(void *context)
{
	struct half *half = context;

	grow(half->ballast, half->from, half->to);
	return NULL;
}

/* Their ranges share a page. */
static void parallel_kinds_grow_in_two_threads(void **state)
{
	(void)state;
	for (int i = 0; ballast_kinds[i]; i++) {
		struct ballast ballast;
		struct load_spec spec;
		struct half halves[2];
		pthread_t threads[2];

		if (!ballast_kinds[i]->parallel)
			continue;
		spec_of(ballast_kinds[i], &spec);
		spec.fill_random = true;
		assert_int_equal(ballast_open(&ballast, &spec), 0);
		halves[0] = (struct half){&ballast, 0, SIZE / 2};
		halves[1] = (struct half){&ballast, SIZE / 2, spec.bytes};
		for (int t = 0; t < 2; t++)
			pthread_create(
				&threads[t], NULL, grow_half, &halves[t]);
		for (int t = 0; t < 2; t++)
			pthread_join(threads[t], NULL);
		assert_resident(&ballast, spec.bytes);
		ballast_kinds[i]->release(&ballast);
	}
}

/* A copy of a kind's content, where it can be read. */
static bool copy(const struct ballast *ballast, unsigned char *out)
{
	if (ballast->fd >= 0)
		return pread(ballast->fd, out, SIZE, 0) == SIZE;
	if (ballast->spec->kind == &ballast_pagetable || !ballast->arena.base)
		return false;
	memcpy(out, ballast->arena.base, SIZE);
	return true;
}

static int64_t zeros(const unsigned char *bytes)
{
	int64_t count = 0;

	for (int64_t i = 0; i < SIZE; i++)
		count += bytes[i] == 0;
	return count;
}

static void it_is_filled_as_asked_and_touching_changes_nothing(void **state)
{
	unsigned char *before = malloc(SIZE), *after = malloc(SIZE);

	(void)state;
	for (int i = 0; ballast_kinds[i]; i++) {
		const struct ballast_kind *kind = ballast_kinds[i];

		for (int random = 0; random < 2 && kind != &ballast_rows;
			random++) {
			struct ballast ballast;
			struct load_spec spec;

			spec_of(kind, &spec);
			spec.fill_random = random;
			assert_int_equal(ballast_open(&ballast, &spec), 0);
			grow(&ballast, 0, spec.bytes);
			if (copy(&ballast, before)) {
				assert_in_range(zeros(before),
					random ? 0 : SIZE,
					random ? SIZE / 200 : SIZE);
				kind->touch(&ballast, spec.bytes);
				assert_true(copy(&ballast, after));
				assert_memory_equal(before, after, SIZE);
			}
			kind->release(&ballast);
		}
	}
	free(before);
	free(after);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(rows_of_the_table_are_whole),
		KEEPS_DESCRIPTORS(all_of_it_is_resident_and_then_gone),
		KEEPS_DESCRIPTORS(parallel_kinds_grow_in_two_threads),
		KEEPS_DESCRIPTORS(
			it_is_filled_as_asked_and_touching_changes_nothing),
	};

	return cmocka_run_group_tests(list, make_scratch, remove_scratch);
}
