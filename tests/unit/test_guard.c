/* SPDX-License-Identifier: MIT */
/*
 * The guard's arithmetic: the host is never promised twice, and a cgroup that
 * protects it is left alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "load/guard.h"

#define GiB ((int64_t)1 << 30)
#define MiB ((int64_t)1 << 20)

struct guard_test {
	const char *why;
	int64_t limit, usage, hierarchical; /* of the own cgroup; -1: none */
	int64_t total, available;	    /* of the host */
	int64_t promised, wanted;
	int result;
};

static const struct guard_test tests[] = {
	{"a cgroup of 2 GiB on 24 GiB: whatever is asked", 2 * GiB, 0, -1,
		24 * GiB, 20 * GiB, 0, 100 * GiB, 0},
	{"no limit, room enough", INT64_MAX, 0, -1, 24 * GiB, 20 * GiB, 0,
		10 * GiB, 0},
	{"no limit, more than is available", INT64_MAX, 0, -1, 24 * GiB,
		3 * GiB, 0, 4 * GiB, -1},
	{"5 % of 24 GiB stay free", INT64_MAX, 0, -1, 24 * GiB, 3 * GiB, 0,
		3 * GiB - 24 * GiB / 20 + MiB, -1},
	{"right up to what stays free", INT64_MAX, 0, -1, 4 * GiB, 3 * GiB, 0,
		3 * GiB - 512 * MiB, 0},
	{"512 MiB stay free on a small machine", INT64_MAX, 0, -1, 4 * GiB,
		3 * GiB, 0, 3 * GiB - 512 * MiB + 1, -1},
	{"what was promised counts", INT64_MAX, 0, -1, 4 * GiB, 3 * GiB,
		2 * GiB, GiB, -1},
	{"promised more than there is now", INT64_MAX, 0, -1, 4 * GiB, GiB,
		2 * GiB, 1, -1},
	{"a limit above the host's memory protects nobody", 64 * GiB, 0, -1,
		4 * GiB, 3 * GiB, 0, 5 * GiB, -1},
	{"an ancestor out of sight protects the host", INT64_MAX, 0, GiB,
		24 * GiB, 20 * GiB, 0, 50 * GiB, 0},
	{"MemAvailable unknown", INT64_MAX, 0, -1, 4 * GiB, -1, 0, 1, -1},
	{"MemAvailable unknown, though there is a limit", GiB, 0, -1, 4 * GiB,
		-1, 0, 1, -1},
	{"no cgroup and nothing asked", -1, -1, -1, 4 * GiB, 3 * GiB, 0, 0, 0},
};

static void clear(void *at, size_t size)
{
	int64_t *words = at;

	for (size_t i = 0; i < size / sizeof(*words); i++)
		words[i] = -1;
}

static void run(const struct guard_test *test)
{
	static struct cgroup cgroup;
	struct cgroup_reading level;
	struct meminfo host;
	struct guard_facts facts = {&cgroup, &level, &host, test->promised};
	char reason[160] = "";
	int result;

	clear(&level, sizeof(level));
	clear(&host, sizeof(host));
	cgroup.count = 1;
	level.limit_bytes = test->limit;
	level.usage_bytes = test->usage;
	level.active_file_bytes = level.inactive_file_bytes = 0;
	level.slab_reclaimable_bytes = 0;
	level.hierarchical_limit_bytes = test->hierarchical;
	host.total_bytes = test->total;
	host.available_bytes = test->available;
	result = guard_decide(&facts, test->wanted, reason, sizeof(reason));
	if (result != test->result)
		fail_msg("%s: %d %s", test->why, result, reason);
	if ((result < 0) != (reason[0] != '\0'))
		fail_msg("%s: a refusal and its reason: \"%s\"", test->why,
			reason);
}

static void the_host_is_never_promised_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		run(&tests[i]);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(the_host_is_never_promised_twice),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
