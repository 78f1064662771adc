/* SPDX-License-Identifier: MIT */
/*
 * GET /status. Workers and the pool are counted from the slots at the moment
 * of asking: the header is written at the master's own pace, and a storm is
 * over before its next tick. Everything else is the header's, read by the
 * master for this answer.
 */
#include "watch/handlers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/source.h"
#include "watch/report.h"
#include "watch/workers.h"

/* How far process and cgroup may be apart: what the kernel counts in batches,
 * and what a worker and its page tables take beside its load. */
#define AGREE_BYTES	   (INT64_C(4) << 20)
#define AGREE_WORKER_BYTES (INT64_C(512) << 10)
#define SETTLED_MS	   100 /* page tables go last, after 35 ms */

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)

static void fill_workers(const struct scoreboard *board, struct report *report)
{
	struct status_report *status = &report->status;

	status->workers_count = workers_list(board, report->workers);
	for (int i = 0; i < status->workers_count; i++) {
		int32_t stage = report->workers[i].state;

		status->pool.busy += board_has_place((enum slot_stage)stage);
		status->pool.idle += stage == SLOT_IDLE;
	}
}

/* What is counted begins at 0, the rest is the header's. */
static void fill_pool(
	const struct scoreboard_pool *from, struct status_pool *to)
{
	to->idle = to->busy = 0;
	to->max = from->max;
	to->spare = from->spare;
	to->peak_busy = from->peak_busy;
	to->forks = from->forks;
	to->fork_failures = from->fork_failures;
	to->deaths_before_request = from->deaths_before_request;
	to->backoff_until_ms = from->backoff_until_ms;
}

static void clear_pool(struct status_pool *pool)
{
	*pool = (struct status_pool){.idle = FIELD_ABSENT,
		.busy = FIELD_ABSENT,
		.max = FIELD_ABSENT,
		.spare = FIELD_ABSENT,
		.peak_busy = FIELD_ABSENT,
		.forks = FIELD_ABSENT,
		.fork_failures = FIELD_ABSENT,
		.deaths_before_request = FIELD_ABSENT};
}

static void fill_master(const struct scoreboard *board, struct report *report)
{
	const struct scoreboard_header *header = &report->header;
	struct status_master *master = &report->status.master;

	master->alive = report->master == BOARD_UNKNOWN
				? -1
				: report->master != BOARD_GONE;
	master->pid = master->generation = FIELD_ABSENT;
	master->stopping = -1;
	if (!board)
		return;
	master->pid = header->master_pid;
	master->started_at_ms = header->started_at_ms;
	master->heartbeat_at_ms = atomic_load(&board->header.heartbeat_ms);
	master->generation = (int64_t)atomic_load(&board->header.generation);
	master->stopping = header->stopping != 0;
}

static struct status_limit *add_limit(struct report *report)
{
	struct status_report *status = &report->status;

	return &report->limits[status->limits_count++];
}

static void fill_limits(struct report *report)
{
	const struct scoreboard_header *header = &report->header;
	const struct scoreboard_readings *now = &header->now;
	int64_t hidden =
		evidence_hidden_limit(now, header->ancestors_visible != 0);
	struct status_limit *limit;

	for (int i = 0; i < now->count && i < CGROUP_LEVELS; i++) {
		limit = add_limit(report);
		limit->level = i == 0 ? LIMIT_OWN : LIMIT_ANCESTOR;
		COPY(limit->path, header->levels[i].path);
		COPY(limit->source, header->levels[i].source);
		limit->bytes = now->levels[i].limit_bytes;
		limit->usage_bytes = now->levels[i].usage_bytes;
		limit->high_bytes = now->levels[i].high_bytes;
	}
	if (hidden >= 0) {
		limit = add_limit(report);
		limit->level = LIMIT_ANCESTOR;
		limit->bytes = hidden;
		limit->usage_bytes = limit->high_bytes = -1;
		evidence_source(&header->levels[0], header->cgroup_version,
			EVIDENCE_HIERARCHY, limit->source,
			sizeof(limit->source));
	}
	if (now->at_ms == 0)
		return;
	limit = add_limit(report);
	limit->level = LIMIT_HOST;
	COPY(limit->source, "/proc/meminfo");
	limit->bytes = now->host.total_bytes;
	limit->usage_bytes =
		now->host.available_bytes < 0
			? -1
			: now->host.total_bytes - now->host.available_bytes;
	limit->high_bytes = -1;
}

static void fill_guard(struct report *report)
{
	const struct scoreboard_header *header = &report->header;
	struct status_guard *guard = &report->status.guard;

	*guard = (struct status_guard){.keeps_free_bytes = -1,
		.available_bytes = -1,
		.promised_bytes = -1,
		.allows_bytes = -1};
	if (header->now.at_ms == 0)
		return;
	COPY(guard->mode, header->guard_host ? "host" : "off");
	guard->keeps_free_bytes = headroom_host_reserve(&header->now.host);
	guard->available_bytes = header->now.host.available_bytes;
	guard->promised_bytes = header->pool.promised_bytes;
	guard->allows_bytes = header->pool.guard_allows_bytes;
}

/* Whether anybody came, went or moved on since shortly before the cgroup was
 * read: what a process gives back is counted some time after its end. */
static bool is_settled(const struct scoreboard *board, int64_t read_at_ms)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (board->slots[i].since_ms > read_at_ms - SETTLED_MS)
			return false;
	}
	return true;
}

/* Sums over the loads under way; a sum of which a part is growing or unknown
 * is not held against the cgroup's. */
static void fill_memory(const struct scoreboard *board, struct report *report)
{
	const struct scoreboard_header *header = &report->header;
	struct status_memory *memory = &report->status.memory;
	bool still = true;
	int loads = 0;

	for (int i = 0; board && i < SCOREBOARD_SLOTS; i++) {
		const struct scoreboard_slot *slot = &board->slots[i];
		int32_t stage = atomic_load(&slot->stage);

		if (stage < SLOT_GROWING || stage > SLOT_RELEASING)
			continue;
		loads++;
		still &= stage == SLOT_HOLDING;
		memory->requested_bytes += slot->load.requested_bytes;
		if (slot->load.resident_bytes > 0)
			memory->resident_bytes += slot->load.resident_bytes;
	}
	memory->agrees = -1;
	memory->cgroup_delta_bytes = FIELD_ABSENT;
	if (header->now.count == 0 || header->pool.idle_usage_bytes < 0)
		return;
	memory->cgroup_delta_bytes = header->now.levels[0].usage_bytes -
				     header->pool.idle_usage_bytes;
	if (loads > 0 && still && is_settled(board, header->now.at_ms))
		memory->agrees = llabs(memory->cgroup_delta_bytes -
					 memory->resident_bytes) <=
				 memory->resident_bytes / 50 + AGREE_BYTES +
					 loads * AGREE_WORKER_BYTES;
}

static void add_source(struct report *report, const char *source, bool readable)
{
	struct status_report *status = &report->status;
	int32_t *count =
		readable ? &status->readable_count : &status->unreadable_count;
	struct status_source *list =
		readable ? report->readable : report->unreadable;

	if (*count < STATUS_SOURCES && *source)
		COPY(list[(*count)++].source, source);
}

static void fill_level_sources(struct report *report, int level)
{
	const struct scoreboard_header *header = &report->header;
	const struct cgroup_reading *reading = &header->now.levels[level];
	char source[320];

	add_source(report, header->levels[level].source,
		reading->limit_bytes >= 0);
	for (int file = 0; file < EVIDENCE_FILES; file++) {
		evidence_source(&header->levels[level], header->cgroup_version,
			(enum evidence_file)file, source, sizeof(source));
		add_source(report, source,
			evidence_figure(reading, header->cgroup_version,
				(enum evidence_file)file) >= 0);
	}
}

static void fill_sources(const struct watch *watch, struct report *report)
{
	const struct scoreboard_readings *now = &report->header.now;

	add_source(report, KERNEL_LOG_NAME, watch->kernel_log.fd >= 0);
	if (now->at_ms > 0) {
		add_source(report, "/proc/meminfo", now->host.total_bytes >= 0);
		add_source(report, "/proc/vmstat oom_kill",
			now->host_oom_kills >= 0);
		if (now->count == 0)
			add_source(report, "memory cgroup (/proc/self/cgroup)",
				false);
	}
	for (int i = 0; i < now->count && i < CGROUP_LEVELS; i++)
		fill_level_sources(report, i);
}

void report_fill(struct watch *watch, const struct scoreboard *board,
	struct report *report)
{
	struct status_report *status = &report->status;

	memset(report, 0, sizeof(*report));
	report->master = board_master(&watch->board, board);
	if (board)
		board_read_header(board, &report->header);
	clear_pool(&status->pool);
	status->ancestors_visible =
		board ? report->header.ancestors_visible : -1;
	if (board) {
		fill_pool(&report->header.pool, &status->pool);
		fill_workers(board, report);
	}
	fill_master(board, report);
	fill_limits(report);
	fill_guard(report);
	fill_memory(board, report);
	fill_sources(watch, report);
	store_health(&watch->store, &report->store, &report->unsaved);
	report_warn(watch, report);
	status->workers = report->workers;
	status->limits = report->limits;
	status->readable = report->readable;
	status->unreadable = report->unreadable;
	status->warnings = report->warnings;
}

int status_show(struct http_exchange *x)
{
	struct watch *watch = watch_of(x);
	struct report *report = malloc(sizeof(*report));
	const struct scoreboard *board;
	int result;

	if (!report)
		return http_problem(&x->problem, 500, "No memory for the page");
	board = board_take(&watch->board);
	if (board)
		board_refresh(&watch->board, board);
	report_fill(watch, board, report);
	board_give(&watch->board, board);
	result = view_send(x, 200, &status_view, &report->status);
	free(report);
	return result;
}
