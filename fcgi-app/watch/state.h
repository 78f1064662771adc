/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_STATE_H
#define OOMLAB_WATCH_STATE_H

/*
 * What the watch's threads share, and how a handler finds it: x->context. All
 * but board, store, collector and kernel_log, which have locks of their own, is set before the first
 * thread starts and never changes.
 */
#include "config.h"
#include "http/exchange.h"
#include "watch/board.h"
#include "watch/kernel_log.h"
#include "watch/meter.h"
#include "watch/openapi.h"
#include "watch/store.h"

/* How far the ring has been read. */
struct collector {
	pthread_mutex_t lock;
	const struct scoreboard *board; /* of which; NULL: none yet */
	uint64_t next;			/* the first sequence not fetched */
};

struct watch {
	const struct config *config;
	struct board board;
	struct store store;
	struct collector collector;
	struct kernel_log kernel_log;
	struct meter meter;
	_Atomic int followers; /* of /sar, who have a thread each */
	struct openapi_document openapi;
	int stop_fd;   /* an eventfd: readable once the watch is to end */
	int listen_fd; /* answers */
	int health_fd; /* health alone */
	char cgroup_path[CGROUP_PATH_MAX]; /* the watch's own, "" unknown */
};

static inline struct watch *watch_of(const struct http_exchange *x)
{
	return x->context;
}

static inline struct event_sources watch_sources(
	struct watch *watch, const struct scoreboard *board, bool may_wait)
{
	return (struct event_sources){
		&watch->kernel_log, &watch->store.samples, board, may_wait};
}

/* Whether the watch is to end; at once, or after at most timeout_ms. */
bool watch_stopping(const struct watch *watch, int timeout_ms);

#endif
