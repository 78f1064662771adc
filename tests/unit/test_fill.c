/* SPDX-License-Identifier: MIT */
/*
 * Random bits are what fill=random promises: nothing repeats, every bit is as
 * often 0 as 1, no two calls are alike, and not a byte beyond is written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load/ballast/fill.h"

#define WORDS 262144 /* 2 MiB, a slice of growth */

static uint64_t words[WORDS];

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* What a compressor or a page merger lives on: two words alike in a million
 * draws of 2^64 would be a wonder. */
static void no_word_comes_twice(void **state)
{
	(void)state;
	fill_random(words, sizeof(words));
	qsort(words, WORDS, sizeof(words[0]), compare);
	for (int i = 1; i < WORDS; i++)
		assert_true(words[i] != words[i - 1]);
}

/* 16 million bits: half of them, give or take six standard deviations. */
static void bits_and_bytes_are_evenly_spread(void **state)
{
	static int64_t bytes[256];
	int64_t ones = 0, all = (int64_t)sizeof(words) * 8;
	const unsigned char *at = (const unsigned char *)words;

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	fill_random(words, sizeof(words));
	for (size_t i = 0; i < sizeof(words); i++) {
		ones += __builtin_popcount(at[i]);
		bytes[at[i]]++;
	}
	assert_in_range(ones, all / 2 - 12300, all / 2 + 12300);
	for (int i = 0; i < 256; i++) /* 8192 of each, deviation 90 */
		assert_in_range(bytes[i], 8192 - 543, 8192 + 543);
}

static void two_calls_are_not_alike(void **state)
{
	static uint64_t others[WORDS];

	(void)state;
	fill_random(words, sizeof(words));
	fill_random(others, sizeof(others));
	for (int i = 0; i < WORDS; i++)
		assert_true(words[i] != others[i]);
}

/* Any size at any alignment; what is before and behind stays. */
static void exactly_the_range_is_filled(void **state)
{
	enum { ROOM = 512 };

	(void)state;
	for (size_t from = 0; from < 17; from++) {
		for (size_t size = 0; size < 300; size++) {
			unsigned char room[ROOM] = {0};
			size_t zeros = 0;

			fill_random(room + from, size);
			for (size_t i = 0; i < from; i++)
				assert_int_equal(room[i], 0);
			for (size_t i = from + size; i < ROOM; i++)
				assert_int_equal(room[i], 0);
			for (size_t i = from; i < from + size; i++)
				zeros += room[i] == 0;
			assert_true(zeros <= 6 + size / 16);
		}
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(no_word_comes_twice),
		cmocka_unit_test(bits_and_bytes_are_evenly_spread),
		cmocka_unit_test(two_calls_are_not_alike),
		cmocka_unit_test(exactly_the_range_is_filled),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
