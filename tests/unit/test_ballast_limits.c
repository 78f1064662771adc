/* SPDX-License-Identifier: MIT */
/*
 * Each limit that a kind can meet: an error and a reason that names it, never
 * a signal; what there is can still be measured, and released. Every case runs
 * in a process of its own, for a limit stays, as an unprivileged user, for
 * root is exempt from most.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load/ballast/ballast.h"
#include "load/spec.h"

#define MiB	     ((int64_t)1 << 20)
#define GiB	     ((int64_t)1 << 30)
#define SLICE	     (2 * MiB)
#define TABLES_SLACK ((int64_t)64 << 10) /* of the process's own */
#define NOBODY	     65534
#define NOT_SET	     90 /* exit status: valgrind keeps some limits to itself */

static char scratch[] = "/tmp/oomlab-limits-XXXXXX";

struct limit_test {
	const char *why;
	const struct ballast_kind *kind;
	int64_t bytes;
	int resource; /* set to limit; -1: none is set */
	int64_t limit;
	int error; /* 0: whichever */
	const char *reason;
	int64_t low, high; /* resident in the end */
	const char *scratch;
};

static const struct limit_test tests[] = {
	{"more than RLIMIT_MEMLOCK", &ballast_locked, 4 * MiB, RLIMIT_MEMLOCK,
		MiB, ENOMEM, "RLIMIT_MEMLOCK is 1048576 bytes", 0, MiB, NULL},
	{"nothing may be locked", &ballast_locked, MiB, RLIMIT_MEMLOCK, 0,
		EPERM, "RLIMIT_MEMLOCK is 0 bytes", 0, 0, NULL},
	{"a file over RLIMIT_FSIZE", &ballast_file, 4 * MiB, RLIMIT_FSIZE, MiB,
		EFBIG, "RLIMIT_FSIZE is 1048576 bytes", 0, 0, NULL},
	{"a memfd over RLIMIT_FSIZE", &ballast_shm, 4 * MiB, RLIMIT_FSIZE, MiB,
		EFBIG, "RLIMIT_FSIZE is 1048576 bytes", 0, 0, NULL},
	{"pipes beyond RLIMIT_NOFILE", &ballast_pipe, 20 * MiB, RLIMIT_NOFILE,
		46, EMFILE, "RLIMIT_NOFILE is 46 descriptors", 4 * MiB,
		14 * MiB, NULL},
	{"no such directory", &ballast_file, MiB, -1, 0, ENOENT,
		"/tmp/oomlab/none: No such file", 0, 0, "/tmp/oomlab/none"},
	{"a directory that may not be written", &ballast_file, MiB, -1, 0,
		EACCES, "/root: Permission denied", 0, 0, "/root"},
	{"more than the disk", &ballast_file, INT64_MAX, -1, 0, ENOSPC,
		"bytes free and keeps 1073741824", 0, 0, NULL},
	{"more page tables than address space", &ballast_pagetable, INT64_MAX,
		-1, 0, ENOMEM, "address space", 0, TABLES_SLACK, NULL},
	{"page tables beyond 47 bits", &ballast_pagetable, 300 * GiB, -1, 0, 0,
		"address space", 0, TABLES_SLACK, NULL},
	{"more memory than address space", &ballast_anon, INT64_MAX, -1, 0, 0,
		"", 0, 0, NULL},
};

static void set_limit(int resource, int64_t bytes)
{
	struct rlimit limit = {(rlim_t)bytes, (rlim_t)bytes};

	if (setrlimit((__rlimit_resource_t)resource, &limit) < 0)
		_exit(NOT_SET);
}

static void become_nobody(void)
{
	if (geteuid() == 0 && (setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
				      setresuid(NOBODY, NOBODY, NOBODY) < 0))
		_exit(91);
}

/* 0, or -1 with errno: all of it, as the crew would. */
static int grow(struct ballast *ballast)
{
	const struct load_spec *spec = ballast->spec;

	if (ballast_open(ballast, spec) < 0)
		return -1;
	for (int64_t at = 0; at < spec->bytes; at += SLICE) {
		int64_t to =
			spec->bytes - at < SLICE ? spec->bytes : at + SLICE;

		if (spec->kind->grow(ballast, at, to) < 0)
			return -1;
	}
	return 0;
}

/* In the child: exits 0 when all is as it should be. */
static void run(const struct limit_test *test)
{
	struct load_spec spec = {.kind = test->kind,
		.bytes = test->bytes,
		.scratch = test->scratch ? test->scratch : scratch};
	struct ballast ballast = {.spec = &spec};
	int result, error;
	int64_t resident;

	become_nobody();
	if (test->resource >= 0)
		set_limit(test->resource, test->limit);
	result = grow(&ballast);
	error = errno;
	resident = test->kind->resident(&ballast);
	test->kind->release(&ballast);
	if (result == -1 && (error == test->error || test->error == 0) &&
		strstr(ballast.reason, test->reason) && resident >= test->low &&
		resident <= test->high)
		_exit(0);
	fprintf(stderr, "%s: %d, %s, \"%s\", %" PRId64 " resident\n", test->why,
		result, strerror(error), ballast.reason, resident);
	_exit(1);
}

static void assert_runs(const struct limit_test *test)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		run(test);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_SET) {
		print_message("not tried: %s\n", test->why);
		return;
	}
	if (status != 0)
		print_error("%s: status %#x\n", test->why, (unsigned)status);
	assert_int_equal(status, 0);
}

static void every_limit_is_named_and_no_signal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		assert_runs(&tests[i]);
}

/* All pipes of a user together; a user who has others gets less. */
static void the_pipe_quota_is_named(void **state)
{
	const struct limit_test test = {"beyond the quota for pipes",
		&ballast_pipe, 80 * MiB, -1, 0, EPERM,
		"fs.pipe-user-pages-soft is 16384 pages", 0, 64 * MiB, NULL};
	FILE *file = fopen("/proc/sys/fs/pipe-user-pages-soft", "r");
	int pages = 0;

	(void)state;
	if (file && fscanf(file, "%d", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	if (pages != 16384)
		skip();
	assert_runs(&test);
}

/* The last GiB of the disk is everybody's. */
static void the_disks_reserve_is_kept(void **state)
{
	struct limit_test test = {"into the reserve", &ballast_file, 0, -1, 0,
		ENOSPC, "bytes free and keeps 1073741824", 0, 0, NULL};
	struct statvfs disk;

	(void)state;
	assert_int_equal(statvfs(scratch, &disk), 0);
	test.bytes = (int64_t)(disk.f_bavail * disk.f_frsize);
	assert_runs(&test);
}

/* Small enough for valgrind, which has limits of its own; the address
 * sanitizer itself ends where it may not map. */
static void address_space_is_named(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	skip();
#endif
	static const struct {
		const struct ballast_kind *kind;
		int64_t bytes;
	} rows[] = {
		{&ballast_anon, GiB},
		{&ballast_huge, GiB},
		{&ballast_shm, GiB},
		{&ballast_file, GiB},
		{&ballast_locked, GiB},
		{&ballast_pagetable, 4 * MiB},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct limit_test test = {"beyond RLIMIT_AS", rows[i].kind,
			rows[i].bytes, RLIMIT_AS, GiB, ENOMEM,
			"RLIMIT_AS is 1073741824 bytes", 0, TABLES_SLACK, NULL};

		assert_runs(&test);
	}
}

static int make_scratch(void **state)
{
	(void)state;
	if (!mkdtemp(scratch))
		return -1;
	return geteuid() == 0 ? chown(scratch, NOBODY, NOBODY) : 0;
}

static int remove_scratch(void **state)
{
	(void)state;
	return rmdir(scratch);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(every_limit_is_named_and_no_signal),
		cmocka_unit_test(the_pipe_quota_is_named),
		cmocka_unit_test(the_disks_reserve_is_kept),
		cmocka_unit_test(address_space_is_named),
	};

	return cmocka_run_group_tests(list, make_scratch, remove_scratch);
}
