/* SPDX-License-Identifier: MIT */
/*
 * The watch: starts, waits for a signal, ends. It lives outside the room in
 * which memory runs out, and must stay small and quick there: a fixed number
 * of threads with small stacks, few malloc arenas, and health on a thread and
 * a socket of its own, so that no post-mortem can stand in its way.
 */
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "views/view.h"
#include "watch/collect.h"
#include "watch/sampling.h"
#include "watch/serve.h"

#define ANSWER_THREADS 32
#define STACK_BYTES    (256 * 1024)
#define ARENAS	       2
#define MMAP_BYTES     (128 * 1024) /* larger blocks go back at once */
#define ANSWER_WAIT_S  5
#define HEALTH_WAIT_S  1
#define HEALTH_BACKLOG 64
#define END_WAIT_S     2

struct watch_threads {
	struct serve_group answering, health;
	pthread_t threads[ANSWER_THREADS + 4]; /* and health, collector, log,
						  sampling */
	int count;
};

bool watch_stopping(const struct watch *watch, int timeout_ms)
{
	struct pollfd fd = {.fd = watch->stop_fd, .events = POLLIN};

	return poll(&fd, 1, timeout_ms) > 0;
}

/* Threads inherit the mask: signals come to the main thread alone. */
static int start_signals(struct watch *watch)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	watch->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return watch->stop_fd < 0 ? -1 : sigprocmask(SIG_BLOCK, &set, NULL);
}

static int start_memory(struct watch *watch)
{
	mallopt(M_ARENA_MAX, ARENAS);
	mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
	mallopt(M_TRIM_THRESHOLD, MMAP_BYTES);
	board_open(&watch->board, watch->config->run);
	pthread_mutex_init(&watch->collector.lock, NULL);
	meter_open(&watch->meter);
	if (kernel_log_open(&watch->kernel_log, watch->config->root) < 0)
		return -1;
	if (watch->kernel_log.fd < 0)
		fprintf(stderr,
			"oomlab watch: " KERNEL_LOG_PATH ": %s; kills are "
			"told by counters alone\n",
			strerror(watch->kernel_log.fault));
	if (store_open(&watch->store, watch->config->state) < 0)
		return -1;
	watch->store.keep_ms = watch->config->keep_ms;
	return 0;
}

static int start_templates(struct watch *watch)
{
	return views_load(watch->config->templates);
}

static int start_document(struct watch *watch)
{
	return openapi_make(watch->config, &watch->openapi);
}

/* Its own cgroup, to warn when load eats from the same plate. */
static int start_cgroup(struct watch *watch)
{
	struct cgroup cgroup;

	if (cgroup_open(&cgroup, watch->config->root) < 0)
		return 0;
	if (cgroup.count > 0)
		memcpy(watch->cgroup_path, cgroup.levels[0].path,
			sizeof(watch->cgroup_path));
	cgroup_close(&cgroup);
	return 0;
}

static int start_answers(struct watch *watch)
{
	int listening = 0;
	socklen_t size = sizeof(listening);

	watch->listen_fd = STDIN_FILENO;
	if (getsockopt(watch->listen_fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
		    &size) < 0 ||
		!listening) {
		fputs("oomlab watch: descriptor 0 is no listening socket; "
		      "start it by spawn-fcgi -n\n",
			stderr);
		errno = ENOTSOCK;
		return -1;
	}
	if (FCGX_Init() != 0)
		return -1;
	/* After libfcgi, which puts handlers of its own there. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	return fcntl(watch->listen_fd, F_SETFL, O_NONBLOCK);
}

/* nginx connects as another user of the same group. */
static int start_health(struct watch *watch)
{
	char path[PATH_MAX];
	mode_t mask;

	if (snprintf(path, sizeof(path), "%s/" WATCH_HEALTH_SOCKET,
		    watch->config->run) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	unlink(path);
	mask = umask(0117); /* the socket is made as rw-rw---- */
	watch->health_fd = FCGX_OpenSocket(path, HEALTH_BACKLOG);
	umask(mask);
	if (watch->health_fd < 0)
		return -1;
	(void)fcntl(watch->health_fd, F_SETFD, FD_CLOEXEC);
	return fcntl(watch->health_fd, F_SETFL, O_NONBLOCK);
}

/* In this order; the first that fails ends the start. */
static const struct {
	const char *name;
	int (*start)(struct watch *watch);
} steps[] = {
	{"signals", start_signals},
	{"memory", start_memory},
	{"templates", start_templates},
	{"the OpenAPI document", start_document},
	{"its cgroup", start_cgroup},
	{"a listening socket", start_answers},
	{WATCH_HEALTH_SOCKET, start_health},
};

static int start_thread(struct watch_threads *threads, pthread_attr_t *attr,
	void *(*run)(void *), void *argument)
{
	int fault = pthread_create(
		&threads->threads[threads->count], attr, run, argument);

	if (fault) {
		fprintf(stderr, "oomlab watch: no thread: %s\n",
			strerror(fault));
		return -1;
	}
	threads->count++;
	return 0;
}

static int start_threads(struct watch *watch, struct watch_threads *threads)
{
	pthread_attr_t attr;
	int result;

	threads->answering = (struct serve_group){watch, watch->listen_fd,
		ANSWER_WAIT_S, PTHREAD_MUTEX_INITIALIZER};
	threads->health = (struct serve_group){watch, watch->health_fd,
		HEALTH_WAIT_S, PTHREAD_MUTEX_INITIALIZER};
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	result = store_start(&watch->store, &attr);
	if (result < 0)
		fprintf(stderr, "oomlab watch: no thread: %s\n",
			strerror(errno));
	if (result == 0)
		result = start_thread(
			threads, &attr, serve_run, &threads->health);
	if (result == 0)
		result = start_thread(threads, &attr, collect_run, watch);
	if (result == 0)
		result = start_thread(threads, &attr, sampling_run, watch);
	if (result == 0 && watch->kernel_log.fd >= 0)
		result = start_thread(threads, &attr, kernel_log_run, watch);
	for (int i = 0; i < ANSWER_THREADS && result == 0; i++)
		result = start_thread(
			threads, &attr, serve_run, &threads->answering);
	pthread_attr_destroy(&attr);
	return result;
}

static void await_signal(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	(void)sigwait(&set, &number);
}

/* True when all have ended; one that still waits for its client at the end of
 * the time is left to the end of the process. */
static bool stop_threads(struct watch *watch, struct watch_threads *threads)
{
	struct timespec until;
	uint64_t one = 1;
	bool all = true;

	(void)!write(watch->stop_fd, &one, sizeof(one));
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_WAIT_S;
	for (int i = 0; i < threads->count; i++)
		all &= pthread_timedjoin_np(
			       threads->threads[i], NULL, &until) == 0;
	return all;
}

static void remove_health(const struct watch *watch)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/" WATCH_HEALTH_SOCKET,
		watch->config->run);
	unlink(path);
	close(watch->health_fd);
}

int watch_main(const struct config *config)
{
	static struct watch watch;
	static struct watch_threads threads;
	int result;

	watch = (struct watch){.config = config};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].start(&watch) == 0)
			continue;
		fprintf(stderr, "oomlab watch: no start without %s: %s\n",
			steps[i].name, strerror(errno));
		return 1;
	}
	result = start_threads(&watch, &threads);
	if (result == 0) {
		fprintf(stderr, "oomlab watch: ready, pid %d\n", (int)getpid());
		await_signal();
	}
	if (stop_threads(&watch, &threads)) {
		store_close(&watch.store);
		board_close(&watch.board);
		free(watch.openapi.text);
	}
	remove_health(&watch);
	fputs("oomlab watch: stopped\n", stderr);
	return result < 0;
}
