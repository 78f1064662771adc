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
#include "scoreboard/scoreboard.h"

/* What the master hands to a child of its fork. */
struct worker_start {
	const struct config *config;
	struct scoreboard *board;
	const struct cgroup *cgroup; /* the master's open descriptors */
	pid_t master_pid;
	int slot;
	int listen_fd, bell_fd, order_fd;
};

struct worker {
	struct worker_start start;
	struct scoreboard_slot *slot;
	struct http_rules rules;
	bool retire;	   /* end when nothing is under way */
	bool nice_lowered; /* nice never goes back */
	FCGX_Request fcgi;
};

/* Serves until it is told to retire, then ends the process. */
void worker_run(const struct worker_start *start)
	__attribute__((noreturn));

/* Publishes a stage and, where the master must act on it, rings its bell. */
void worker_stage(struct worker *worker, enum slot_stage stage);
void worker_ring(const struct worker *worker);

/* Waits for the master's word on the load of the slot's serial. */
void worker_await(struct worker *worker, struct order *order);

/* Sets the worker's own oom_score_adj; what it then reads back, or
 * FIELD_ABSENT when it cannot be read. */
int64_t worker_score(int score);

#endif
