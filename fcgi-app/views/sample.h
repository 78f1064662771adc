/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_SAMPLE_H
#define OOMLAB_VIEWS_SAMPLE_H

/*
 * Memory at one moment: the host's, load's cgroup's, its workers', and the
 * kills since the sample before: docs/API.md, GET /memory. Plain data; unknown
 * is FIELD_ABSENT, no limit INT64_MAX.
 */
#include "readings/meminfo.h"
#include "views/status.h"

struct sample_host {
	struct meminfo memory;
	int64_t oom_kills; /* on the whole machine since its boot */
	struct pressure psi;
};

/* Load's own cgroup, as its master read it last. */
struct sample_cgroup {
	int64_t limit_bytes; /* the tightest that its own level tells of */
	int64_t usage_bytes, peak_bytes;
	int64_t working_set_bytes; /* usage less inactive file pages */
	int64_t headroom_bytes;	   /* tightest over all levels and the host */
	int64_t anon_bytes, file_bytes, shmem_bytes, kernel_bytes;
	int64_t slab_bytes, swap_bytes, inactive_file_bytes;
	int64_t oom_kills; /* of its processes since it was made */
	struct pressure psi;
};

struct sample_kill {
	char id[33];
	int64_t at_ms;
	int32_t verdict; /* enum verdict */
	char url[48];	 /* "/events/ID" */
};

struct sample {
	int64_t at_ms;
	struct sample_host host;
	struct sample_cgroup cgroup;
	int32_t worker_count; /* -1: unknown, no load to ask */
	int32_t kill_count;
	const struct status_worker *workers;
	const struct sample_kill *kills; /* oldest first */
};

/* The rows of a sample, and of a part of it. */
extern const struct field sample_fields[];

/* Every figure unknown, no worker and no kill. */
void sample_clear(struct sample *sample);

/* The sum of the workers' RSS; FIELD_ABSENT unknown. */
int64_t sample_workers_rss(const struct sample *sample);

#endif
