/* SPDX-License-Identifier: MIT */
/*
 * The columns. Of a host, by the lines of /proc/meminfo and as sysstat 12.6.1
 * reckons:
 *
 *   kbmemfree  MemFree               kbavail   MemAvailable
 *   kbmemused  MemTotal - MemFree - Buffers - Cached - Slab
 *   %memused   kbmemused of MemTotal
 *   kbbuffers  Buffers               kbcached  Cached
 *   kbcommit   Committed_AS          %commit   of MemTotal + SwapTotal
 *   kbactive   Active    kbinact  Inactive    kbdirty  Dirty
 *
 * Of a cgroup, whose kernel tells other things, what comes nearest and nothing
 * that would be a guess:
 *
 *   kbmemfree  limit - usage         kbavail   headroom, over all levels
 *   kbmemused  usage - file          %memused  of the limit
 *   kbcached   file (page cache, block devices' and tmpfs' included)
 *   kbactive   working set: usage - inactive_file
 *   kbinact    inactive_file         the others: unknown
 */
#include "views/sar_figures.h"

#include <stdbool.h>

#define KB 1024

static bool known(int64_t figure)
{
	return figure != FIELD_ABSENT;
}

static int64_t kilobytes(int64_t bytes)
{
	return bytes < 0 || bytes == INT64_MAX ? FIELD_ABSENT : bytes / KB;
}

/* a - b, where both are known. */
static int64_t less(int64_t a, int64_t b)
{
	return known(a) && known(b) ? a - b : FIELD_ABSENT;
}

static void clear(struct sar_figures *out)
{
	for (int i = 0; i < SAR_COLUMNS; i++)
		out->kb[i] = FIELD_ABSENT;
	out->total_kb = out->all_kb = FIELD_ABSENT;
}

static void read_host(const struct sample *sample, struct sar_figures *out)
{
	const struct meminfo *memory = &sample->host.memory;
	int64_t slab = kilobytes(memory->slab_bytes);
	int64_t swap = kilobytes(memory->swap_total_bytes);

	out->total_kb = kilobytes(memory->total_bytes);
	out->kb[SAR_FREE] = kilobytes(memory->free_bytes);
	out->kb[SAR_AVAIL] = kilobytes(memory->available_bytes);
	out->kb[SAR_BUFFERS] = kilobytes(memory->buffers_bytes);
	out->kb[SAR_CACHED] = kilobytes(memory->cached_bytes);
	out->kb[SAR_COMMIT] = kilobytes(memory->committed_bytes);
	out->kb[SAR_ACTIVE] = kilobytes(memory->active_bytes);
	out->kb[SAR_INACTIVE] = kilobytes(memory->inactive_bytes);
	out->kb[SAR_DIRTY] = kilobytes(memory->dirty_bytes);
	out->kb[SAR_USED] =
		less(less(less(less(out->total_kb, out->kb[SAR_FREE]),
				  out->kb[SAR_BUFFERS]),
			     out->kb[SAR_CACHED]),
			slab);
	if (known(out->total_kb) && known(swap))
		out->all_kb = out->total_kb + swap;
}

/* What a cgroup has of it: free, used and cached are its limit. */
static void read_cgroup(const struct sample *sample, struct sar_figures *out)
{
	const struct sample_cgroup *cgroup = &sample->cgroup;
	int64_t usage = kilobytes(cgroup->usage_bytes);

	out->total_kb = kilobytes(cgroup->limit_bytes);
	out->kb[SAR_FREE] = less(out->total_kb, usage);
	out->kb[SAR_AVAIL] = kilobytes(cgroup->headroom_bytes);
	out->kb[SAR_CACHED] = kilobytes(cgroup->file_bytes);
	out->kb[SAR_USED] = less(usage, out->kb[SAR_CACHED]);
	out->kb[SAR_ACTIVE] = kilobytes(cgroup->working_set_bytes);
	out->kb[SAR_INACTIVE] = kilobytes(cgroup->inactive_file_bytes);
}

static void (*const readers[])(const struct sample *, struct sar_figures *) = {
	[SAR_HOST] = read_host,
	[SAR_CGROUP] = read_cgroup,
};

void sar_figures(
	enum sar_of of, const struct sample *sample, struct sar_figures *out)
{
	clear(out);
	readers[of](sample, out);
}
