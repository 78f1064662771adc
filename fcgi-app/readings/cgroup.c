/* SPDX-License-Identifier: MIT */
/*
 * Finds one's own memory cgroup and its ancestors, and reads what they say.
 * /proc/self/cgroup names the cgroup as seen from the cgroup namespace,
 * /proc/self/mountinfo which part of the hierarchy is mounted where; the two
 * together give a directory, and a walk up to the mount point gives those
 * ancestors that can be seen. All files are opened once, here: a reading must
 * work when neither memory nor a descriptor can be had. Which limit binds is
 * for headroom.c to say.
 */
#include "readings/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "readings/cgroup_place.h"
#include "readings/file.h"
#include "readings/meminfo.h"

/* v1 prints "none" as LONG_MAX rounded down to a page, of 4 to 64 KiB. */
#define V1_NONE (INT64_MAX - 0xffff)

#define FILE_TEXT_MAX 8192 /* memory.stat: 1 KB in v1, 2 KB in v2 */

enum file {
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
	FILES
};

_Static_assert(FILES <= sizeof(((struct cgroup_level *)0)->fds) / sizeof(int),
	"a descriptor for each file");

/* The name of each file by version; NULL: there is none. */
static const char *const file_names[FILES][2] = {
	[LIMIT] = {"memory.limit_in_bytes", "memory.max"},
	[USAGE] = {"memory.usage_in_bytes", "memory.current"},
	[PEAK] = {"memory.max_usage_in_bytes", "memory.peak"},
	[SWAP_LIMIT] = {"memory.memsw.limit_in_bytes", "memory.swap.max"},
	[SWAP_USAGE] = {"memory.memsw.usage_in_bytes", "memory.swap.current"},
	[STAT] = {"memory.stat", "memory.stat"},
	[EVENTS] = {"memory.oom_control", "memory.events.local"},
	[HIGH] = {NULL, "memory.high"},
	[OOM_GROUP] = {NULL, "memory.oom.group"},
	[FAILCNT] = {"memory.failcnt", NULL},
	[SWAP_FAILCNT] = {"memory.memsw.failcnt", NULL},
	[KERNEL] = {"memory.kmem.usage_in_bytes", NULL},
};

#define FIELD(name) offsetof(struct cgroup_reading, name)
#define WHOLE	    "" /* the file is one number */

/* Where each figure stands: the file, and the line in it by version. v1 counts
 * usage over the whole subtree but its plain stat lines without children, so
 * the total_ lines are the ones that go with it. */
static const struct field {
	enum file file;
	const char *lines[2];
	size_t offset;
} fields[] = {
	{LIMIT, {WHOLE, WHOLE}, FIELD(limit_bytes)},
	{HIGH, {NULL, WHOLE}, FIELD(high_bytes)},
	{USAGE, {WHOLE, WHOLE}, FIELD(usage_bytes)},
	{PEAK, {WHOLE, WHOLE}, FIELD(peak_bytes)},
	{SWAP_LIMIT, {WHOLE, WHOLE}, FIELD(swap_limit_bytes)},
	{SWAP_USAGE, {WHOLE, WHOLE}, FIELD(swap_usage_bytes)},
	{KERNEL, {WHOLE, NULL}, FIELD(kernel_bytes)},
	{FAILCNT, {WHOLE, NULL}, FIELD(failcnt)},
	{SWAP_FAILCNT, {WHOLE, NULL}, FIELD(swap_failcnt)},
	{OOM_GROUP, {NULL, WHOLE}, FIELD(oom_group)},
	{STAT, {"total_rss", "anon"}, FIELD(anon_bytes)},
	{STAT, {"total_cache", "file"}, FIELD(file_bytes)},
	{STAT, {"total_shmem", "shmem"}, FIELD(shmem_bytes)},
	{STAT, {NULL, "kernel"}, FIELD(kernel_bytes)},
	{STAT, {"total_inactive_file", "inactive_file"},
		FIELD(inactive_file_bytes)},
	{STAT, {"total_active_file", "active_file"}, FIELD(active_file_bytes)},
	{STAT, {NULL, "slab_reclaimable"}, FIELD(slab_reclaimable_bytes)},
	{STAT, {"total_unevictable", "unevictable"}, FIELD(unevictable_bytes)},
	{STAT, {"hierarchical_memory_limit", NULL},
		FIELD(hierarchical_limit_bytes)},
	{EVENTS, {"oom_kill", "oom_kill"}, FIELD(oom_kill)},
	{EVENTS, {NULL, "oom"}, FIELD(oom)},
	{EVENTS, {NULL, "oom_group_kill"}, FIELD(oom_group_kill)},
};

/* Absent and forbidden files are -1 and stay so; to be short of descriptors or
 * memory at this moment must not look like that. */
static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

static int files_open(struct cgroup_level *level, int version, int dir_fd)
{
	for (int i = 0; i < FILES; i++) {
		const char *name = file_names[i][version - 1];

		if (!name)
			continue;
		level->fds[i] = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
		if (level->fds[i] == -1 && is_shortage(errno))
			return -1;
	}
	return 0;
}

/* below is the way from the mount point to this level: "" or "/a/b". */
static int level_open(struct cgroup_level *level,
	const struct cgroup_place *place, const char *root, const char *below)
{
	const char *top = strcmp(place->root, "/") == 0 ? "" : place->root;
	const char *end = *top || *below ? below : "/";
	char directory[CGROUP_PATH_MAX], name[64];
	int fd, rc;

	memset(level->fds, -1, sizeof(level->fds));
	snprintf(name, sizeof(name), "/%s",
		file_names[LIMIT][place->version - 1]);
	if (cgroup_path_join(directory, place->point, below) == -1 ||
		cgroup_path_join(level->source, directory, name) == -1 ||
		cgroup_path_join(level->path, top, end) == -1)
		return -1;
	fd = file_open(root, directory);
	if (fd == -1)
		return is_shortage(errno) ? -1 : 0;
	rc = files_open(level, place->version, fd);
	close(fd);
	return rc;
}

/* v2's real root has statistics, but neither a limit nor a usage. */
static bool level_is_v2_root(const struct cgroup_level *level)
{
	return level->fds[STAT] != -1 && level->fds[LIMIT] == -1 &&
	       level->fds[USAGE] == -1;
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
	if (own->fds[LIMIT] == -1 && own->fds[USAGE] == -1 &&
		own->fds[STAT] == -1) {
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
	for (int i = 0; i < cgroup->count; i++) {
		for (int file = 0; file < FILES; file++) {
			if (cgroup->levels[i].fds[file] != -1)
				close(cgroup->levels[i].fds[file]);
		}
	}
	memset(cgroup, 0, sizeof(*cgroup));
}

/*
 * One number, or a word of v2's:
 *
 * max
 */
static int64_t whole_value(const char *text, size_t length)
{
	if (strcmp(text, "max\n") == 0)
		return INT64_MAX;
	return file_number(text, text + length);
}

/* Reads one file, and of it every figure that stands in it. */
static void file_fill(int version, int file, int fd, struct cgroup_reading *out)
{
	char text[FILE_TEXT_MAX];
	ssize_t length = file_read_fd(fd, text, sizeof(text));

	if (length == -1)
		return;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *line = fields[i].lines[version - 1];
		int64_t value, *field;

		if ((int)fields[i].file != file || !line)
			continue;
		value = *line ? flat_value(text, (size_t)length, line)
			      : whole_value(text, (size_t)length);
		field = (int64_t *)((char *)out + fields[i].offset);
		*field = value >= V1_NONE ? INT64_MAX : value;
	}
}

int64_t cgroup_usage(const struct cgroup *cgroup, int level)
{
	struct cgroup_reading reading = {.usage_bytes = -1};

	if (level >= 0 && level < cgroup->count &&
		cgroup->levels[level].fds[USAGE] != -1)
		file_fill(cgroup->version, USAGE,
			cgroup->levels[level].fds[USAGE], &reading);
	return reading.usage_bytes;
}

int cgroup_read(
	const struct cgroup *cgroup, int level, struct cgroup_reading *out)
{
	const struct cgroup_level *from;

	memset(out, -1, sizeof(*out)); /* every field is an int64_t */
	if (level < 0 || level >= cgroup->count) {
		errno = EINVAL;
		return -1;
	}
	from = &cgroup->levels[level];
	for (int file = 0; file < FILES; file++) {
		if (from->fds[file] != -1)
			file_fill(cgroup->version, file, from->fds[file], out);
	}
	if (from->source[0] == '\0') /* v2's root cannot have a limit */
		out->limit_bytes = INT64_MAX;
	return 0;
}
