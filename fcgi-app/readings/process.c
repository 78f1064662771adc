/* SPDX-License-Identifier: MIT */
/*
 * One process as /proc shows it. Of status, which costs a walk over its lines
 * in the kernel, we take memory and the pending SIGKILL by which a death is
 * known before it is reaped; statm, on a descriptor that stays open, is for
 * sampling many workers often. A process can go between any two calls, so
 * every one of them may fail with ENOENT or ESRCH.
 */
#include "readings/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "readings/file.h"

#define STATUS_MAX   8192 /* 1.5 KB, more with many groups */
#define STATM_MAX    256
#define PROCESS_PATH 32
#define SIGKILL_BIT  (UINT64_C(1) << (SIGKILL - 1))

#define FIELD(name) offsetof(struct process_status, name)

static const struct {
	const char *name;
	size_t offset;
} rows[] = {
	{"VmRSS", FIELD(rss_bytes)},
	{"VmHWM", FIELD(peak_rss_bytes)},
	{"VmSwap", FIELD(swapped_bytes)},
	{"RssAnon", FIELD(rss_anon_bytes)},
	{"RssFile", FIELD(rss_file_bytes)},
	{"RssShmem", FIELD(rss_shmem_bytes)},
	{"VmLck", FIELD(locked_bytes)},
	{"VmPTE", FIELD(page_tables_bytes)},
};

/*
 * ShdPnd:	0000000000000100
 */
static uint64_t signal_set(const char *text, size_t length, const char *name)
{
	const char *digit = file_line(text, length, name, ':');
	const char *end = text + length;
	uint64_t set = 0;

	if (!digit)
		return 0;
	while (digit < end && (*digit == ' ' || *digit == '\t'))
		digit++;
	for (; digit < end; digit++) {
		if (*digit >= '0' && *digit <= '9')
			set = set << 4 | (uint64_t)(*digit - '0');
		else if (*digit >= 'a' && *digit <= 'f')
			set = set << 4 | (uint64_t)(*digit - 'a' + 10);
		else
			break;
	}
	return set;
}

/*
 * State:	R (running)
 */
static char state_letter(const char *text, size_t length)
{
	const char *state = file_line(text, length, "State", ':');
	const char *end = text + length;

	while (state && state < end && (*state == ' ' || *state == '\t'))
		state++;
	if (!state || state == end || *state == '\n')
		return 0;
	return *state;
}

/*
 * The kernel writes a newline in a process's name as \n and a backslash as
 * \\ (fs/proc/array.c, proc_task_name), so a name cannot forge a line:
 *
 * Name:	foo) Z\nState: X
 * State:	S (sleeping)
 * VmRSS:	    1780 kB
 */
void process_status_parse(
	const char *text, size_t length, struct process_status *out)
{
	uint64_t pending = signal_set(text, length, "SigPnd") |
			   signal_set(text, length, "ShdPnd");

	out->state = state_letter(text, length);
	out->sigkill_pending = (pending & SIGKILL_BIT) != 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t *field = (int64_t *)((char *)out + rows[i].offset);

		*field = file_kilobytes(text, length, rows[i].name);
	}
}

static int process_open(pid_t pid, const char *name)
{
	char path[PROCESS_PATH];

	if (pid == 0)
		snprintf(path, sizeof(path), "/proc/self/%s", name);
	else
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return file_open("", path);
}

int process_status_read_fd(int fd, struct process_status *out)
{
	char text[STATUS_MAX];
	ssize_t length = file_read_fd(fd, text, sizeof(text));

	process_status_parse(text, length > 0 ? (size_t)length : 0, out);
	return length == -1 ? -1 : 0;
}

int process_status_read(pid_t pid, struct process_status *out)
{
	int fd = process_open(pid, "status"), rc = -1, error;

	if (fd == -1) {
		process_status_parse("", 0, out);
		return -1;
	}
	rc = process_status_read_fd(fd, out);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

/* The kernel makes the buffer of such a file at its first reading. */
int process_status_open(pid_t pid)
{
	struct process_status status;
	int fd = process_open(pid, "status");

	if (fd != -1)
		process_status_read_fd(fd, &status);
	return fd;
}

int process_statm_open(pid_t pid)
{
	return process_open(pid, "statm");
}

/*
 * Pages: size, resident, shared, text, 0, data, 0. All are 0 for a zombie.
 *
 * 765 445 416 5 0 123 0
 */
int64_t process_statm_rss(int fd)
{
	char text[STATM_MAX];
	ssize_t length = file_read_fd(fd, text, sizeof(text));
	const char *resident;
	int64_t pages = -1;

	if (length == -1)
		return -1;
	resident = strchr(text, ' ');
	if (resident)
		pages = file_number(resident, text + length);
	if (pages == -1) {
		errno = EPROTO;
		return -1;
	}
	return pages * sysconf(_SC_PAGESIZE);
}

int process_forget_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int saved;

	if (fd < 0)
		return -1;
	written = write(fd, "5", 1);
	saved = errno;
	close(fd);
	errno = saved;
	return written == 1 ? 0 : -1;
}

void process_faults(int64_t *minor, int64_t *major)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	*minor = usage.ru_minflt;
	*major = usage.ru_majflt;
}
