/* SPDX-License-Identifier: MIT */
/*
 * The master: starts, waits in one poll, and reacts to what it finds on the
 * scoreboard. It is the only one to decide (who has a place, what the guard
 * lets through, who died of what), so that nothing needs a lock. After the
 * start it allocates no heap, writes to no disk and no terminal: it must be
 * able to move while its cgroup has not a page left.
 */
#include "load/master.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/asks.h"
#include "load/deaths.h"
#include "load/elsewhere.h"
#include "load/freeing.h"
#include "load/load.h"
#include "load/overdue.h"
#include "load/publish.h"
#include "load/start.h"
#include "scoreboard/control.h"

#define TICK_SOON_MS   10 /* a storm gathers, memory comes back */
#define TICK_BUSY_MS   100
#define TICK_IDLE_MS   1000
#define EXIT_DIES      137   /* what a container's OOM kill looks like */
#define STOP_MOST_MS   10000 /* what a stop waits for loads to end */

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
	overdue_release_all(master);
	pool_retire_all(&master->pool);
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

/* Whether the watch waits for the reading that was taken for it. */
static bool read_control(struct master *master)
{
	struct control_message message;
	bool read_asked = false;

	while (control_receive(master->control_fd, &message) > 0) {
		if (message.kind == CONTROL_RELEASE)
			overdue_release(master, message.id);
		read_asked |= message.kind == CONTROL_READ;
	}
	if (!read_asked)
		return false;
	sampler_read(&master->sampler, &master->now);
	sampler_note_usage(&master->sampler, &master->now);
	sampler_workers(&master->pool, master->now.at_ms);
	return true;
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
	bool pending = false, soon, freeing, read_asked;

	read_signals(master);
	look_at_slots(master);
	elsewhere_note(master);
	read_asked = read_control(master);
	soon = asks_let_go(master, now_ms);
	freeing = freeing_under_way(master);
	if (!freeing && (tick || some_dead(master)))
		pending = deaths_settle(master);
	if (tick && !freeing) {
		elsewhere_look(master);
		sampler_workers(&master->pool, now_ms);
		pool_retire(&master->pool, now_ms);
		if (pool_busy(&master->pool) == 0 && !pending)
			freeing_know_quiet(master);
	}
	overdue_end(master, now_ms,
		master->stop_at_ms && now_ms >= master->stop_at_ms);
	if (!master->stop_at_ms && (!freeing || pool_idle(&master->pool) == 0))
		pending |= !pool_fill(&master->pool, now_ms);
	publish(master);
	if (read_asked)
		scoreboard_ring(master->board);
	set_next_tick(master, now_ms, pending);
	if (soon || freeing)
		master->next_tick_ms = now_ms + TICK_SOON_MS;
}

/* While something grows, its limit must not be met and left unseen. */
static void look_at_usage(struct master *master)
{
	int64_t now_ms = scoreboard_now_ms();

	if (now_ms >= master->next_look_ms)
		master->next_look_ms =
			now_ms +
			sampler_look_at_usage(&master->sampler, &master->now);
}

/* Waits for a worker, a death, the watch's word or the next tick; between
 * looks at the usage it goes on waiting. */
static void wait_for_news(struct master *master)
{
	struct pollfd fds[] = {
		{.fd = master->bell_fd, .events = POLLIN},
		{.fd = master->signal_fd, .events = POLLIN},
		{.fd = master->control_fd, .events = POLLIN},
	};
	int64_t now_ms;
	uint64_t rung;
	int ready;

	do {
		bool grows = pool_growing(&master->pool) > 0;
		int64_t until_ms = master->next_tick_ms;

		if (grows) {
			look_at_usage(master);
			if (master->next_look_ms < until_ms)
				until_ms = master->next_look_ms;
		}
		now_ms = scoreboard_now_ms();
		ready = poll(fds, 3,
			until_ms > now_ms ? (int)(until_ms - now_ms) : 0);
		now_ms = scoreboard_now_ms();
	} while (ready == 0 && now_ms < master->next_tick_ms);
	if (ready > 0 && (fds[0].revents & POLLIN))
		(void)!read(master->bell_fd, &rung, sizeof(rung));
}

/* Shared with the workers, which only read it: what is private is copied page
 * by page after a fork, at the master's next write, and its page may be the one
 * that the cgroup does not have. */
static struct master *place_master(void)
{
	void *place = mmap(NULL, sizeof(struct master), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return place == MAP_FAILED ? NULL : place;
}

int load_main(const struct config *config)
{
	struct master *master = place_master();

	if (!master) {
		perror("oomlab load");
		return 1;
	}
	master->config = config;
	master->pid = getpid();
	if (start_all(master) < 0)
		return 1;
	publish_start(master);
	fprintf(stderr, "oomlab load: ready, pid %d, at most %d loads\n",
		(int)master->pid, master->pool.max);
	while (!stopped(master)) {
		turn(master);
		if (master->dies)
			return EXIT_DIES; /* and the workers with it */
		wait_for_news(master);
	}
	deaths_settle(master);
	publish(master);
	fputs("oomlab load: stopped\n", stderr);
	return 0;
}
