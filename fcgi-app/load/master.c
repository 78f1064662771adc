/* SPDX-License-Identifier: MIT */
/*
 * The master: starts, waits in one poll, and reacts to what it finds on the
 * scoreboard. It is the only one to decide (who has a place, what the guard
 * lets through, who died of what), so that nothing needs a lock. After the
 * start it allocates no heap, writes to no disk and no terminal: it must be
 * able to move while its cgroup has not a page left.
 */
#include "load/master.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/asks.h"
#include "load/deaths.h"
#include "load/load.h"
#include "load/publish.h"
#include "load/worker.h"
#include "views/view.h"

#define TICK_BUSY_MS 100
#define TICK_IDLE_MS 1000
#define STOP_MOST_MS 10000 /* what a stop waits for loads to end */

static struct master the_master;

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
	if (master->now.count > 0)
		master->ledger.accounted = master->now.levels[0].oom_kill;
	return 0;
}

static int start_views(struct master *master)
{
	return views_load(master->config->templates);
}

static void run_worker(void *context, int slot, int order_fd)
{
	const struct master *master = context;
	struct worker_start start = {
		.config = master->config,
		.board = master->board,
		.cgroup = &master->sampler.cgroup,
		.master_pid = master->pid,
		.slot = slot,
		.listen_fd = master->listen_fd,
		.bell_fd = master->bell_fd,
		.order_fd = order_fd,
	};

	close(master->signal_fd);
	worker_run(&start);
}

static int start_pool(struct master *master)
{
	const struct config *config = master->config;

	pool_open(&master->pool, master->board, (int)config->spare,
		(int)config->max, run_worker, master);
	deaths_bury_leftovers(master);
	deaths_record_other(master, RECORD_START);
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
	{"readings", start_readings},
	{"pool", start_pool},
};

static void look_at_slots(struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		enum slot_stage stage;

		if (master->pool.workers[i].pid == 0)
			continue;
		stage = pool_stage(&master->pool, i);
		if (stage == SLOT_ASKING)
			asks_answer(master, i);
		else if (stage == SLOT_ENDED)
			asks_record_end(master, i);
	}
}

/* No new connection from here on: those that came wait for a worker, which is
 * told that load is stopping; later ones are refused at once. */
static void begin_stop(struct master *master)
{
	if (master->stop_at_ms)
		return;
	master->stop_at_ms = scoreboard_now_ms() + STOP_MOST_MS;
	shutdown(master->listen_fd, SHUT_RDWR);
	for (int i = 0; i < master->pool.high; i++) {
		struct pool_worker *worker = &master->pool.workers[i];

		if (worker->granted)
			order_send(worker->order_fd, ORDER_RELEASE,
				worker->answered, "");
	}
	pool_retire_all(&master->pool);
}

static void force_stop(struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		struct pool_worker *worker = &master->pool.workers[i];

		if (worker->pid == 0 || worker->condemned)
			continue;
		worker->condemned = true;
		master->board->slots[i].load.outcome = OUTCOME_RELEASED;
		kill(worker->pid, SIGKILL);
	}
}

static bool stopped(const struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		if (master->pool.workers[i].pid > 0)
			return false;
	}
	return master->stop_at_ms != 0;
}

static void read_signals(struct master *master)
{
	struct signalfd_siginfo info;

	while (read(master->signal_fd, &info, sizeof(info)) ==
		(ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			begin_stop(master);
	}
	deaths_reap(master);
}

static bool some_dead(const struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		if (pool_stage(&master->pool, i) == SLOT_DEAD)
			return true;
	}
	return false;
}

/* pending: something could not be done yet, and is to be tried again soon. */
static void set_next_tick(struct master *master, int64_t now_ms, bool pending)
{
	bool soon =
		pending || master->stop_at_ms || pool_busy(&master->pool) > 0;
	int64_t next_ms = now_ms + (soon ? TICK_BUSY_MS : TICK_IDLE_MS);

	if (now_ms >= master->next_tick_ms || next_ms < master->next_tick_ms)
		master->next_tick_ms = next_ms;
}

static void turn(struct master *master)
{
	int64_t now_ms = scoreboard_now_ms();
	bool tick = now_ms >= master->next_tick_ms;
	bool pending = false;

	read_signals(master);
	look_at_slots(master);
	if (tick || some_dead(master))
		pending = deaths_settle(master);
	if (tick) {
		sampler_workers(&master->pool, now_ms);
		pool_retire(&master->pool, now_ms);
	}
	if (master->stop_at_ms && now_ms >= master->stop_at_ms)
		force_stop(master);
	if (!master->stop_at_ms)
		pending |= !pool_fill(&master->pool, now_ms);
	publish(master);
	set_next_tick(master, now_ms, pending);
}

static void wait_for_news(const struct master *master)
{
	struct pollfd fds[] = {
		{.fd = master->bell_fd, .events = POLLIN},
		{.fd = master->signal_fd, .events = POLLIN},
	};
	int64_t left_ms = master->next_tick_ms - scoreboard_now_ms();
	uint64_t rung;

	if (poll(fds, 2, left_ms > 0 ? (int)left_ms : 0) > 0 &&
		(fds[0].revents & POLLIN))
		(void)!read(master->bell_fd, &rung, sizeof(rung));
}

int load_main(const struct config *config)
{
	struct master *master = &the_master;

	master->config = config;
	master->pid = getpid();
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].start(master) < 0) {
			fprintf(stderr, "oomlab load: no start without %s\n",
				steps[i].name);
			return 1;
		}
	}
	publish_start(master);
	fprintf(stderr, "oomlab load: ready, pid %d, at most %d loads\n",
		(int)master->pid, master->pool.max);
	while (!stopped(master)) {
		turn(master);
		wait_for_news(master);
	}
	deaths_settle(master);
	publish(master);
	fputs("oomlab load: stopped\n", stderr);
	return 0;
}
