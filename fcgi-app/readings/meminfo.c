/* SPDX-License-Identifier: MIT */
/*
 * The host's memory as /proc/meminfo tells it, and vmstat's count of OOM
 * kills. One row a field, so that what is printed by the kernel and what is
 * kept of it stand side by side. A line that this kernel lacks stays -1: an
 * old one has no MemAvailable, and MemFree is no substitute for it, since the
 * two differ by the whole page cache.
 */
#include "readings/meminfo.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "readings/file.h"

/* meminfo is 1.5 KB; vmstat 4 KB on one node of Linux 6.18, fewer than
 * 8 KB elsewhere. */
#define MEMINFO_MAX 4096
#define VMSTAT_MAX  16384
#define PSI_MAX	    256
#define TOTAL	    " total="

#define FIELD(name) offsetof(struct meminfo, name)

static const struct {
	const char *name;
	size_t offset;
} rows[] = {
	{"MemTotal", FIELD(total_bytes)},
	{"MemFree", FIELD(free_bytes)},
	{"MemAvailable", FIELD(available_bytes)},
	{"Buffers", FIELD(buffers_bytes)},
	{"Cached", FIELD(cached_bytes)},
	{"Active", FIELD(active_bytes)},
	{"Inactive", FIELD(inactive_bytes)},
	{"Dirty", FIELD(dirty_bytes)},
	{"AnonPages", FIELD(anon_bytes)},
	{"Shmem", FIELD(shmem_bytes)},
	{"Slab", FIELD(slab_bytes)},
	{"SReclaimable", FIELD(slab_reclaimable_bytes)},
	{"KernelStack", FIELD(kernel_stack_bytes)},
	{"PageTables", FIELD(page_tables_bytes)},
	{"VmallocUsed", FIELD(vmalloc_used_bytes)},
	{"CommitLimit", FIELD(commit_limit_bytes)},
	{"Committed_AS", FIELD(committed_bytes)},
	{"SwapTotal", FIELD(swap_total_bytes)},
	{"SwapFree", FIELD(swap_free_bytes)},
};

/*
 * MemTotal:       24684096 kB
 */
void meminfo_parse(const char *text, size_t length, struct meminfo *out)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t *field = (int64_t *)((char *)out + rows[i].offset);

		*field = file_kilobytes(text, length, rows[i].name);
	}
}

/*
 * oom_kill 0
 */
int64_t flat_value(const char *text, size_t length, const char *name)
{
	const char *value = file_line(text, length, name, ' ');

	return value ? file_number(value, text + length) : -1;
}

/*
 * some avg10=0.00 avg60=0.00 avg300=0.00 total=58761459
 */
static int64_t pressure_total(
	const char *text, size_t length, const char *share)
{
	const char *line = file_line(text, length, share, ' ');
	const char *end, *total;

	if (!line)
		return -1;
	end = memchr(line, '\n', length - (size_t)(line - text));
	if (!end)
		end = text + length;
	total = memmem(line, (size_t)(end - line), TOTAL, strlen(TOTAL));
	return total ? file_number(total + strlen(TOTAL), end) : -1;
}

void pressure_parse(const char *text, size_t length, struct pressure *out)
{
	out->some_us = pressure_total(text, length, "some");
	out->full_us = pressure_total(text, length, "full");
}

int meminfo_open(struct meminfo_files *files, const char *root)
{
	files->vmstat_fd = files->pressure_fd = -1;
	files->meminfo_fd = file_open(root, "/proc/meminfo");
	if (files->meminfo_fd == -1)
		return -1;
	files->vmstat_fd = file_open(root, "/proc/vmstat");
	files->pressure_fd = file_open(root, "/proc/pressure/memory");
	return 0;
}

void meminfo_close(struct meminfo_files *files)
{
	if (files->meminfo_fd != -1)
		close(files->meminfo_fd);
	if (files->vmstat_fd != -1)
		close(files->vmstat_fd);
	if (files->pressure_fd != -1)
		close(files->pressure_fd);
	files->meminfo_fd = files->vmstat_fd = files->pressure_fd = -1;
}

int meminfo_read(const struct meminfo_files *files, struct meminfo *out)
{
	char text[MEMINFO_MAX];
	ssize_t length = file_read_fd(files->meminfo_fd, text, sizeof(text));

	meminfo_parse(text, length > 0 ? (size_t)length : 0, out);
	return length == -1 ? -1 : 0;
}

int64_t meminfo_oom_kills(const struct meminfo_files *files)
{
	char text[VMSTAT_MAX];
	ssize_t length = file_read_fd(files->vmstat_fd, text, sizeof(text));

	if (length == -1)
		return -1;
	return flat_value(text, (size_t)length, "oom_kill");
}

void meminfo_pressure(const struct meminfo_files *files, struct pressure *out)
{
	char text[PSI_MAX];
	ssize_t length = file_read_fd(files->pressure_fd, text, sizeof(text));

	pressure_parse(text, length > 0 ? (size_t)length : 0, out);
}
