/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_POOL_H
#define OOMLAB_LOAD_POOL_H

/*
 * The master's workers: how many, which, who is idle, who has a place. The
 * pool forks ahead of need and lets surplus idle workers retire; it decides
 * nothing about loads. One thread, the master's; no heap after pool_open().
 */
#include <stdbool.h>
#include <sys/types.h>

#include "load/order.h"
#include "scoreboard/scoreboard.h"

/* What the master knows of a worker beside its slot. */
struct pool_worker {
	pid_t pid;	/* 0: no process */
	int statm_fd;	/* its /proc/PID/statm */
	int status_fd;	/* its /proc/PID/status: kept open and read once, so
			   that reading it later takes no memory */
	bool granted;	/* has one of the max places */
	bool gathering; /* granted, and not told yet: asks_let_go() */
	bool served;	/* has taken a request */
	bool retiring;	/* was told to */
	bool condemned; /* the master itself sent it SIGKILL */
	uint32_t answered, recorded; /* serials dealt with */
	int64_t release_ms; /* when it was told to release; 0 */
	int64_t forked_at_ms;
	int64_t last_sample_ms, last_rss_bytes;
};

struct pool {
	struct scoreboard *board;
	int max, spare;
	int high; /* slots below this have been used */
	int early_deaths; /* in a row, before any request was taken */
	int64_t backoff_until_ms;
	int64_t surplus_since_ms; /* more are idle than wanted; 0: not so */
	int64_t asked_ms; /* when the last load was asked for */
	int burst;	  /* idle workers wanted ahead while asks come fast */
	int64_t pressed_until_ms; /* the limit is reached: fork only so that
				     somebody stands in accept */
	int64_t forks, fork_failures, deaths_before_request;
	int32_t peak_busy;
	struct pool_worker workers[SCOREBOARD_SLOTS];
	struct order_box *orders; /* one a slot */
	/* Runs the child; never returns. */
	void (*run)(void *context, int slot);
	void *context;
};

/* 0, or -1 with errno. */
int pool_open(struct pool *pool, struct scoreboard *board, int spare, int max,
	void (*run)(void *context, int slot), void *context);

enum slot_stage pool_stage(const struct pool *pool, int slot);
int pool_busy(const struct pool *pool);
int pool_idle(const struct pool *pool);
int pool_growing(const struct pool *pool);

/* Whether one more load may have a place. */
bool pool_has_place(const struct pool *pool);

/* Bytes that loads with a place were let take and have not taken yet. */
int64_t pool_promised_bytes(const struct pool *pool);

/* A load was asked for: when they come fast the pool forks ahead, for a fork
 * takes long once the limit is reached; by no more than a small part of it. */
void pool_note_ask(struct pool *pool, int64_t now_ms, int64_t limit_bytes);

/* A worker was OOM-killed: no fork for a while that can wait. */
void pool_note_pressure(struct pool *pool, int64_t now_ms);

/* Forks until enough idle workers stand in accept. False when some are still
 * wanted (fork failed, or a back-off runs): try again at the next tick. */
bool pool_fill(struct pool *pool, int64_t now_ms);

/* Sends one idle worker home when there has been a surplus for a minute. */
void pool_retire(struct pool *pool, int64_t now_ms);

/* Tells every worker without a load to end (at a stop). */
void pool_retire_all(struct pool *pool);

/* The slot of a worker's pid, or -1. */
int pool_find(const struct pool *pool, pid_t pid);

/* Forgets a worker that has been reaped: closes what was kept of it. The slot
 * itself is left as it is. */
void pool_forget(struct pool *pool, int slot, int64_t now_ms);

/* Marks a slot free for the next fork. */
void pool_free(struct pool *pool, int slot);

#endif
