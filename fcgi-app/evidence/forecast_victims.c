/* SPDX-License-Identifier: MIT */
/*
 * Whom the OOM killer would choose: oom_badness() and constrained_alloc() of
 * mm/oom_kill.c, reckoned with what is known. A process counts its resident,
 * swapped and page table pages, and its oom_score_adj weighs in thousandths of
 * all that the domain may use, swap included. The others are taken as they
 * will be by then: with what they have yet to take. Only processes of load's
 * own are known here.
 */
#include "evidence/forecast_parts.h"

#include <stdio.h>
#include <string.h>

#include "views/fields.h"

#define SCORE_NEVER (-1000) /* the kernel never chooses such a process */

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t bounded(int64_t bytes, int64_t most)
{
	if (bytes < 0)
		return 0;
	return bytes < most ? bytes : most;
}

/* mem_cgroup_get_max(): memory, and as much swap as there could be. */
static int64_t domain_bytes(const struct outlook *outlook)
{
	const struct forecast_facts *facts = outlook->facts;
	int64_t swap_total = larger(facts->host->swap_total_bytes, 0);
	const struct cgroup_reading *level;
	int64_t swap;

	if (outlook->domain < 0)
		return facts->host->total_bytes + swap_total;
	level = &facts->levels[outlook->domain];
	swap = level->swap_limit_bytes;
	if (swap < 0 || swap == INT64_MAX)
		swap = swap_total;
	else if (facts->cgroup->version == 1)
		swap -= level->limit_bytes;
	return level->limit_bytes + bounded(swap, swap_total);
}

/* rss_bytes unknown leaves the score, which is most of it, to rank by. */
static int64_t points(const struct outlook *outlook,
	const struct forecast_victim *victim, int64_t table_bytes)
{
	int64_t page = outlook->facts->page_bytes;
	int64_t rss = larger(victim->rss_bytes, 0);
	int64_t tables = table_bytes + rss * TABLE_ENTRY_BYTES / page;

	return rss / page + tables / page +
	       victim->oom_score_adj * (domain_bytes(outlook) / page / 1000);
}

/* Keeps the likeliest, in their order; of equals who comes first. */
static void insert(struct forecast *out, const struct forecast_victim *victim,
	int64_t keys[FORECAST_VICTIMS], int64_t key)
{
	int at = out->victims_count;

	if (victim->oom_score_adj <= SCORE_NEVER)
		return;
	while (at > 0 && keys[at - 1] < key)
		at--;
	if (at == FORECAST_VICTIMS)
		return;
	if (out->victims_count < FORECAST_VICTIMS)
		out->victims_count++;
	for (int i = out->victims_count - 1; i > at; i--) {
		out->victims[i] = out->victims[i - 1];
		keys[i] = keys[i - 1];
	}
	out->victims[at] = *victim;
	keys[at] = key;
	if (victim->rss_bytes >= 0)
		out->victims[at].badness = key;
}

/* What an idle worker has, for one of them is going to take the load. */
static int64_t idle_rss(const struct forecast_facts *facts)
{
	int64_t most = -1;

	for (int i = 0; i < facts->worker_count; i++)
		if (!facts->workers[i].kind[0])
			most = larger(most, facts->workers[i].rss_bytes);
	return most;
}

static int64_t rank_self(
	const struct outlook *outlook, struct forecast_victim *victim)
{
	int64_t tables = outlook->kind->tables ? outlook->full_point : 0;

	*victim = (struct forecast_victim){
		.name = FORECAST_SELF,
		.pid = FIELD_ABSENT,
		.badness = FIELD_ABSENT,
		.rss_bytes = outlook->kind->mapped ? outlook->full_point
						   : idle_rss(outlook->facts),
		.oom_score_adj = outlook->ask->score,
		.dies_container = outlook->ask->dies_container,
	};
	return points(outlook, victim, tables);
}

/* A sample is up to 0.1 s old, what the load says of itself is newer. */
static int64_t rank_worker(const struct outlook *outlook,
	const struct forecast_worker *worker, struct forecast_victim *victim)
{
	const struct forecast_kind *kind = forecast_kind_find(worker->kind);
	int64_t whole = worker->held_bytes + larger(worker->yet_bytes, 0);

	*victim = (struct forecast_victim){
		.pid = worker->pid,
		.badness = FIELD_ABSENT,
		.rss_bytes = worker->rss_bytes,
		.oom_score_adj = worker->score,
		.dies_container = worker->dies_container,
	};
	(void)snprintf(victim->name, sizeof(victim->name), "%s", worker->name);
	if (kind && kind->mapped)
		victim->rss_bytes = larger(worker->rss_bytes, whole);
	return points(outlook, victim, kind && kind->tables ? whole : 0);
}

void forecast_rank(const struct outlook *outlook, struct forecast *out)
{
	const struct forecast_facts *facts = outlook->facts;
	int64_t keys[FORECAST_VICTIMS];
	struct forecast_victim victim;
	int64_t key = rank_self(outlook, &victim);

	insert(out, &victim, keys, key);
	for (int i = 0; i < facts->worker_count; i++) {
		key = rank_worker(outlook, &facts->workers[i], &victim);
		insert(out, &victim, keys, key);
	}
}
