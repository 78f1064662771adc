/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_CGROUP_PLACE_H
#define OOMLAB_READINGS_CGROUP_PLACE_H

/*
 * Where one's own memory cgroup is: its name, and the mount it can be seen
 * through. For cgroup.c alone.
 */
#include <stdbool.h>

#include "readings/cgroup.h"

struct cgroup_place {
	int version;		     /* 1, 2, or 0: no memory controller */
	bool within;		     /* the cgroup is in what is mounted */
	char path[CGROUP_PATH_MAX];  /* one's own cgroup: /docker/0123 */
	char root[CGROUP_PATH_MAX];  /* the cgroup at the mount point */
	char point[CGROUP_PATH_MAX]; /* /sys/fs/cgroup/memory, or "" */
};

/* Reads ROOT/proc/self/cgroup and ROOT/proc/self/mountinfo. 0 also when there
 * is no such cgroup or mount; -1 with errno when a file cannot be read. */
int cgroup_place_find(struct cgroup_place *place, const char *root);

/* What of path is below root: "" for root itself, NULL when it is elsewhere
 * or, through "..", outside of the cgroup namespace. */
const char *cgroup_path_below(const char *path, const char *root);

/* to = a + b; 0, or -1 with ENAMETOOLONG. */
int cgroup_path_join(char to[CGROUP_PATH_MAX], const char *a, const char *b);

/* Whether this is the initial cgroup namespace, whose "/" is the root of the
 * hierarchy; false when it cannot be told. */
bool cgroup_namespace_is_initial(const char *root);

#endif
