/* SPDX-License-Identifier: MIT */
/*
 * cgroup_open() finds one's own cgroup and its visible ancestors in every
 * arrangement of versions, namespaces and mounts that people run; what cannot
 * be read is -1 and never 0. The trees are described in data/README.
 */
#include "readings/cgroup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "descriptors.h"

#define M	 (INT64_C(1) << 20)
#define G	 (INT64_C(1) << 30)
#define NONE	 INT64_MAX
#define DATA(of) TEST_DATA "/" of
#define V1	 "/sys/fs/cgroup/memory"
#define V2	 "/sys/fs/cgroup"
#define ID16	 "6f1a6f1a6f1a6f1a"
#define DOCKER	 "/docker/" ID16 ID16 ID16 ID16
#define USER	 "/user.slice/user-1000.slice"

static const struct {
	const char *tree;
	int version, count;
	bool ancestors_visible;
	int64_t limit_bytes, usage_bytes; /* of one's own level */
	const char *path, *source, *top_path;
} cases[] = {
	{"v1-nested", 1, 3, true, 512 * M, 300 * M, "/lab/0123abcd",
		V1 "/lab/0123abcd/memory.limit_in_bytes", "/"},
	{"v1-docker-host-cgroupns", 1, 1, false, 256 * M, 64 * M, DOCKER,
		V1 "/memory.limit_in_bytes", DOCKER},
	{"v1-docker-private-cgroupns", 1, 1, false, 256 * M, 64 * M, "/",
		V1 "/memory.limit_in_bytes", "/"},
	{"v1-limit-in-hidden-parent", 1, 1, false, G, 100 * M, "/",
		V1 "/memory.limit_in_bytes", "/"},
	{"v1-unlimited", 1, 3, true, NONE, 64 * M, "/user/a",
		V1 "/user/a/memory.limit_in_bytes", "/"},
	{"v1-mount-point-with-blank", 1, 2, true, 128 * M, M, "/a",
		"/mnt/a b\\c/a/memory.limit_in_bytes", "/"},
	{"v2-systemd-leaf", 2, 3, true, 512 * M, 200 * M,
		"/system.slice/oomlab.service",
		V2 "/system.slice/oomlab.service/memory.max", "/"},
	{"v2-limit-in-parent", 2, 4, true, NONE, 50 * M, USER "/a.scope",
		V2 USER "/a.scope/memory.max", "/"},
	{"v2-kubernetes-pod", 2, 1, false, 256 * M, 96 * M, "/",
		V2 "/memory.max", "/"},
	{"v2-real-root", 2, 1, true, NONE, -1, "/", "", "/"},
	{"v2-ten-deep", 2, 8, false, 9 * G, 9 * M, "/1/2/3/4/5/6/7/8/9",
		V2 "/1/2/3/4/5/6/7/8/9/memory.max", "/1/2"},
	{"v2-outside-of-mount", 2, 1, false, 128 * M, M, "/", V2 "/memory.max",
		"/"},
	{"hybrid-v1-memory", 1, 3, true, 400 * M, 100 * M,
		"/system.slice/oomlab.service",
		V1 "/system.slice/oomlab.service/memory.limit_in_bytes", "/"},
	{"missing-files", 2, 2, false, -1, 77 * M, "/a", V2 "/a/memory.max",
		"/"},
};

static void every_arrangement_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cgroup cgroup;
		struct cgroup_reading own;
		char root[256];

		print_message("  %s\n", cases[i].tree);
		snprintf(root, sizeof(root), DATA("%s"), cases[i].tree);
		assert_int_equal(cgroup_open(&cgroup, root), 0);
		assert_int_equal(cgroup.version, cases[i].version);
		assert_int_equal(cgroup.count, cases[i].count);
		assert_int_equal(
			cgroup.ancestors_visible, cases[i].ancestors_visible);
		assert_string_equal(cgroup.levels[0].path, cases[i].path);
		assert_string_equal(cgroup.levels[0].source, cases[i].source);
		assert_string_equal(cgroup.levels[cgroup.count - 1].path,
			cases[i].top_path);
		assert_string_equal(
			strrchr(cgroup.procs_path, '/'), "/cgroup.procs");
		assert_int_equal(cgroup_read(&cgroup, 0, &own), 0);
		assert_int_equal(own.limit_bytes, cases[i].limit_bytes);
		assert_int_equal(own.usage_bytes, cases[i].usage_bytes);
		cgroup_close(&cgroup);
	}
}

static struct cgroup_reading read_own(const char *root)
{
	struct cgroup cgroup;
	struct cgroup_reading own;

	assert_int_equal(cgroup_open(&cgroup, root), 0);
	assert_int_equal(cgroup_read(&cgroup, 0, &own), 0);
	cgroup_close(&cgroup);
	return own;
}

static void v1_figures_are_those_of_the_subtree(void **state)
{
	struct cgroup_reading own = read_own(DATA("v1-nested"));

	(void)state;
	assert_int_equal(own.inactive_file_bytes, 40 * M);
	assert_int_equal(own.active_file_bytes, 10 * M);
	assert_int_equal(own.file_bytes, 50 * M + 8192);
	assert_int_equal(own.kernel_bytes, 2088960);
	assert_int_equal(own.swap_limit_bytes, NONE);
	assert_int_equal(own.hierarchical_limit_bytes, 512 * M);
	assert_int_equal(own.failcnt, 17);
	assert_int_equal(own.oom_kill, 3);
	assert_int_equal(own.oom, -1);
	assert_int_equal(own.high_bytes, -1);
	assert_int_equal(own.slab_reclaimable_bytes, -1);
}

static void anothers_cgroup_is_read_if_it_is_still_the_same(void **state)
{
	const char *root = DATA("v2-systemd-leaf");
	struct cgroup_reading read;
	struct cgroup cgroup;

	(void)state;
	assert_int_equal(cgroup_open(&cgroup, root), 0);
	assert_int_not_equal(cgroup.levels[0].inode, 0);
	assert_int_equal(cgroup_read_at(root, 2, cgroup.levels[0].source,
				 cgroup.levels[0].inode, &read),
		0);
	assert_int_equal(read.oom_kill, 1);
	assert_in_range(read.oomd_kills + 1, 0, 1); /* none, or no xattrs */
	assert_int_equal(cgroup_read_at(root, 2, cgroup.levels[0].source,
				 cgroup.levels[0].inode + 1, &read),
		-1);
	assert_int_equal(errno, ESTALE);
	assert_int_equal(read.oom_kill, -1);
	assert_int_equal(
		cgroup_read_at(root, 2, "/sys/fs/cgroup/gone/memory.max",
			cgroup.levels[0].inode, &read),
		-1);
	assert_int_equal(cgroup_read_at(root, 2, "", 1, &read), -1);
	cgroup_close(&cgroup);
}

static void v2_events_are_the_local_ones(void **state)
{
	struct cgroup_reading own = read_own(DATA("v2-systemd-leaf"));

	(void)state;
	assert_int_equal(own.oom, 2); /* memory.events says 9 */
	assert_int_equal(own.oom_kill, 1);
	assert_int_equal(own.oom_group, 0);
	assert_int_equal(own.high_bytes, 448 * M);
	assert_int_equal(own.kernel_bytes, 3 * M);
	assert_int_equal(own.swap_limit_bytes, NONE);
	assert_int_equal(own.failcnt, -1);
	assert_int_equal(own.hierarchical_limit_bytes, -1);
}

static void what_is_missing_or_garbled_is_unknown(void **state)
{
	struct cgroup_reading own = read_own(DATA("missing-files"));

	(void)state;
	assert_int_equal(own.peak_bytes, -1);
	assert_int_equal(own.oom_kill, -1);
	assert_int_equal(own.oom_group, -1);
	assert_int_equal(own.swap_usage_bytes, -1);
}

static void without_a_controller_there_are_no_levels(void **state)
{
	struct cgroup cgroup;
	struct cgroup_reading reading;

	(void)state;
	assert_int_equal(cgroup_open(&cgroup, DATA("v1-mount-of-host")), 0);
	assert_int_equal(cgroup.version, 0);
	assert_int_equal(cgroup_open(&cgroup, DATA("no-memory-controller")), 0);
	assert_int_equal(cgroup.version, 0);
	assert_int_equal(cgroup_read(&cgroup, 0, &reading), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(reading.limit_bytes, -1);
	cgroup_close(&cgroup);
}

static void what_cannot_be_opened_is_an_error(void **state)
{
	struct rlimit before, few = {10, 0};
	struct cgroup cgroup;

	(void)state;
	assert_int_equal(cgroup_open(&cgroup, DATA("no-proc")), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(cgroup_open(&cgroup, DATA("v2-path-too-long")), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	getrlimit(RLIMIT_NOFILE, &before);
	few.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	assert_int_equal(cgroup_open(&cgroup, DATA("v2-systemd-leaf")), -1);
	assert_int_equal(errno, EMFILE);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_int_equal(cgroup.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEEPS_DESCRIPTORS(every_arrangement_is_found),
		KEEPS_DESCRIPTORS(v1_figures_are_those_of_the_subtree),
		KEEPS_DESCRIPTORS(
			anothers_cgroup_is_read_if_it_is_still_the_same),
		KEEPS_DESCRIPTORS(v2_events_are_the_local_ones),
		KEEPS_DESCRIPTORS(what_is_missing_or_garbled_is_unknown),
		KEEPS_DESCRIPTORS(without_a_controller_there_are_no_levels),
		KEEPS_DESCRIPTORS(what_cannot_be_opened_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
