/* SPDX-License-Identifier: MIT */
/*
 * One thread waits on the log so that nothing is overwritten unread; who joins
 * a death with its line reads what is there himself, under the same lock, and
 * so never depends on when that thread gets to run. The time of a kill is that
 * of its reading, for printk's clock drifts away from the others.
 */
#include "watch/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "watch/state.h"

#define RECORD_MAX 8192 /* PRINTKRB_RECORD_MAX and the prefix: 1 to 2 KB */
#define QUIET_MS   200	/* then what was said is complete */
#define GROUP_MS   1000 /* from the first to the last of a group */
#define KILLED	   "Killed process "

/* The raw line of that victim, among the last ones. */
static const char *line_of(const struct kernel_log *log, int64_t pid)
{
	char wanted[48];

	(void)snprintf(wanted, sizeof(wanted), KILLED "%lld ", (long long)pid);
	for (uint64_t i = 0; i < KERNEL_LOG_LINES && i < log->line_count; i++) {
		const char *line = log->lines[(log->line_count - 1 - i) %
					      KERNEL_LOG_LINES];

		if (strstr(line, wanted))
			return line;
	}
	return "";
}

static bool is_ours(const char *comm)
{
	return strncmp(comm, WORKER_NAME_PREFIX, strlen(WORKER_NAME_PREFIX)) ==
		       0 ||
	       strncmp(comm, MASTER_NAME, strlen(MASTER_NAME)) == 0;
}

/* The kernel says that it kills the whole group after it has killed the first,
 * who may have been handed out by then. */
static void mark_group(struct kernel_log *log, const struct kernel_kill *last)
{
	for (uint64_t i = 0;
		last->task_memcg[0] && i < KERNEL_LOG_KILLS && i < log->count;
		i++) {
		struct kernel_kill *at = &log->kills[i].kill;

		if (last->read_at_ms - at->read_at_ms < GROUP_MS &&
			strcmp(at->task_memcg, last->task_memcg) == 0)
			at->group_kill = 1;
	}
}

static void take(void *context, const struct oomlog_event *event)
{
	struct kernel_log *log = context;
	struct kernel_log_kill *at;

	if (event->kind != OOMLOG_KILL)
		return;
	at = &log->kills[log->count++ % KERNEL_LOG_KILLS];
	at->claimed_by[0] = '\0';
	kernel_kill_fill(event, line_of(log, event->victim_pid),
		scoreboard_now_ms(), &at->kill);
	if (at->kill.group_kill == 1)
		mark_group(log, &at->kill);
}

/* The device itself (mem(4): 1, 11), or a test's pipe: in a container it is
 * often /dev/null that stands there. */
static bool is_log(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	       (S_ISFIFO(st.st_mode) ||
		       (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 11)));
}

int kernel_log_open(struct kernel_log *log, const char *root)
{
	char path[PATH_MAX];

	memset(log, 0, sizeof(*log));
	log->fd = -1;
	log->kills = calloc(KERNEL_LOG_KILLS, sizeof(*log->kills));
	if (!log->kills || pthread_mutex_init(&log->lock, NULL) != 0)
		return -1;
	oomlog_open(&log->parser, 0, take, log);
	(void)snprintf(path, sizeof(path), "%s" KERNEL_LOG_PATH, root);
	log->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (log->fd < 0) {
		log->fault = errno;
	} else if (!is_log(log->fd)) {
		close(log->fd);
		log->fd = -1;
		log->fault = ENOTTY;
	} else {
		(void)lseek(log->fd, 0, SEEK_END);
		log->opened_at_ms = scoreboard_now_ms();
	}
	return 0;
}

void kernel_log_close(struct kernel_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	pthread_mutex_destroy(&log->lock);
	free(log->kills);
	log->kills = NULL;
}

/* "6,339,5140900,-;text": facility and level, sequence, microseconds, flags.
 * Whoever may write to the log is another facility than the kernel's 0. */
static bool by_the_kernel(const char *record)
{
	return strtol(record, NULL, 10) >> 3 == 0;
}

/* The kernel numbers its records one by one, whoever wrote them. */
static void note_sequence(struct kernel_log *log, const char *record)
{
	const char *comma = strchr(record, ',');
	uint64_t sequence = comma ? strtoull(comma + 1, NULL, 10) : 0;

	if (log->sequence > 0 && sequence > log->sequence + 1)
		log->lost_lines += (int64_t)(sequence - log->sequence - 1);
	log->sequence = sequence;
}

static void take_record(struct kernel_log *log, char *record, size_t length)
{
	const char *text = memchr(record, ';', length);

	note_sequence(log, record);
	if (!by_the_kernel(record))
		return;
	if (text && memmem(text, length - (size_t)(text - record), KILLED,
			    strlen(KILLED))) {
		char *line = log->lines[log->line_count++ % KERNEL_LOG_LINES];

		(void)snprintf(line, sizeof(log->lines[0]), "%.*s",
			(int)strcspn(text + 1, "\n"), text + 1);
	}
	oomlog_feed(&log->parser, record, length);
}

/* The lock is held. EPIPE: what was to be read next has been overwritten; the
 * next read goes on with the oldest that is left. */
static void drain(struct kernel_log *log)
{
	char record[RECORD_MAX];
	ssize_t length;

	for (;;) {
		length = read(log->fd, record, sizeof(record) - 1);
		if (length > 0) {
			record[length] = '\0';
			take_record(log, record, (size_t)length);
		} else if (length < 0 && errno == EPIPE) {
			oomlog_finish(&log->parser); /* nothing spans a gap */
			log->lost_at_ms = scoreboard_now_ms();
			log->overruns++;
		} else if (length < 0 && errno == EINTR) {
			continue;
		} else {
			break;
		}
	}
}

void kernel_log_health(struct kernel_log *log, struct kernel_log_health *out)
{
	*out = (struct kernel_log_health){.readable = log->fd >= 0};
	if (!out->readable)
		return;
	pthread_mutex_lock(&log->lock);
	out->overruns = log->overruns;
	out->lost_lines = log->lost_lines;
	pthread_mutex_unlock(&log->lock);
}

void kernel_log_catch_up(struct kernel_log *log)
{
	if (log->fd < 0)
		return;
	pthread_mutex_lock(&log->lock);
	drain(log);
	pthread_mutex_unlock(&log->lock);
}

static bool matches(const struct kernel_log_kill *at,
	const struct kernel_log_search *search)
{
	const struct kernel_kill *kill = &at->kill;

	if ((at->claimed_by[0] && strcmp(at->claimed_by, search->id) != 0) ||
		kill->read_at_ms < search->from_ms ||
		kill->read_at_ms > search->to_ms)
		return false;
	if (!search->comm)
		return !is_ours(kill->victim_comm) &&
		       (!search->host_only || kill->scope == OOMLOG_HOST);
	return strcmp(kill->victim_comm, search->comm) == 0 &&
	       (search->pid == 0 || kill->victim_pid == search->pid);
}

/* The lock is held. *several: more than one fits, so which it is is open. */
static struct kernel_log_kill *look(struct kernel_log *log,
	const struct kernel_log_search *search, bool *several)
{
	struct kernel_log_kill *found = NULL;

	*several = false;
	for (uint64_t i = 0; i < KERNEL_LOG_KILLS && i < log->count; i++) {
		struct kernel_log_kill *at = &log->kills[i];

		if (!matches(at, search))
			continue;
		if (at->claimed_by[0]) {
			*several = false;
			return at; /* has been this one's before */
		}
		*several |= found != NULL;
		found = at;
	}
	return *several ? NULL : found;
}

/* The lock is held. What it means that nothing was found. */
static enum kernel_log_state silence(const struct kernel_log *log,
	const struct kernel_log_search *search, bool several)
{
	if (several)
		return KERNEL_LOG_UNASKED;
	if (search->from_ms < log->opened_at_ms)
		return KERNEL_LOG_UNREADABLE;
	return log->lost_at_ms >= search->from_ms && log->lost_at_ms > 0
		       ? KERNEL_LOG_GAPS
		       : KERNEL_LOG_SILENT;
}

void kernel_log_find(struct kernel_log *log,
	const struct kernel_log_search *search, struct kernel_kill *out)
{
	struct pollfd fd = {.fd = log->fd, .events = POLLIN};
	struct kernel_log_kill *found = NULL;
	int64_t left_ms;
	bool several;

	memset(out, 0, sizeof(*out));
	if (log->fd < 0)
		return;
	do {
		pthread_mutex_lock(&log->lock);
		drain(log);
		oomlog_flush(&log->parser);
		found = look(log, search, &several);
		if (found) {
			*out = found->kill;
			memcpy(found->claimed_by, search->id,
				sizeof(found->claimed_by));
		} else {
			out->state = (int32_t)silence(log, search, several);
		}
		pthread_mutex_unlock(&log->lock);
		left_ms = search->until_ms - scoreboard_now_ms();
	} while (!found && !several && left_ms > 0 &&
		 poll(&fd, 1, (int)left_ms) > 0);
}

/* What is complete is handed out after a while without a word: what belongs to
 * it, above all that a whole group is killed, follows at once. */
static void flush(struct kernel_log *log)
{
	pthread_mutex_lock(&log->lock);
	oomlog_flush(&log->parser);
	pthread_mutex_unlock(&log->lock);
}

void *kernel_log_run(void *context)
{
	struct watch *watch = context;
	struct kernel_log *log = &watch->kernel_log;
	struct pollfd fds[] = {
		{.fd = log->fd, .events = POLLIN},
		{.fd = watch->stop_fd, .events = POLLIN},
	};
	int wait_ms = -1;

	while (!watch_stopping(watch, 0)) {
		int ready = poll(fds, 2, wait_ms);

		if (fds[0].revents & POLLHUP)
			break; /* a pipe in its place, and nobody writes */
		if (ready > 0 && fds[0].revents)
			kernel_log_catch_up(log);
		else if (ready == 0)
			flush(log);
		wait_ms = ready > 0 ? QUIET_MS : -1;
	}
	return NULL;
}
