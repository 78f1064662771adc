/* SPDX-License-Identifier: MIT */
/*
 * The kernel says ENOMEM or EPERM; a person wants to know which of a dozen
 * limits that was, and how large it is. Each is looked up only after a
 * refusal, or where to run into it would be a signal and no refusal.
 */
#include "load/ballast/quota.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "readings/file.h"

#define OVERCOMMIT	 "/proc/sys/vm/overcommit_memory"
#define OVERCOMMIT_NEVER 2 /* proc_sys_vm(5) */

int quota_refuse(struct ballast *ballast, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(ballast->reason, sizeof(ballast->reason), format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

int64_t quota_rlimit(int resource)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) < 0 ||
		limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX)
		return INT64_MAX;
	return (int64_t)limit.rlim_cur;
}

int64_t quota_sysctl(const char *path)
{
	char text[64];
	int fd = file_open("", path);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = file_read_fd(fd, text, sizeof(text));
	close(fd);
	return length < 0 ? -1 : file_number(text, text + length);
}

/* What bounds a process's mappings; RLIMIT_DATA only those that are private
 * and writable, but nothing of ours comes near it otherwise. */
static const struct {
	int resource;
	const char *name;
} mapping_limits[] = {
	{RLIMIT_AS, "RLIMIT_AS"},
	{RLIMIT_DATA, "RLIMIT_DATA"},
};

int quota_refuse_mapping(struct ballast *ballast, int64_t bytes)
{
	int error = errno;

	for (size_t i = 0;
		i < sizeof(mapping_limits) / sizeof(mapping_limits[0]); i++) {
		int64_t limit = quota_rlimit(mapping_limits[i].resource);

		if (error == ENOMEM && limit < INT64_MAX)
			return quota_refuse(ballast, error,
				"%s is %" PRId64 " bytes, %" PRId64
				" more were to be mapped",
				mapping_limits[i].name, limit, bytes);
	}
	if (error == ENOMEM && quota_sysctl(OVERCOMMIT) == OVERCOMMIT_NEVER)
		return quota_refuse(ballast, error,
			"vm.overcommit_memory is 2, and %" PRId64
			" bytes more are over the commit limit",
			bytes);
	errno = error;
	return -1;
}

int quota_file_size(struct ballast *ballast, int64_t bytes)
{
	int64_t limit = quota_rlimit(RLIMIT_FSIZE);

	if (bytes <= limit)
		return 0;
	return quota_refuse(ballast, EFBIG,
		"RLIMIT_FSIZE is %" PRId64 " bytes, %" PRId64 " were asked for",
		limit, bytes);
}
