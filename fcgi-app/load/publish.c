/* SPDX-License-Identifier: MIT */
/*
 * The scoreboard's header: what the master knows, for those outside. Written
 * at every turn of its loop, so that the watch never has to ask.
 */
#include "load/publish.h"

#include <string.h>

#include "load/guard.h"

void publish(struct master *master)
{
	struct scoreboard_header *header = &master->board->header;
	struct pool *pool = &master->pool;
	struct guard_facts facts = {&master->sampler.cgroup, master->now.levels,
		&master->now.host, pool_promised_bytes(&master->pool)};

	scoreboard_begin(&header->version);
	header->master_pid = master->pid;
	header->guard_host = master->config->guard_host;
	header->stopping = master->stop_at_ms != 0;
	header->now = master->now;
	header->settled = master->settled;
	header->pool = (struct scoreboard_pool){
		.max = pool->max,
		.spare = pool->spare,
		.busy = pool_busy(pool),
		.idle = pool_idle(pool),
		.peak_busy = pool->peak_busy,
		.forks = pool->forks,
		.fork_failures = pool->fork_failures,
		.deaths_before_request = pool->deaths_before_request,
		.backoff_until_ms = pool->backoff_until_ms,
		.promised_bytes = facts.promised_bytes,
		.idle_usage_bytes = master->idle_usage_bytes,
		.guard_allows_bytes = guard_allows(&facts),
	};
	memcpy(header->pool.loads, master->loads, sizeof(master->loads));
	scoreboard_end(&header->version);
	atomic_store(&header->heartbeat_ms, scoreboard_now_ms());
}

/* What does not change in a master's life. */
void publish_start(struct master *master)
{
	struct scoreboard_header *header = &master->board->header;
	const struct cgroup *cgroup = &master->sampler.cgroup;

	scoreboard_begin(&header->version);
	header->started_at_ms = scoreboard_now_ms();
	header->cgroup_version = cgroup->version;
	header->ancestors_visible = cgroup->ancestors_visible;
	header->level_count = cgroup->count;
	for (int i = 0; i < cgroup->count; i++) {
		memcpy(header->levels[i].path, cgroup->levels[i].path,
			sizeof(header->levels[i].path));
		memcpy(header->levels[i].source, cgroup->levels[i].source,
			sizeof(header->levels[i].source));
		header->levels[i].inode = cgroup->levels[i].inode;
	}
	scoreboard_end(&header->version);
	publish(master);
}

void publish_record(struct master *master, enum record_kind kind,
	const struct load_report *load, const struct scoreboard_death *death)
{
	/* Too large for a stack, and the heap is out. */
	struct scoreboard_record *record = &master->record;
	static const struct scoreboard_death none;

	record->kind = kind;
	record->generation = master->generation;
	record->load = *load;
	record->death = death ? *death : none;
	scoreboard_append(master->board, record);
}
