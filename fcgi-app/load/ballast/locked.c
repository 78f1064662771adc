/* SPDX-License-Identifier: MIT */
/*
 * Memory that may not be swapped, as a real-time program or a keeper of keys
 * pins it. To lock makes resident, nothing else is needed; by mlock2, because
 * the address sanitizer makes mlock do nothing. How much may be locked is
 * RLIMIT_MEMLOCK's business (8 MiB by default), unless the process has
 * CAP_IPC_LOCK. Two threads lock no faster (3.2 GB/s) than one (3.5).
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "load/ballast/mapping.h"
#include "load/ballast/quota.h"
#include "load/spec.h"
#include "readings/process.h"

static int locked_open(struct ballast *ballast, const struct load_spec *spec)
{
	(void)spec;
	return mapping_open(ballast, false);
}

/* mlock(2): ENOMEM beyond the limit, EPERM when it is 0; ENOMEM may be a
 * dearth of mappings as well. */
static int refuse(struct ballast *ballast, int64_t bytes)
{
	int error = errno;
	int64_t limit = quota_rlimit(RLIMIT_MEMLOCK);
	struct process_status status;

	process_status_read(0, &status);
	if ((error == ENOMEM || error == EPERM) && limit < INT64_MAX &&
		status.locked_bytes + bytes > limit)
		return quota_refuse(ballast, error,
			"RLIMIT_MEMLOCK is %" PRId64 " bytes", limit);
	errno = error;
	return -1;
}

static int locked_grow(struct ballast *ballast, int64_t from, int64_t to)
{
	if (mlock2(ballast->arena.base + from, (size_t)(to - from), 0) < 0)
		return refuse(ballast, to - from);
	mapping_fill(ballast, from, to);
	return 0;
}

const struct ballast_kind ballast_locked = {
	.name = "locked",
	.help = "private memory that is locked, as far as RLIMIT_MEMLOCK goes",
	.place = PLACE_UNEVICTABLE,
	.open = locked_open,
	.grow = locked_grow,
	.resident = mapping_resident,
	.touch = mapping_touch,
	.release = mapping_release,
};
