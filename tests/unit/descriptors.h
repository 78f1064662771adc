/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_DESCRIPTORS_H
#define OOMLAB_TESTS_DESCRIPTORS_H

/*
 * A test that must leave as many descriptors open as it found: list it with
 * KEEPS_DESCRIPTORS(test) in place of cmocka_unit_test(test). Include after
 * cmocka.h.
 */
#include <dirent.h>
#include <stdint.h>

static inline intptr_t descriptors_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	intptr_t count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

static inline int descriptors_note(void **state)
{
	*state = (void *)descriptors_open();
	return 0;
}

static inline int descriptors_compare(void **state)
{
	intptr_t before = (intptr_t)*state, after = descriptors_open();

	if (before != after)
		print_error("%ld descriptors before the test, %ld after\n",
			(long)before, (long)after);
	return before == after ? 0 : -1;
}

#define KEEPS_DESCRIPTORS(test)                                                \
	cmocka_unit_test_setup_teardown(                                       \
		test, descriptors_note, descriptors_compare)

#endif
