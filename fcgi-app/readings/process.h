/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_PROCESS_H
#define OOMLAB_READINGS_PROCESS_H

/*
 * What /proc says of one process: proc_pid_status(5), proc_pid_statm(5).
 * Always of the live /proc: processes cannot be captured, their text can.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* -1 where a line is missing (a zombie has no Vm lines). */
struct process_status {
	char state; /* R S D T Z X, or 0 when unknown */
	int64_t rss_bytes, peak_rss_bytes, swapped_bytes;
	int64_t rss_anon_bytes, rss_file_bytes, rss_shmem_bytes;
	int64_t locked_bytes, page_tables_bytes;
	bool sigkill_pending; /* bit 9 of SigPnd or ShdPnd: the kernel or
				 somebody has killed it, it is on its way */
};

/* Parses the text of /proc/PID/status. */
void process_status_parse(
	const char *text, size_t length, struct process_status *out);

/* Reads /proc/PID/status (pid 0: one's own). 0, or -1 with errno (ENOENT or
 * ESRCH once it is gone). Allocates nothing; thread-safe. */
int process_status_read(pid_t pid, struct process_status *out);

/* The same on a descriptor that stays open: it is read once here, so that a
 * later reading takes no memory. -1 with errno. */
int process_status_open(pid_t pid);
int process_status_read_fd(int fd, struct process_status *out);

/* Resident bytes from /proc/PID/statm on a descriptor that stays open, or -1
 * with errno (ESRCH once the process is gone). */
int process_statm_open(pid_t pid);
int64_t process_statm_rss(int fd);

/* Has the kernel count the calling process's peak RSS from here on: proc(5),
 * /proc/PID/clear_refs, since Linux 4.0. 0, or -1 with errno. */
int process_forget_peak(void);

/* minor and major faults of the calling process so far: getrusage(2). */
void process_faults(int64_t *minor, int64_t *major);

#endif
