/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_CGROUP_LEVEL_H
#define OOMLAB_READINGS_CGROUP_LEVEL_H

/*
 * One cgroup's files: opened, read, closed. For cgroup.c alone, which knows
 * which cgroups these are. version is 1 or 2.
 */
#include <stdbool.h>

#include "readings/cgroup.h"

enum cgroup_file {
	LIMIT,
	USAGE,
	PEAK,
	SWAP_LIMIT,
	SWAP_USAGE,
	STAT,
	EVENTS,
	HIGH,
	OOM_GROUP,
	FAILCNT,
	SWAP_FAILCNT,
	KERNEL,
	PRESSURE,
	FILES
};

/* The name of the file that holds the limit. */
const char *cgroup_level_limit_name(int version);

/* Opens the files of the cgroup at ROOT/directory. 0 also when it is not
 * there, or some are not: those stay -1. -1 with errno when descriptors or
 * memory are short. fds must be all -1. */
int cgroup_level_open(struct cgroup_level *level, int version,
	const char *root, const char *directory);
void cgroup_level_close(struct cgroup_level *level);

bool cgroup_level_has(const struct cgroup_level *level, enum cgroup_file file);

/* out must be all -1; what cannot be read stays so. */
void cgroup_level_read(int version, const struct cgroup_level *level,
	struct cgroup_reading *out);

int64_t cgroup_level_usage(int version, const struct cgroup_level *level);

#endif
