/* SPDX-License-Identifier: MIT */
/*
 * The master's start: a list of steps, the first that fails ends it. All that
 * the master will ever hold is opened here, for later it takes no memory.
 */
#include "load/start.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/deaths.h"
#include "load/elsewhere.h"
#include "load/worker.h"
#include "scoreboard/control.h"
#include "views/view.h"

static int start_lock(struct master *master)
{
	if (scoreboard_lock(master->config->run) == 0)
		return 0;
	if (errno == EAGAIN)
		fprintf(stderr, "oomlab load: another one runs on %s\n",
			master->config->run);
	else
		fprintf(stderr, "oomlab load: %s/" SCOREBOARD_LOCK ": %s\n",
			master->config->run, strerror(errno));
	return -1;
}

static int start_board(struct master *master)
{
	struct scoreboard_header *header;

	master->board = scoreboard_create(master->config->run);
	if (!master->board) {
		fprintf(stderr, "oomlab load: %s/" SCOREBOARD_FILE ": %s\n",
			master->config->run, strerror(errno));
		return -1;
	}
	header = &master->board->header;
	memcpy(master->loads, header->pool.loads, sizeof(master->loads));
	master->generation = atomic_fetch_add(&header->generation, 1) + 1;
	return 0;
}

static int start_socket(struct master *master)
{
	int listening = 0;
	socklen_t size = sizeof(listening);

	master->listen_fd = STDIN_FILENO;
	if (getsockopt(master->listen_fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
		    &size) < 0 ||
		!listening) {
		fputs("oomlab load: descriptor 0 is no listening socket; "
		      "start it by spawn-fcgi -n\n",
			stderr);
		return -1;
	}
	if (fcntl(master->listen_fd, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	return FCGX_Init() == 0 ? 0 : -1;
}

static int start_signals(struct master *master)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	master->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	master->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return master->signal_fd < 0 || master->bell_fd < 0 ? -1 : 0;
}

static int start_readings(struct master *master)
{
	if (sampler_open(&master->sampler, master->config->root) < 0) {
		fprintf(stderr, "oomlab load: cannot read memory: %s\n",
			strerror(errno));
		return -1;
	}
	sampler_read(&master->sampler, &master->now);
	master->settled = master->now;
	master->idle_usage_bytes = -1;
	master->kills_elsewhere = master->kills_seen = KILLS_UNKNOWN;
	if (master->now.count > 0)
		master->ledger.accounted = master->now.levels[0].oom_kill;
	return 0;
}

static int start_control(struct master *master)
{
	master->control_fd = control_open(master->config->run);
	return master->control_fd < 0 ? -1 : 0;
}

static int start_views(struct master *master)
{
	return views_load(master->config->templates);
}

static void run_worker(void *context, int slot)
{
	const struct master *master = context;
	struct worker_start start = {
		.config = master->config,
		.board = master->board,
		.cgroup = &master->sampler.cgroup,
		.host = &master->sampler.host,
		.master_pid = master->pid,
		.slot = slot,
		.listen_fd = master->listen_fd,
		.bell_fd = master->bell_fd,
		.orders = &master->pool.orders[slot],
	};

	close(master->signal_fd);
	close(master->control_fd);
	worker_run(&start);
}

/* Three descriptors a worker, and some: the soft limit is often too low. */
static int start_descriptors(struct master *master)
{
	struct rlimit limit;

	(void)master;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int start_pool(struct master *master)
{
	const struct config *config = master->config;

	if (pool_open(&master->pool, master->board, (int)config->spare,
		    (int)config->max, run_worker, master) < 0)
		return -1;
	deaths_bury_leftovers(master);
	deaths_record_other(master, RECORD_START, ACCOUNT_UNREADABLE);
	return 0;
}

/* In this order; the first that fails has said why, or errno does. */
static const struct {
	const char *name;
	int (*start)(struct master *master);
} steps[] = {
	{"templates", start_views},
	{"socket", start_socket},
	{"lock", start_lock},
	{"scoreboard", start_board},
	{"signals", start_signals},
	{"control socket", start_control},
	{"readings", start_readings},
	{"descriptors", start_descriptors},
	{"pool", start_pool},
};

int start_all(struct master *master)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		errno = 0;
		if (steps[i].start(master) == 0)
			continue;
		fprintf(stderr, "oomlab load: no start without %s%s%s\n",
			steps[i].name, errno ? ": " : "",
			errno ? strerror(errno) : "");
		return -1;
	}
	return 0;
}
