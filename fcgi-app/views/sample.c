/* SPDX-License-Identifier: MIT */
/*
 * A sample as rows: JSON prints them as they are, CSV and the terminal's table
 * take of them what is a figure.
 */
#include "views/sample.h"

#include <string.h>

#include "evidence/verdict.h"

/* clang-format off */
#define MEMORY(member) \
	FIELD_ROW(struct sample_host, memory.member, #member, FIELD_BYTES)

static const struct field host_fields[] = {
	MEMORY(total_bytes),
	MEMORY(free_bytes),
	MEMORY(available_bytes),
	MEMORY(buffers_bytes),
	MEMORY(cached_bytes),
	MEMORY(active_bytes),
	MEMORY(inactive_bytes),
	MEMORY(dirty_bytes),
	MEMORY(anon_bytes),
	MEMORY(shmem_bytes),
	MEMORY(slab_bytes),
	MEMORY(slab_reclaimable_bytes),
	MEMORY(kernel_stack_bytes),
	MEMORY(page_tables_bytes),
	MEMORY(vmalloc_used_bytes),
	MEMORY(commit_limit_bytes),
	MEMORY(committed_bytes),
	MEMORY(swap_total_bytes),
	MEMORY(swap_free_bytes),
	FIELD_ROW(struct sample_host, oom_kills, "oom_kills", FIELD_INTEGER),
	FIELD_ROW(struct sample_host, psi.some_us, "psi_some_seconds",
		FIELD_SECONDS),
	FIELD_ROW(struct sample_host, psi.full_us, "psi_full_seconds",
		FIELD_SECONDS),
	FIELD_END
};

#define CGROUP(member, kind) \
	FIELD_ROW(struct sample_cgroup, member, #member, kind)

static const struct field cgroup_fields[] = {
	CGROUP(limit_bytes,         FIELD_BYTES),
	CGROUP(usage_bytes,         FIELD_BYTES),
	CGROUP(peak_bytes,          FIELD_BYTES),
	CGROUP(working_set_bytes,   FIELD_BYTES),
	CGROUP(headroom_bytes,      FIELD_BYTES),
	CGROUP(anon_bytes,          FIELD_BYTES),
	CGROUP(file_bytes,          FIELD_BYTES),
	CGROUP(shmem_bytes,         FIELD_BYTES),
	CGROUP(kernel_bytes,        FIELD_BYTES),
	CGROUP(slab_bytes,          FIELD_BYTES),
	CGROUP(swap_bytes,          FIELD_BYTES),
	CGROUP(inactive_file_bytes, FIELD_BYTES),
	CGROUP(oom_kills,           FIELD_INTEGER),
	FIELD_ROW(struct sample_cgroup, psi.some_us, "psi_some_seconds",
		FIELD_SECONDS),
	FIELD_ROW(struct sample_cgroup, psi.full_us, "psi_full_seconds",
		FIELD_SECONDS),
	FIELD_END
};

static const struct field kill_fields[] = {
	FIELD_ROW(struct sample_kill, id, "id", FIELD_TEXT),
	FIELD_ROW(struct sample_kill, at_ms, "at", FIELD_TIME),
	{.name = "verdict", .type = FIELD_WORD,
		.offset = offsetof(struct sample_kill, verdict),
		.words = verdict_words, .stride = VERDICT_COUNT},
	FIELD_ROW(struct sample_kill, url, "url", FIELD_TEXT),
	FIELD_END
};

#define SAMPLE(member, name, kind, ...) \
	FIELD_ROW(struct sample, member, name, kind, ##__VA_ARGS__)

const struct field sample_fields[] = {
	SAMPLE(at_ms, "at", FIELD_TIME),
	SAMPLE(host, "host", FIELD_OBJECT, .rows = host_fields),
	SAMPLE(cgroup, "cgroup", FIELD_OBJECT, .rows = cgroup_fields),
	SAMPLE(workers, "workers", FIELD_LIST, .rows = status_worker_fields,
		.count_offset = offsetof(struct sample, worker_count),
		.stride = sizeof(struct status_worker)),
	SAMPLE(kills, "kills", FIELD_LIST, .rows = kill_fields,
		.count_offset = offsetof(struct sample, kill_count),
		.stride = sizeof(struct sample_kill)),
	FIELD_END
};
/* clang-format on */

static void clear_figures(void *figures, size_t size)
{
	int64_t *at = figures;

	for (size_t i = 0; i < size / sizeof(*at); i++)
		at[i] = FIELD_ABSENT;
}

/* All of host and of cgroup are figures of 64 bits. */
void sample_clear(struct sample *sample)
{
	memset(sample, 0, sizeof(*sample));
	clear_figures(&sample->host, sizeof(sample->host));
	clear_figures(&sample->cgroup, sizeof(sample->cgroup));
	sample->worker_count = -1;
}

int64_t sample_workers_rss(const struct sample *sample)
{
	int64_t sum = sample->worker_count < 0 ? FIELD_ABSENT : 0;

	for (int32_t i = 0; i < sample->worker_count; i++) {
		if (sample->workers[i].rss_bytes > 0)
			sum += sample->workers[i].rss_bytes;
	}
	return sum;
}
