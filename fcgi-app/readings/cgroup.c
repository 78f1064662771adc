/* SPDX-License-Identifier: MIT */
/*
 * Finds one's own memory cgroup and its ancestors, and reads what they say.
 * /proc/self/cgroup names the cgroup as seen from the cgroup namespace,
 * /proc/self/mountinfo which part of the hierarchy is mounted where; the two
 * together give a directory, and a walk up to the mount point gives those
 * ancestors that can be seen. What their files say is for cgroup_level.c, which
 * limit binds for headroom.c.
 */
#include "readings/cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "readings/cgroup_level.h"
#include "readings/cgroup_place.h"

/* below is the way from the mount point to this level: "" or "/a/b". */
static int level_open(struct cgroup_level *level,
	const struct cgroup_place *place, const char *root, const char *below)
{
	const char *top = strcmp(place->root, "/") == 0 ? "" : place->root;
	const char *end = *top || *below ? below : "/";
	char directory[CGROUP_PATH_MAX], name[64];

	memset(level->fds, -1, sizeof(level->fds));
	level->dir_fd = -1;
	snprintf(name, sizeof(name), "/%s",
		cgroup_level_limit_name(place->version));
	if (cgroup_path_join(directory, place->point, below) == -1 ||
		cgroup_path_join(level->source, directory, name) == -1 ||
		cgroup_path_join(level->path, top, end) == -1)
		return -1;
	return cgroup_level_open(level, place->version, root, directory);
}

/* v2's real root has statistics, but neither a limit nor a usage. */
static bool level_is_v2_root(const struct cgroup_level *level)
{
	return cgroup_level_has(level, STAT) &&
	       !cgroup_level_has(level, LIMIT) &&
	       !cgroup_level_has(level, USAGE);
}

/* From one's own level up to the mount point; true in *top if that far. */
static int levels_open(struct cgroup *cgroup, const struct cgroup_place *place,
	const char *root, bool *top)
{
	const char *start = cgroup_path_below(place->path, place->root);
	char below[CGROUP_PATH_MAX];

	*top = false;
	if (cgroup_path_join(below, start ? start : "", "") == -1)
		return -1;
	while (!*top && cgroup->count < CGROUP_LEVELS) {
		struct cgroup_level *level = &cgroup->levels[cgroup->count++];

		if (level_open(level, place, root, below) == -1)
			return -1;
		*top = *below == '\0';
		if (!*top)
			*strrchr(below, '/') = '\0';
	}
	return 0;
}

/* Whether the level at the mount point is the root of the whole hierarchy. */
static bool top_is_root(const struct cgroup *cgroup,
	const struct cgroup_place *place, const char *root)
{
	if (cgroup->version == 2 &&
		level_is_v2_root(&cgroup->levels[cgroup->count - 1]))
		return true;
	return place->within && strcmp(place->root, "/") == 0 &&
	       cgroup_namespace_is_initial(root);
}

/* Opens all levels. A cgroup with none of the files has no controller. */
static int cgroup_fill(struct cgroup *cgroup, const struct cgroup_place *place,
	const char *root)
{
	const struct cgroup_level *own = &cgroup->levels[0];
	bool top;

	cgroup->version = place->version;
	if (levels_open(cgroup, place, root, &top) == -1)
		return -1;
	if (!cgroup_level_has(own, LIMIT) && !cgroup_level_has(own, USAGE) &&
		!cgroup_level_has(own, STAT)) {
		cgroup_close(cgroup);
		return 0;
	}
	snprintf(cgroup->procs_path, sizeof(cgroup->procs_path),
		"%.*scgroup.procs",
		(int)(strrchr(own->source, '/') + 1 - own->source),
		own->source);
	cgroup->ancestors_visible = top && top_is_root(cgroup, place, root);
	if (cgroup->version == 2 && cgroup->ancestors_visible)
		cgroup->levels[cgroup->count - 1].source[0] = '\0';
	return 0;
}

int cgroup_open(struct cgroup *cgroup, const char *root)
{
	struct cgroup_place place;
	int error;

	memset(cgroup, 0, sizeof(*cgroup));
	if (cgroup_place_find(&place, root) == -1)
		return -1;
	if (place.point[0] == '\0')
		return 0;
	if (cgroup_fill(cgroup, &place, root) == 0)
		return 0;
	error = errno;
	cgroup_close(cgroup);
	errno = error;
	return -1;
}

void cgroup_close(struct cgroup *cgroup)
{
	for (int i = 0; i < cgroup->count; i++)
		cgroup_level_close(&cgroup->levels[i]);
	memset(cgroup, 0, sizeof(*cgroup));
}

int64_t cgroup_usage(const struct cgroup *cgroup, int level)
{
	return level >= 0 && level < cgroup->count
		       ? cgroup_level_usage(
				 cgroup->version, &cgroup->levels[level])
		       : -1;
}

int cgroup_read(
	const struct cgroup *cgroup, int level, struct cgroup_reading *out)
{
	memset(out, -1, sizeof(*out)); /* every field is an int64_t */
	if (level < 0 || level >= cgroup->count) {
		errno = EINVAL;
		return -1;
	}
	cgroup_level_read(cgroup->version, &cgroup->levels[level], out);
	return 0;
}

int cgroup_read_at(const char *root, int version, const char *limit_file,
	uint64_t inode, struct cgroup_reading *out)
{
	struct cgroup_level level = {.dir_fd = -1};
	const char *slash = strrchr(limit_file, '/');
	char directory[CGROUP_PATH_MAX];
	int result = -1;

	memset(out, -1, sizeof(*out));
	memset(level.fds, -1, sizeof(level.fds));
	if (!slash || (version != 1 && version != 2)) {
		errno = EINVAL;
		return -1;
	}
	snprintf(directory, sizeof(directory), "%.*s",
		(int)(slash - limit_file), limit_file);
	snprintf(level.source, sizeof(level.source), "%s", limit_file);
	if (cgroup_level_open(&level, version, root, directory) == 0 &&
		level.dir_fd != -1) {
		if (level.inode == inode)
			result = 0;
		else
			errno = ESTALE;
	}
	if (result == 0)
		cgroup_level_read(version, &level, out);
	cgroup_level_close(&level);
	return result;
}
