/* SPDX-License-Identifier: MIT */
/*
 * Counts that must only grow, from figures that begin anew with each master.
 * Kills elsewhere are a difference of two counts that the kernel moves one
 * after the other: only where neither moved from one reading to the next do
 * they belong together, and a kill of ours that was half counted is no kill
 * elsewhere for ever.
 */
#include "watch/meter.h"

#include <string.h>

#include "views/fields.h"

void meter_open(struct meter *meter)
{
	memset(meter, 0, sizeof(*meter));
	pthread_mutex_init(&meter->lock, NULL);
	meter->started_ms = scoreboard_now_ms();
}

void meter_record(struct meter *meter, const struct scoreboard_record *record)
{
	const struct load_report *load = &record->load;

	if (record->kind != RECORD_LOAD || load->grow_us < 0 ||
		load->ended_at_ms < meter->started_ms)
		return;
	pthread_mutex_lock(&meter->lock);
	metrics_observe(&meter->growth, load->grow_us);
	pthread_mutex_unlock(&meter->lock);
}

/* The pid is published together with the counts, unlike the generation; in a
 * container each master has the same, but is seen before it has forked as much
 * as the one before. */
static void add(struct meter_sum *sum, int64_t now, bool same_master)
{
	sum->total += same_master && now >= sum->seen ? now - sum->seen : now;
	sum->seen = now;
}

/* Another cgroup, or another boot: what was killed in between is not known. */
static bool is_another(
	const struct meter_elsewhere *then, const struct meter_elsewhere *now)
{
	return then->at_ms == 0 || now->inode != then->inode ||
	       now->host < then->host || now->own < then->own;
}

static void look_elsewhere(
	struct meter_elsewhere *at, const struct scoreboard_header *header)
{
	const struct scoreboard_readings *now = &header->now;
	struct meter_elsewhere fresh = {.at_ms = now->at_ms,
		.host = now->host_oom_kills,
		.own = now->count > 0 ? now->levels[0].oom_kill : -1,
		.inode = header->levels[0].inode,
		.based = at->based,
		.base = at->base,
		.kills = at->kills};
	int64_t apart = fresh.host - fresh.own;

	if (fresh.at_ms == at->at_ms || fresh.host < 0 || fresh.own < 0)
		return;
	if (is_another(at, &fresh)) {
		fresh.based = false;
	} else if (fresh.host == at->host && fresh.own == at->own) {
		if (!fresh.based)
			fresh.base = apart - fresh.kills;
		fresh.based = true;
		if (apart - fresh.base > fresh.kills)
			fresh.kills = apart - fresh.base;
	}
	*at = fresh;
}

void meter_header(struct meter *meter, const struct scoreboard_header *header)
{
	const struct scoreboard_pool *pool = &header->pool;
	bool same;

	if (header->master_pid <= 0)
		return;
	pthread_mutex_lock(&meter->lock);
	same = header->master_pid == meter->master_pid;
	meter->master_pid = header->master_pid;
	add(&meter->forks, pool->forks, same);
	add(&meter->fork_failures, pool->fork_failures, same);
	add(&meter->deaths_before_request, pool->deaths_before_request, same);
	look_elsewhere(&meter->elsewhere, header);
	pthread_mutex_unlock(&meter->lock);
}

void meter_report(struct meter *meter, struct metrics_report *out)
{
	pthread_mutex_lock(&meter->lock);
	out->growth = meter->growth;
	if (meter->master_pid > 0) {
		out->load.forks = meter->forks.total;
		out->load.fork_failures = meter->fork_failures.total;
		out->load.deaths_before_request =
			meter->deaths_before_request.total;
	}
	if (meter->elsewhere.at_ms > 0)
		out->elsewhere = meter->elsewhere.kills;
	pthread_mutex_unlock(&meter->lock);
}
