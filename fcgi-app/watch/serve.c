/* SPDX-License-Identifier: MIT */
/*
 * One thread's life: wait for a connection, take one request, answer it, close.
 * Waiting is a poll on the socket and the stop descriptor, by one thread of the
 * group at a time, so that a request wakes one and a stop is seen by all. The
 * connection is accepted here and not by libfcgi, which gives no way to bound
 * how long a client may keep a thread: with time-outs on the descriptor it
 * cannot.
 */
#include "watch/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/route.h"
#include "views/view.h"
#include "watch/gate.h"

#define STACK_TOUCHED_BYTES (192 * 1024) /* of 256 KiB */

#define BACK_OFF_MS 100 /* out of descriptors: others must end first */

/* A connection, or -1: nobody came after all, or the watch is to end. */
static int take_connection(struct serve_group *group)
{
	struct pollfd fds[] = {
		{.fd = group->listen_fd, .events = POLLIN},
		{.fd = group->watch->stop_fd, .events = POLLIN},
	};
	int fd = -1;

	pthread_mutex_lock(&group->turn);
	if (poll(fds, 2, -1) > 0 && !fds[1].revents)
		fd = accept4(group->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
		watch_stopping(group->watch, BACK_OFF_MS);
	pthread_mutex_unlock(&group->turn);
	return fd;
}

static void bound_waiting(int fd, int seconds)
{
	struct timeval limit = {.tv_sec = seconds};

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

static int handle(struct http_exchange *x)
{
	const struct config *config = watch_of(x)->config;
	struct http_rules rules = {config->token[0] ? config->token : NULL};
	int result;

	if (gate_answer(x, &result))
		return result;
	if (http_route(x, config->watch_routes, &rules) < 0)
		return -1;
	return x->route->handle(x);
}

static void answer(struct watch *watch, FCGX_Request *request)
{
	struct http_exchange x;

	http_exchange_open(&x, request);
	x.context = watch;
	if (handle(&x) < 0)
		view_problem(&x);
}

/* The stack's pages now, rather than one by one with each storm: what the
 * watch takes, it takes at its start. */
static void touch_stack(void)
{
	volatile char stack[STACK_TOUCHED_BYTES];

	for (size_t i = 0; i < sizeof(stack); i += 1024)
		stack[i] = 0;
}

void *serve_run(void *context)
{
	struct serve_group *group = context;
	FCGX_Request request;

	touch_stack();

	/* Without a socket: libfcgi is never to accept by itself. */
	if (FCGX_InitRequest(&request, -1, 0) != 0)
		return NULL;
	while (!watch_stopping(group->watch, 0)) {
		int fd = take_connection(group);

		if (fd < 0)
			continue;
		bound_waiting(fd, group->timeout_s);
		/* It takes over a connection that it believes was kept. */
		request.ipcFd = fd;
		request.keepConnection = 1;
		if (FCGX_Accept_r(&request) == 0)
			answer(group->watch, &request);
		request.keepConnection = 0;
		FCGX_Finish_r(&request);
	}
	FCGX_Free(&request, 1);
	return NULL;
}
