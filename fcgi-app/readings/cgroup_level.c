/* SPDX-License-Identifier: MIT */
/*
 * What one cgroup's files say, a row a figure, by version. All files are opened
 * once: a reading must work when neither memory nor a descriptor can be had.
 */
#include "readings/cgroup_level.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "readings/file.h"
#include "readings/meminfo.h"

/* v1 prints "none" as LONG_MAX rounded down to a page, of 4 to 64 KiB. */
#define V1_NONE (INT64_MAX - 0xffff)

#define FILE_TEXT_MAX 8192 /* memory.stat: 1 KB in v1, 2 KB in v2 */

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
	[PRESSURE] = {NULL, "memory.pressure"},
};

#define FIELD(name) offsetof(struct cgroup_reading, name)
#define WHOLE	    "" /* the file is one number */

/* Where each figure stands: the file, and the line in it by version. v1 counts
 * usage over the whole subtree but its plain stat lines without children, so
 * the total_ lines are the ones that go with it. */
static const struct field {
	enum cgroup_file file;
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
	{STAT, {NULL, "slab"}, FIELD(slab_bytes)},
	{STAT, {NULL, "slab_reclaimable"}, FIELD(slab_reclaimable_bytes)},
	{STAT, {"total_unevictable", "unevictable"}, FIELD(unevictable_bytes)},
	{STAT, {"hierarchical_memory_limit", NULL},
		FIELD(hierarchical_limit_bytes)},
	{EVENTS, {"oom_kill", "oom_kill"}, FIELD(oom_kill)},
	{EVENTS, {NULL, "oom"}, FIELD(oom)},
	{EVENTS, {NULL, "oom_group_kill"}, FIELD(oom_group_kill)},
};

const char *cgroup_level_limit_name(int version)
{
	return file_names[LIMIT][version - 1];
}

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

int cgroup_level_open(struct cgroup_level *level, int version, const char *root,
	const char *directory)
{
	struct stat st;

	level->dir_fd = file_open(root, directory);
	if (level->dir_fd == -1)
		return is_shortage(errno) ? -1 : 0;
	if (fstat(level->dir_fd, &st) == 0)
		level->inode = st.st_ino;
	return files_open(level, version, level->dir_fd);
}

void cgroup_level_close(struct cgroup_level *level)
{
	for (int file = 0; file < FILES; file++) {
		if (level->fds[file] != -1)
			close(level->fds[file]);
	}
	if (level->dir_fd != -1)
		close(level->dir_fd);
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
	if (file == PRESSURE) {
		struct pressure pressure;

		pressure_parse(text, (size_t)length, &pressure);
		out->psi_some_us = pressure.some_us;
		out->psi_full_us = pressure.full_us;
		return;
	}
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

int64_t cgroup_level_usage(int version, const struct cgroup_level *level)
{
	struct cgroup_reading reading = {.usage_bytes = -1};

	if (level->fds[USAGE] != -1)
		file_fill(version, USAGE, level->fds[USAGE], &reading);
	return reading.usage_bytes;
}

/* A count in decimal that systemd-oomd keeps (its oomd-util.c); 0 where it
 * never did, -1 where that cannot be told. */
static int64_t mark_count(int dir_fd, const char *name)
{
	char text[32];
	ssize_t length = fgetxattr(dir_fd, name, text, sizeof(text) - 1);

	if (length < 0)
		return errno == ENODATA ? 0 : -1;
	return file_number(text, text + length);
}

static int64_t marks_of(int dir_fd)
{
	int64_t ooms = mark_count(dir_fd, "user.oomd_ooms");
	int64_t kills = mark_count(dir_fd, "user.oomd_kill");

	return ooms < 0 || kills < 0 ? -1 : ooms + kills;
}

void cgroup_level_read(int version, const struct cgroup_level *from,
	struct cgroup_reading *out)
{
	for (int file = 0; file < FILES; file++) {
		if (from->fds[file] != -1)
			file_fill(version, file, from->fds[file], out);
	}
	if (version == 2 && from->dir_fd != -1)
		out->oomd_kills = marks_of(from->dir_fd);
	if (from->source[0] == '\0') /* v2's root cannot have a limit */
		out->limit_bytes = INT64_MAX;
}

bool cgroup_level_has(const struct cgroup_level *level, enum cgroup_file file)
{
	return level->fds[file] != -1;
}
