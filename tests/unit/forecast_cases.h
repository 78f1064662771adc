/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_FORECAST_CASES_H
#define OOMLAB_TESTS_FORECAST_CASES_H

/*
 * Situations for a forecast, each a departure from one plain cgroup of 512 MiB
 * in which 12 MiB are used, and what is to be said of each.
 */
#include <string.h>

#include "evidence/forecast.h"

#define M    (INT64_C(1) << 20)
#define G    (INT64_C(1) << 30)
#define PAGE 4096

/* Less the page tables, a 513th. */
#define MAPPED(bytes) ((bytes)*512 / 513)
#define NONE	      INT64_MAX
#define NULL_BYTES    INT64_C(-1)

static struct house {
	struct cgroup cgroup;
	struct cgroup_reading levels[2];
	struct meminfo host;
	struct forecast_worker workers[16];
	struct forecast_facts facts;
	struct forecast_ask ask;
	struct forecast out;
} house;

static struct cgroup_reading reading(int64_t limit_bytes, int64_t usage_bytes)
{
	struct cgroup_reading out;

	memset(&out, -1, sizeof(out));
	out.limit_bytes = limit_bytes;
	out.usage_bytes = usage_bytes;
	out.active_file_bytes = out.inactive_file_bytes = 0;
	return out;
}

static struct forecast_worker *add_worker(
	const char *name, int64_t held_bytes, int32_t score)
{
	struct forecast_worker *worker =
		&house.workers[house.facts.worker_count++];

	*worker = (struct forecast_worker){.pid = 100, .score = score};
	strcpy(worker->name, name);
	strcpy(worker->kind, held_bytes > 0 ? "anon" : "");
	worker->held_bytes = held_bytes;
	worker->rss_bytes = held_bytes > 0 ? held_bytes : 4 * M;
	return worker;
}

/* A load of 600M, one idle worker, the master. */
static void plain(void)
{
	memset(&house, 0, sizeof(house));
	house.cgroup = (struct cgroup){
		.version = 1, .count = 1, .ancestors_visible = true};
	house.levels[0] = reading(512 * M, 12 * M);
	house.levels[1] = reading(NONE, 12 * M);
	memset(&house.host, -1, sizeof(house.host));
	house.host.total_bytes = 24 * G;
	house.host.available_bytes = 20 * G;
	house.host.swap_total_bytes = house.host.swap_free_bytes = 0;
	house.facts = (struct forecast_facts){.cgroup = &house.cgroup,
		.levels = house.levels,
		.host = &house.host,
		.workers = house.workers,
		.page_bytes = PAGE,
		.guard_bytes = NONE,
		.quota_bytes = -1,
		.has_place = true,
		.is_alive = true};
	house.ask = (struct forecast_ask){.bytes = 600 * M,
		.kind = "anon",
		.score = 1000,
		.leave_bytes = -1,
		.reach_bytes = NONE};
	add_worker("oomlab:idle", 0, 500);
	add_worker("oomlab", 0, 0)->rss_bytes = -1;
}

static void fits(void)
{
	house.ask.bytes = 100 * M;
}

static void beside_a_holder(void)
{
	house.levels[0].usage_bytes += 150 * M;
	add_worker("oom:aaaaaaaa", 150 * M, 1000);
}

static void beside_a_larger_holder(void)
{
	house.levels[0].usage_bytes += 300 * M;
	add_worker("oom:aaaaaaaa", 300 * M, 1000);
}

static void beside_page_cache(void)
{
	house.levels[0].usage_bytes += 150 * M;
	house.levels[0].inactive_file_bytes = 150 * M;
}

static void beside_one_that_grows(void)
{
	add_worker("oom:aaaaaaaa", 50 * M, 1000)->yet_bytes = 100 * M;
	house.levels[0].usage_bytes += 50 * M;
}

static void beside_more_than_there_is(void)
{
	add_worker("oom:aaaaaaaa", 50 * M, 1000)->yet_bytes = G;
	house.levels[0].usage_bytes += 50 * M;
}

static void score_spares_it(void)
{
	beside_a_holder();
	house.ask.score = 0;
}

static void never_to_be_chosen(void)
{
	house.ask.score = -1000;
}

static void ancestor_is_fuller(void)
{
	house.cgroup.count = 2;
	house.levels[1] = reading(G, G - 100 * M);
}

static void ancestor_out_of_sight(void)
{
	house.cgroup.ancestors_visible = false;
	house.levels[0].hierarchical_limit_bytes = 256 * M;
}

static void ancestor_out_of_sight_may_fit(void)
{
	ancestor_out_of_sight();
	house.ask.bytes = 200 * M;
}

static void no_limit_at_all(void)
{
	house.levels[0].limit_bytes = NONE;
	house.host.available_bytes = G;
	house.ask.bytes = 2 * G;
}

static void guard_refuses(void)
{
	no_limit_at_all();
	house.facts.guard_bytes = 488 * M;
}

static void host_is_fuller(void)
{
	house.host.available_bytes = 300 * M;
}

static void swap_absorbs(void)
{
	house.host.swap_total_bytes = house.host.swap_free_bytes = 4 * G;
	house.levels[0].swap_limit_bytes = 612 * M;
	house.levels[0].swap_usage_bytes = 12 * M;
	house.ask.bytes = 550 * M;
}

static void swap_is_not_enough(void)
{
	swap_absorbs();
	house.ask.bytes = G;
}

static void swap_is_denied(void)
{
	swap_absorbs();
	house.levels[0].swap_limit_bytes = 512 * M;
}

static void swap_is_denied_on_v2(void)
{
	swap_absorbs();
	house.cgroup.version = 2;
	house.levels[0].swap_limit_bytes = 0;
	house.levels[0].swap_usage_bytes = 0;
}

static void high_is_below(void)
{
	house.levels[0].high_bytes = 300 * M;
}

static void high_may_stall_it(void)
{
	high_is_below();
	house.ask.bytes = 400 * M;
}

static void group_would_die(void)
{
	house.levels[0].oom_group = 1;
}

static void group_is_above_the_domain(void)
{
	house.cgroup.count = 2;
	house.levels[1].oom_group = 1;
}

static void cache_is_reclaimed(void)
{
	house.ask.kind = "file";
}

static void cache_on_tmpfs_is_not(void)
{
	house.ask.kind = "file";
	house.facts.scratch_is_tmpfs = true;
}

static void pipe_beyond_its_quota(void)
{
	house.ask.kind = "pipe";
	house.facts.quota_bytes = 64 * M;
}

static void page_tables_have_none(void)
{
	house.ask.kind = "pagetable";
}

static void leaves_headroom(void)
{
	house.ask.leave_bytes = 32 * M;
}

static void rate_is_too_slow(void)
{
	house.ask.reach_bytes = 60 * M;
}

static void container_dies(void)
{
	house.ask.dies_container = true;
}

static void all_busy_and_gone(void)
{
	house.facts.has_place = house.facts.is_alive = false;
}

static void nothing_was_read(void)
{
	house.cgroup.count = 0;
	memset(&house.host, -1, sizeof(house.host));
}

#define SELF   FORECAST_SELF
#define HOLDER "oom:aaaaaaaa"

/* fits, kill_at_bytes, first victim or "", warnings in their order. */
static const struct {
	const char *why;
	void (*arrange)(void);
	int fits;
	int64_t kill_at_bytes;
	const char *victim, *warnings;
} cases[] = {
	/* clang-format off */
	{"too large", NULL, 0, MAPPED(500 * M), SELF, ""},
	{"fits", fits, 1, NULL_BYTES, "", ""},
	{"a smaller holder lives", beside_a_holder, 0, MAPPED(350 * M), SELF,
		""},
	{"of equal scores the larger dies", beside_a_larger_holder, 0,
		MAPPED(200 * M), HOLDER, "another-dies"},
	{"page cache makes room", beside_page_cache, 0, MAPPED(500 * M), SELF,
		""},
	{"others' growth counts", beside_one_that_grows, 0, MAPPED(350 * M),
		SELF, "growing"},
	{"others take all: when is theirs to tell", beside_more_than_there_is,
		0, NULL_BYTES, HOLDER, "another-dies growing"},
	{"the score decides", score_spares_it, 0, MAPPED(350 * M), HOLDER,
		"another-dies"},
	{"never to be chosen", never_to_be_chosen, 0, MAPPED(500 * M),
		"oomlab:idle", "another-dies"},
	{"an ancestor has less left", ancestor_is_fuller, 0, MAPPED(100 * M),
		SELF, "others-unseen"},
	{"beyond a hidden limit", ancestor_out_of_sight, 0, NULL_BYTES, "",
		"ancestors-hidden"},
	{"below a hidden limit", ancestor_out_of_sight_may_fit, -1, NULL_BYTES,
		"", "ancestors-hidden"},
	{"the host, unguarded", no_limit_at_all, 0, MAPPED(G), SELF,
		"no-limit others-unseen"},
	{"the host, guarded", guard_refuses, 0, NULL_BYTES, "",
		"guard no-limit"},
	{"the host has less than the limit", host_is_fuller, 0, NULL_BYTES,
		SELF, "host-first others-unseen"},
	{"swap absorbs it", swap_absorbs, 1, NULL_BYTES, "", "swap"},
	{"swap delays it", swap_is_not_enough, 0, NULL_BYTES, SELF, "swap"},
	{"swap that may not be used, v1", swap_is_denied, 0, MAPPED(500 * M),
		SELF, ""},
	{"swap that may not be used, v2", swap_is_denied_on_v2, 0,
		MAPPED(500 * M), SELF, ""},
	{"memory.high before the limit", high_is_below, 0, NULL_BYTES, SELF,
		"memory-high"},
	{"memory.high before the size", high_may_stall_it, -1, NULL_BYTES, "",
		"memory-high"},
	{"memory.oom.group", group_would_die, 0, MAPPED(500 * M), SELF,
		"oom-group"},
	{"memory.oom.group above", group_is_above_the_domain, 0,
		MAPPED(500 * M), SELF, ""},
	{"page cache", cache_is_reclaimed, 0, NULL_BYTES, "", "reclaimed"},
	{"page cache on tmpfs is shmem", cache_on_tmpfs_is_not, 0, 500 * M,
		SELF, ""},
	{"a quota", pipe_beyond_its_quota, 0, NULL_BYTES, "", "quota"},
	{"page tables", page_tables_have_none, 0, 500 * M, SELF, ""},
	{"leave", leaves_headroom, 0, NULL_BYTES, "", "leaves"},
	{"rate and within", rate_is_too_slow, 0, NULL_BYTES, "", "slow"},
	{"dies=container", container_dies, 0, MAPPED(500 * M), SELF,
		"dies-container"},
	{"no place, no load", all_busy_and_gone, 0, MAPPED(500 * M), SELF,
		"load-down busy"},
	{"nothing was read", nothing_was_read, -1, NULL_BYTES, "",
		"unreadable"},
	/* clang-format on */
};

#endif
