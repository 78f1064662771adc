/* SPDX-License-Identifier: MIT */
/*
 * headroom_reckon() names the limit that binds, wherever it is set, and how
 * much is left before any level's is met. First over the captured trees of
 * data/README, then at the edges where two limits, or knowing and not knowing,
 * meet.
 */
#include "readings/headroom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "descriptors.h"

#define M	  (INT64_C(1) << 20)
#define G	  (INT64_C(1) << 30)
#define HOST	  (INT64_C(24684096) * 1024)
#define AVAILABLE (16 * G)
#define V1	  "/sys/fs/cgroup/memory"
#define V2	  "/sys/fs/cgroup"
#define MEMINFO	  "/proc/meminfo"
#define USER	  "/user.slice/user-1000.slice"

static const struct {
	const char *tree;
	int64_t bytes, headroom_bytes, high_bytes;
	enum limit_level level;
	const char *path, *source;
} cases[] = {
	{"v1-nested", 512 * M, 262 * M, -1, LIMIT_OWN, "/lab/0123abcd",
		V1 "/lab/0123abcd/memory.limit_in_bytes"},
	{"v1-limit-in-hidden-parent", 384 * M, -1, -1, LIMIT_ANCESTOR, "",
		V1 "/memory.stat hierarchical_memory_limit"},
	{"v1-unlimited", HOST, AVAILABLE, -1, LIMIT_HOST, "", MEMINFO},
	{"v2-systemd-leaf", 512 * M, 362 * M, 448 * M, LIMIT_OWN,
		"/system.slice/oomlab.service",
		V2 "/system.slice/oomlab.service/memory.max"},
	{"v2-limit-in-parent", G, 484 * M, 900 * M, LIMIT_ANCESTOR, USER,
		V2 USER "/memory.max"},
	{"v2-kubernetes-pod", 256 * M, 171 * M, -1, LIMIT_OWN, "/",
		V2 "/memory.max"},
	{"v2-real-root", HOST, AVAILABLE, -1, LIMIT_HOST, "", MEMINFO},
	{"v2-tight-parent-fuller-grandparent", 512 * M, 32 * M, -1,
		LIMIT_ANCESTOR, "/a/b", V2 "/a/b/memory.max"},
	{"v2-limit-above-host-memory", HOST, AVAILABLE, -1, LIMIT_HOST, "",
		MEMINFO},
	{"hybrid-v1-memory", 400 * M, 300 * M, -1, LIMIT_OWN,
		"/system.slice/oomlab.service",
		V1 "/system.slice/oomlab.service/memory.limit_in_bytes"},
	{"no-memory-controller", HOST, AVAILABLE, -1, LIMIT_HOST, "", MEMINFO},
	{"missing-files", -1, -1, -1, LIMIT_NONE, "", ""},
};

static struct limit reckon_tree(const char *root)
{
	struct cgroup_reading readings[CGROUP_LEVELS];
	struct meminfo_files files;
	struct cgroup cgroup;
	struct meminfo host;
	struct limit limit;

	assert_int_equal(cgroup_open(&cgroup, root), 0);
	for (int i = 0; i < cgroup.count; i++)
		assert_int_equal(cgroup_read(&cgroup, i, &readings[i]), 0);
	meminfo_open(&files, root);
	meminfo_read(&files, &host);
	headroom_reckon(&cgroup, readings, &host, &limit);
	meminfo_close(&files);
	cgroup_close(&cgroup);
	return limit;
}

static void the_tightest_limit_binds_wherever_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct limit limit;
		char root[256];

		print_message("  %s\n", cases[i].tree);
		snprintf(root, sizeof(root), TEST_DATA "/%s", cases[i].tree);
		limit = reckon_tree(root);
		assert_int_equal(limit.bytes, cases[i].bytes);
		assert_int_equal(limit.headroom_bytes, cases[i].headroom_bytes);
		assert_int_equal(limit.high_bytes, cases[i].high_bytes);
		assert_int_equal(limit.level, cases[i].level);
		assert_string_equal(limit.path, cases[i].path);
		assert_string_equal(limit.source, cases[i].source);
	}
}

static struct cgroup_reading level(int64_t limit_bytes, int64_t usage_bytes)
{
	struct cgroup_reading reading;

	memset(&reading, -1, sizeof(reading));
	reading.limit_bytes = limit_bytes;
	reading.usage_bytes = usage_bytes;
	reading.active_file_bytes = reading.inactive_file_bytes = 0;
	return reading;
}

/* Own limit, parent's limit, hierarchical limit, host's total and available. */
static struct limit reckon(int64_t own, int64_t parent, int64_t hierarchical,
	int64_t total, int64_t available)
{
	struct cgroup cgroup = {.version = 1, .count = 2};
	struct cgroup_reading readings[] = {level(own, M), level(parent, M)};
	struct meminfo host;
	struct limit limit;

	memset(&host, -1, sizeof(host));
	host.total_bytes = total;
	host.available_bytes = available;
	readings[0].hierarchical_limit_bytes = hierarchical;
	headroom_reckon(&cgroup, readings, &host, &limit);
	return limit;
}

static void of_equal_limits_one_binds(void **state)
{
	(void)state;
	assert_int_equal(reckon(G, G, G, 4 * G, G).level, LIMIT_OWN);
	assert_int_equal(reckon(2 * G, G, G, 4 * G, G).level, LIMIT_ANCESTOR);
	assert_int_equal(reckon(G, G, G, G, G).level, LIMIT_HOST);
	assert_int_equal(reckon(G, G, G, G + 1, G).level, LIMIT_OWN);
	/* A full host is nearer than the limit that binds. */
	assert_int_equal(reckon(G, G, G, 4 * G, M).headroom_bytes, M);
	assert_int_equal(reckon(G, G, G / 2, M, M).headroom_bytes, M);
}

static void an_unknown_host_is_left_out(void **state)
{
	struct limit limit = reckon(G, INT64_MAX, G, -1, -1);

	(void)state;
	assert_int_equal(limit.headroom_bytes, G - M);
	limit = reckon(INT64_MAX, INT64_MAX, INT64_MAX, -1, -1);
	assert_int_equal(limit.level, LIMIT_NONE);
	assert_int_equal(limit.headroom_bytes, -1);
}

static void the_unknown_is_never_large(void **state)
{
	struct limit limit = reckon(INT64_MAX, INT64_MAX, -1, 4 * G, -1);

	(void)state;
	assert_int_equal(limit.headroom_bytes, -1);
	limit = reckon(G, -1, G, 4 * G, G);
	assert_int_equal(limit.headroom_bytes, -1);
}

static void a_level_leaves_what_can_be_reclaimed(void **state)
{
	struct cgroup_reading reading = level(100 * M, 90 * M);

	(void)state;
	assert_int_equal(headroom_of_level(&reading), 10 * M);
	reading.active_file_bytes = 5 * M;
	reading.inactive_file_bytes = 20 * M;
	assert_int_equal(headroom_of_level(&reading), 35 * M);
	reading.slab_reclaimable_bytes = 70 * M;
	assert_int_equal(headroom_of_level(&reading), 100 * M);
	reading = level(100 * M, 101 * M);
	assert_int_equal(headroom_of_level(&reading), 0);
	reading.usage_bytes = -1;
	assert_int_equal(headroom_of_level(&reading), -1);
	reading = level(100 * M, M);
	reading.inactive_file_bytes = -1;
	assert_int_equal(headroom_of_level(&reading), -1);
}

static void the_host_keeps_a_twentieth(void **state)
{
	struct meminfo host = {.total_bytes = 4 * G};

	(void)state;
	assert_int_equal(headroom_host_reserve(&host), 512 * M);
	host.total_bytes = 100 * G;
	assert_int_equal(headroom_host_reserve(&host), 5 * G);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEEPS_DESCRIPTORS(the_tightest_limit_binds_wherever_it_is),
		KEEPS_DESCRIPTORS(of_equal_limits_one_binds),
		KEEPS_DESCRIPTORS(an_unknown_host_is_left_out),
		KEEPS_DESCRIPTORS(the_unknown_is_never_large),
		KEEPS_DESCRIPTORS(a_level_leaves_what_can_be_reclaimed),
		KEEPS_DESCRIPTORS(the_host_keeps_a_twentieth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
