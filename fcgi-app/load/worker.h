/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_WORKER_H
#define OOMLAB_LOAD_WORKER_H

/*
 * The process that eats memory and may die of it: one request at a time.
 */
#include <fcgiapp.h>
#include <stdbool.h>

#include "config.h"
#include "http/exchange.h"
#include "load/order.h"
#include "readings/cgroup.h"
#include "readings/meminfo.h"
#include "scoreboard/scoreboard.h"


/* What the master hands to a child of its fork. */
struct worker_start {
	const struct config *config;
	struct scoreboard *board;
	const struct cgroup *cgroup; /* the master's open descriptors */
	const struct meminfo_files *host;
	pid_t master_pid;
	int slot;
	int listen_fd, bell_fd;
	struct order_box *orders; /* its own */
};

struct worker {
	struct worker_start start;
	struct scoreboard_slot *slot;
	struct http_rules rules;
	bool retire;	   /* end when nothing is under way */
	FCGX_Request fcgi;
};

/* Serves until it is told to retire, then ends the process. */
void worker_run(const struct worker_start *start)
	__attribute__((noreturn));

/* Publishes a stage and, where the master must act on it, rings its bell. */
void worker_stage(struct worker *worker, enum slot_stage stage);
void worker_ring(const struct worker *worker);

/* Takes what the master has said out of the box; a word to retire is kept in
 * worker->retire. The answers among it, ORDER_NONE when there is none. */
enum order_kind worker_take_orders(struct worker *worker);

/* Waits for the master's answer to what the slot says. */
enum order_kind worker_await(struct worker *worker);

/* Sets the worker's own oom_score_adj; what it then reads back, or
 * FIELD_ABSENT when it cannot be read. */
int64_t worker_score(int score);

#endif
