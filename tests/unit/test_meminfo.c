/* SPDX-License-Identifier: MIT */
/*
 * meminfo_parse() takes whole names at a line's start, in bytes, and leaves -1
 * for what an old kernel does not print: a missing MemAvailable above all. The
 * scanners of file.h under it never look behind their text's end.
 */
#include "readings/meminfo.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "descriptors.h"
#include "readings/file.h"

static struct meminfo parse(const char *text)
{
	struct meminfo info;

	meminfo_parse(text, strlen(text), &info);
	return info;
}

static void kilobytes_become_bytes(void **state)
{
	struct meminfo info = parse("MemTotal:       24684096 kB\n"
				    "Committed_AS:         0 kB\n"
				    "Slab:             72864 kB");

	(void)state;
	assert_int_equal(info.total_bytes, INT64_C(24684096) * 1024);
	assert_int_equal(info.committed_bytes, 0);
	assert_int_equal(info.slab_bytes, 72864 * 1024);
	assert_int_equal(info.free_bytes, -1);
}

static void a_name_counts_only_whole_and_first_on_its_line(void **state)
{
	static const char *const none[] = {"", "\n", "Cached",
		"Cached:", "Cached:\n", "Cached: kB\n", "SwapCached: 7 kB\n",
		"x Cached: 7 kB\n", "Cached : 7 kB\n", "Cachedx: 7 kB\n",
		"cached: 7 kB\n", "Cached: -7 kB\n", "Cached: 7x kB\n",
		"Cached: 0x7 kB\n", "Cached:\n7 kB\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		print_message("  [%s]\n", none[i]);
		assert_int_equal(parse(none[i]).cached_bytes, -1);
	}
	assert_int_equal(parse("SwapCached: 7 kB\nCached: 8 kB\n").cached_bytes,
		8 * 1024);
	assert_int_equal(
		parse("Inactive(file): 7 kB\nInactive: 9 kB\n").inactive_bytes,
		9 * 1024);
}

static void what_is_too_large_is_the_largest(void **state)
{
	static const char *const large[] = {"MemFree: 9223372036854775807 kB",
		"MemFree: 9007199254740992 kB",
		"MemFree: 99999999999999999999999999 kB"};

	(void)state;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		assert_int_equal(parse(large[i]).free_bytes, INT64_MAX);
}

/* In a block of exactly its size a sanitizer sees one byte too far. */
static void a_text_cut_anywhere_is_not_overrun(void **state)
{
	static const char whole[] = "MemFree: 12 kB\nCached:\t 345 kB\n";

	(void)state;
	for (size_t length = 0; length < sizeof(whole); length++) {
		char *cut = malloc(length + 1);
		struct meminfo info;

		assert_non_null(cut);
		memcpy(cut + 1, whole, length);
		meminfo_parse(cut + 1, length, &info);
		assert_true(info.free_bytes <= 12 * 1024);
		assert_true(info.cached_bytes <= 345 * 1024);
		free(cut);
	}
}

static void a_flat_file_has_names_up_to_the_blank(void **state)
{
	static const char text[] = "oom_kill_disable 0\nunder_oom 0\n"
				   "oom_kill 3\noom_group_kill 1\n";
	size_t length = sizeof(text) - 1;

	(void)state;
	assert_int_equal(flat_value(text, length, "oom_kill"), 3);
	assert_int_equal(flat_value(text, length, "oom_group_kill"), 1);
	assert_int_equal(flat_value(text, length, "oom"), -1);
	assert_int_equal(flat_value(text, length, "kill"), -1);
	assert_int_equal(flat_value(text, 0, "oom_kill"), -1);
}

static void a_captured_host_is_read(void **state)
{
	struct meminfo_files files;
	struct meminfo info;

	(void)state;
	assert_int_equal(meminfo_open(&files, TEST_DATA "/v1-nested"), 0);
	assert_int_equal(meminfo_read(&files, &info), 0);
	assert_int_equal(info.available_bytes, INT64_C(16) << 30);
	assert_int_equal(info.cached_bytes, 153840 * 1024);
	assert_int_equal(meminfo_oom_kills(&files), 12);
	meminfo_close(&files);
	assert_int_equal(meminfo_read(&files, &info), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(info.total_bytes, -1);
}

static void an_old_kernel_has_no_available_memory_to_tell(void **state)
{
	struct meminfo_files files;
	struct meminfo info;

	(void)state;
	assert_int_equal(meminfo_open(&files, TEST_DATA "/meminfo-old"), 0);
	assert_int_equal(meminfo_read(&files, &info), 0);
	assert_int_equal(info.free_bytes, INT64_C(8) << 30);
	assert_int_equal(info.available_bytes, -1);
	assert_int_equal(info.cached_bytes, -1);
	assert_int_equal(meminfo_oom_kills(&files), -1);
	meminfo_close(&files);
	assert_int_equal(meminfo_open(&files, TEST_DATA "/no-proc"), -1);
	assert_int_equal(errno, ENOENT);
	meminfo_close(&files);
}

static void a_file_that_does_not_fit_is_refused_whole(void **state)
{
	int fd = file_open("", "/proc/meminfo");
	char text[64];

	(void)state;
	assert_int_equal(file_read_fd(fd, text, sizeof(text)), -1);
	assert_int_equal(errno, EFBIG);
	close(fd);
}

static void the_live_host_is_read_again_and_again(void **state)
{
	struct meminfo_files files;
	struct meminfo info;

	(void)state;
	assert_int_equal(meminfo_open(&files, ""), 0);
	for (int again = 0; again < 3; again++) {
		assert_int_equal(meminfo_read(&files, &info), 0);
		assert_true(info.total_bytes > info.free_bytes);
		assert_true(info.free_bytes > 0);
	}
	meminfo_close(&files);
}

static void pressure_is_told_by_its_totals(void **state)
{
	static const char text[] =
		"some avg10=1.25 avg60=0.00 avg300=0.00 total=58761459\n"
		"full avg10=0.00 avg60=0.00 avg300=0.00 total=123\n";
	struct pressure pressure;

	(void)state;
	pressure_parse(text, strlen(text), &pressure);
	assert_int_equal(pressure.some_us, 58761459);
	assert_int_equal(pressure.full_us, 123);
	pressure_parse("some avg10=0.00\nfull total=5\n", 29, &pressure);
	assert_int_equal(pressure.some_us, -1);
	pressure_parse("", 0, &pressure);
	assert_int_equal(pressure.full_us, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEEPS_DESCRIPTORS(kilobytes_become_bytes),
		KEEPS_DESCRIPTORS(
			a_name_counts_only_whole_and_first_on_its_line),
		KEEPS_DESCRIPTORS(what_is_too_large_is_the_largest),
		KEEPS_DESCRIPTORS(a_text_cut_anywhere_is_not_overrun),
		KEEPS_DESCRIPTORS(a_flat_file_has_names_up_to_the_blank),
		KEEPS_DESCRIPTORS(a_captured_host_is_read),
		KEEPS_DESCRIPTORS(
			an_old_kernel_has_no_available_memory_to_tell),
		KEEPS_DESCRIPTORS(a_file_that_does_not_fit_is_refused_whole),
		KEEPS_DESCRIPTORS(pressure_is_told_by_its_totals),
		KEEPS_DESCRIPTORS(the_live_host_is_read_again_and_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
