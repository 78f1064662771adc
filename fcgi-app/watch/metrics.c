/* SPDX-License-Identifier: MIT */
/*
 * GET /metrics. Asked every second by some: it takes what is there, asks
 * load's master for nothing and the database for nothing. Of a load that is
 * down there are the counts alone, for what its scoreboard still says of
 * memory is not so any more; of the host the watch reads it itself.
 */
#include "watch/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "evidence/source.h"
#include "readings/process.h"
#include "watch/handlers.h"

static int64_t known(int64_t value)
{
	return value < 0 ? FIELD_ABSENT : value;
}

static int64_t limited(int64_t bytes)
{
	return evidence_limited(bytes) ? bytes : FIELD_ABSENT;
}

static void fill_level(const struct cgroup_reading *reading,
	enum limit_level level, struct metrics_levels *out)
{
	out->limit_bytes[level] = limited(reading->limit_bytes);
	out->usage_bytes[level] = known(reading->usage_bytes);
	out->headroom_bytes[level] = limited(headroom_of_level(reading));
}

/* Of several ancestors the one that would bind first; one out of sight has a
 * limit and no more. */
static void fill_levels(
	const struct scoreboard_header *header, struct metrics_levels *out)
{
	const struct scoreboard_readings *now = &header->now;
	int64_t hidden =
		evidence_hidden_limit(now, header->ancestors_visible != 0);
	int64_t least = INT64_MAX;

	for (int i = 0; i < now->count && i < CGROUP_LEVELS; i++) {
		const struct cgroup_reading *level = &now->levels[i];
		int64_t headroom = headroom_of_level(level);

		if (i == 0) {
			fill_level(level, LIMIT_OWN, out);
		} else if (headroom >= 0 && headroom < least) {
			least = headroom;
			fill_level(level, LIMIT_ANCESTOR, out);
		}
	}
	if (hidden < 0)
		return;
	out->limit_bytes[LIMIT_ANCESTOR] = hidden;
	out->usage_bytes[LIMIT_ANCESTOR] = FIELD_ABSENT;
	out->headroom_bytes[LIMIT_ANCESTOR] = FIELD_ABSENT;
}

/* Counted from the slots: the header is written at the master's own pace. */
static void fill_workers(
	const struct scoreboard *board, struct metrics_load *out)
{
	memset(out->workers, 0, sizeof(out->workers));
	out->resident_bytes = out->target_bytes = 0;
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		const struct scoreboard_slot *slot = &board->slots[i];
		int32_t stage = atomic_load(&slot->stage);

		if (stage <= SLOT_FREE || stage >= METRICS_STAGES)
			continue;
		out->workers[stage]++;
		if (stage < SLOT_GROWING || stage > SLOT_RELEASING)
			continue;
		out->target_bytes += slot->load.requested_bytes;
		if (slot->load.resident_bytes > 0)
			out->resident_bytes += slot->load.resident_bytes;
	}
	out->busy = board_places_taken(board);
}

static void fill_header(
	const struct scoreboard_header *header, struct metrics_report *out)
{
	const struct scoreboard_readings *now = &header->now;

	out->load.started_us = header->started_at_ms * 1000;
	out->load.heartbeat_us = atomic_load(&header->heartbeat_ms) * 1000;
	out->load.max = header->pool.max;
	out->load.spare = header->pool.spare;
	out->load.peak = header->pool.peak_busy;
	if (now->count > 0) {
		out->load.stall_us[STALL_SOME] =
			known(now->levels[0].psi_some_us);
		out->load.stall_us[STALL_FULL] =
			known(now->levels[0].psi_full_us);
	}
	fill_levels(header, &out->levels);
}

static bool is_fresh(const struct scoreboard *board)
{
	return scoreboard_now_ms() - atomic_load(&board->header.heartbeat_ms) <
	       BOARD_SILENT_MS;
}

static void fill_load(struct watch *watch, const struct scoreboard *board,
	struct metrics_report *out)
{
	enum board_master master = board_master(&watch->board, board);
	struct scoreboard_header header;

	if (master != BOARD_UNKNOWN)
		out->load.up = master != BOARD_GONE;
	if (!board || master == BOARD_GONE ||
		(master == BOARD_UNKNOWN && !is_fresh(board)))
		return;
	fill_workers(board, &out->load);
	if (scoreboard_read_header(board, &header))
		fill_header(&header, out);
}

static void fill_host(const char *root, struct metrics_report *out)
{
	struct meminfo_files files;
	struct meminfo host;
	struct pressure stall;

	if (meminfo_open(&files, root) < 0)
		return;
	if (meminfo_read(&files, &host) == 0) {
		out->host.memory_bytes = known(host.total_bytes);
		out->host.available_bytes = known(host.available_bytes);
		out->levels.limit_bytes[LIMIT_HOST] = known(host.total_bytes);
		out->levels.headroom_bytes[LIMIT_HOST] =
			known(host.available_bytes);
		if (host.total_bytes >= 0 && host.available_bytes >= 0)
			out->levels.usage_bytes[LIMIT_HOST] =
				host.total_bytes - host.available_bytes;
	}
	meminfo_pressure(&files, &stall);
	out->host.stall_us[STALL_SOME] = known(stall.some_us);
	out->host.stall_us[STALL_FULL] = known(stall.full_us);
	meminfo_close(&files);
}

/* Before the database was asked nobody knows what earlier lives have counted,
 * and 0 would be taken for a fresh start. */
static void fill_sums(
	struct store *store, bool board, struct metrics_report *out)
{
	struct store_sums sums;

	store_sums(store, &sums);
	if (!sums.known)
		return;
	memcpy(out->kills, sums.events, sizeof(out->kills));
	out->bystanders = sums.events[COUNT_BYSTANDERS];
	out->store.events = known(sums.kept);
	if (sums.loads_known || !board)
		memcpy(out->loads, sums.loads, sizeof(out->loads));
}

static void fill_health(struct watch *watch, struct metrics_report *out)
{
	struct kernel_log_health log;
	struct store_health store;
	int unsaved;

	store_health(&watch->store, &store, &unsaved);
	out->store.unsaved = unsaved;
	out->store.aside = store.aside_count;
	out->store.dropped = store.dropped;
	if (store.state != STORE_OPENING)
		out->store.failing = store.state == STORE_FAILS;
	kernel_log_health(&watch->kernel_log, &log);
	out->log.readable = log.readable;
	if (!log.readable)
		return;
	out->log.overruns = log.overruns;
	out->log.lost_lines = log.lost_lines;
}

static int64_t microseconds(const struct timeval *time)
{
	return (int64_t)time->tv_sec * 1000000 + time->tv_usec;
}

static void fill_process(const struct watch *watch, struct metrics_report *out)
{
	struct process_status status;
	struct rusage usage;

	out->process.started_us = watch->meter.started_ms * 1000;
	if (process_status_read(0, &status) == 0)
		out->process.resident_bytes = known(status.rss_bytes);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		out->process.cpu_us = microseconds(&usage.ru_utime) +
				      microseconds(&usage.ru_stime);
}

void metrics_fill(struct watch *watch, const struct scoreboard *board,
	struct metrics_report *out)
{
	metrics_clear(out);
	(void)snprintf(out->version, sizeof(out->version), OOMLAB_VERSION);
	fill_load(watch, board, out);
	fill_host(watch->config->root, out);
	fill_sums(&watch->store, board != NULL, out);
	meter_report(&watch->meter, out);
	fill_health(watch, out);
	fill_process(watch, out);
}

int metrics_show(struct http_exchange *x)
{
	struct watch *watch = watch_of(x);
	const struct scoreboard *board = board_take(&watch->board);
	struct metrics_report report;
	size_t length;
	char *body;

	metrics_fill(watch, board, &report);
	board_give(&watch->board, board);
	if (metrics_render(&report, &body, &length) < 0)
		return http_problem(&x->problem, 500, "No memory for the page");
	(void)http_respond(x, 200, METRICS_TYPE, NULL, body, length);
	free(body);
	return 0;
}
