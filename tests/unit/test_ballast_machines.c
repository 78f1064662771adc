/* SPDX-License-Identifier: MIT */
/*
 * The kinds on lesser machines than this one: a kernel before 5.14, which
 * cannot be asked to populate, a filesystem that knows only files with names,
 * huge pages switched off. The system calls are this program's own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "ballast_life.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static bool lesser;		/* no MADV_POPULATE_WRITE, no O_TMPFILE */
static const char *thp_setting; /* what huge's file is to say */
static char thp_path[] = "/tmp/oomlab-thp-XXXXXX";

/* The program's own definitions come before the library's. */
int madvise(void *base, size_t size, int advice)
{
	if (lesser && advice == MADV_POPULATE_WRITE) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_madvise, base, size, advice);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list arguments;

	va_start(arguments, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(arguments, mode_t);
	va_end(arguments);
	if (lesser && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (thp_setting && strstr(path, "transparent_hugepage"))
		path = thp_setting;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static void kinds_live_without_populate_and_tmpfile(void **state)
{
	(void)state;
	lesser = true;
	live(false);
	live(true);
	lesser = false;
}

/* Where pages are stored to, one at a time, what another thread has written
 * there already stays. */
static void storing_changes_nothing(void **state)
{
	struct arena arena;

	(void)state;
	lesser = true;
	assert_int_equal(arena_open(&arena, SIZE, false), 0);
	memset(arena.base, 'x', SIZE);
	assert_int_equal(arena_populate(&arena, 0, SIZE), 0);
	for (int64_t i = 0; i < SIZE; i++)
		assert_int_equal(arena.base[i], 'x');
	arena_release(&arena);
	lesser = false;
}

static void huge_is_missing_where_it_is_switched_off(void **state)
{
	static const struct {
		const char *says, *why;
	} settings[] = {
		{"always madvise [never]\n", "always madvise [never]"},
		{"always [madvise] never\n", NULL},
		{"[always] madvise never\n", NULL},
	};
	FILE *file;

	(void)state;
	thp_setting = "/tmp/there/is/none";
	assert_non_null(strstr(ballast_huge.missing(), "there is no /sys/"));
	thp_setting = thp_path;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		file = fopen(thp_path, "w");
		fputs(settings[i].says, file);
		fclose(file);
		if (settings[i].why)
			assert_non_null(strstr(
				ballast_huge.missing(), settings[i].why));
		else
			assert_null(ballast_huge.missing());
	}
	thp_setting = NULL;
}

static int make_both(void **state)
{
	int fd = mkstemp(thp_path);

	return fd < 0 || close(fd) < 0 ? -1 : make_scratch(state);
}

static int remove_both(void **state)
{
	unlink(thp_path);
	return remove_scratch(state);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		KEEPS_DESCRIPTORS(kinds_live_without_populate_and_tmpfile),
		cmocka_unit_test(storing_changes_nothing),
		KEEPS_DESCRIPTORS(huge_is_missing_where_it_is_switched_off),
	};

	return cmocka_run_group_tests(list, make_both, remove_both);
}
