/* SPDX-License-Identifier: MIT */
/*
 * The host is read here; load's cgroup and workers are as its master published
 * them, for only the master is sure to see them. A look ten times a second
 * tells whether something grows; it reads a few words of shared memory. What
 * nobody saw of a growth of a tenth of a second the death's own record has.
 */
#include "watch/sampling.h"

#include <string.h>

#include "watch/sample_pack.h"
#include "watch/workers.h"

#define LOOK_MS	  100
#define SECOND_MS 1000

static void fill_psi(int64_t some_us, int64_t full_us, struct pressure *out)
{
	out->some_us = some_us < 0 ? FIELD_ABSENT : some_us;
	out->full_us = full_us < 0 ? FIELD_ABSENT : full_us;
}

static int64_t less(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return FIELD_ABSENT;
	return a > b ? a - b : 0;
}

/* v1 counts memory and swap together, v2 swap alone. */
static int64_t swap_of(const struct cgroup_reading *own, int version)
{
	return version == 1 ? less(own->swap_usage_bytes, own->usage_bytes)
			    : own->swap_usage_bytes;
}

static void fill_cgroup(
	struct scoreboard_header *header, struct sample_cgroup *out)
{
	const struct cgroup_reading *own = &header->now.levels[0];
	struct cgroup names;
	struct limit limit;

	if (header->now.count < 1)
		return;
	board_limit(header, &names, &limit);
	*out = (struct sample_cgroup){
		.limit_bytes = headroom_limit_of_level(own),
		.usage_bytes = own->usage_bytes,
		.peak_bytes = own->peak_bytes,
		.working_set_bytes =
			less(own->usage_bytes, own->inactive_file_bytes),
		.headroom_bytes = limit.headroom_bytes,
		.anon_bytes = own->anon_bytes,
		.file_bytes = own->file_bytes,
		.shmem_bytes = own->shmem_bytes,
		.kernel_bytes = own->kernel_bytes,
		.slab_bytes = own->slab_bytes,
		.swap_bytes = swap_of(own, header->cgroup_version),
		.inactive_file_bytes = own->inactive_file_bytes,
		.oom_kills = own->oom_kill < 0 ? FIELD_ABSENT : own->oom_kill,
	};
	fill_psi(own->psi_some_us, own->psi_full_us, &out->psi);
}

static void put(struct watch *watch, const struct sample *sample, bool late)
{
	unsigned char bytes[SAMPLE_PACK_MAX];

	samples_put(&watch->store.samples, sample->at_ms, bytes,
		sample_pack(sample, bytes), late);
}

static void read_host(
	const struct meminfo_files *files, struct sample_host *out)
{
	struct pressure psi;

	(void)meminfo_read(files, &out->memory);
	out->oom_kills = meminfo_oom_kills(files);
	if (out->oom_kills < 0)
		out->oom_kills = FIELD_ABSENT;
	meminfo_pressure(files, &psi);
	fill_psi(psi.some_us, psi.full_us, &out->psi);
}

/* What a master published that is gone by now is not so any more. */
static void read_load(struct watch *watch, const struct scoreboard *board,
	struct status_worker *workers, struct sample *out)
{
	struct scoreboard_header header;

	board_read_header(board, &header);
	if (board_master(&watch->board, board) == BOARD_GONE ||
		out->at_ms - header.now.at_ms >= BOARD_SILENT_MS)
		return;
	fill_cgroup(&header, &out->cgroup);
	out->workers = workers;
	out->worker_count = workers_list(board, workers);
}

void sampling_take(struct watch *watch, const struct meminfo_files *host)
{
	struct status_worker workers[SCOREBOARD_SLOTS];
	const struct scoreboard *board = board_take(&watch->board);
	struct sample sample;

	sample_clear(&sample);
	sample.at_ms = scoreboard_now_ms();
	read_host(host, &sample.host);
	if (board)
		read_load(watch, board, workers, &sample);
	board_give(&watch->board, board);
	put(watch, &sample, false);
}

void sampling_of_death(struct watch *watch,
	const struct scoreboard_header *header,
	const struct scoreboard_record *record)
{
	const struct scoreboard_readings *before = &record->death.before;
	struct scoreboard_header then = *header;
	struct sample sample;

	if (before->at_ms <= 0 || before->count > CGROUP_LEVELS ||
		scoreboard_now_ms() - before->at_ms > watch->config->keep_ms)
		return;
	sample_clear(&sample);
	sample.at_ms = before->at_ms;
	sample.host.memory = before->host;
	if (before->host_oom_kills >= 0)
		sample.host.oom_kills = before->host_oom_kills;
	fill_psi(before->host_pressure.some_us, before->host_pressure.full_us,
		&sample.host.psi);
	then.now = *before;
	fill_cgroup(&then, &sample.cgroup);
	put(watch, &sample, true);
}

static bool something_grows(struct watch *watch)
{
	const struct scoreboard *board = board_take(&watch->board);
	bool grows = false;

	for (int i = 0; board && i < SCOREBOARD_SLOTS && !grows; i++) {
		int32_t stage = atomic_load(&board->slots[i].stage);

		grows = stage == SLOT_GROWING || stage == SLOT_RELEASING;
	}
	board_give(&watch->board, board);
	return grows;
}

/* Looks at the tenths of the clock's seconds, so that its seconds are among
 * them whenever it began. */
void *sampling_run(void *context)
{
	struct watch *watch = context;
	struct meminfo_files host;
	int64_t second = 0, now_ms = scoreboard_now_ms();
	bool grew = false;

	(void)meminfo_open(&host, watch->config->root); /* else all unknown */
	while (!watch_stopping(watch, LOOK_MS - (int)(now_ms % LOOK_MS))) {
		bool grows = something_grows(watch);

		now_ms = scoreboard_now_ms();
		if (grows || grew || now_ms / SECOND_MS != second)
			sampling_take(watch, &host);
		if (now_ms / SECOND_MS != second)
			store_stir(&watch->store);
		second = now_ms / SECOND_MS;
		grew = grows;
		now_ms = scoreboard_now_ms();
	}
	meminfo_close(&host);
	return NULL;
}
