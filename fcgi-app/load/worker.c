/* SPDX-License-Identifier: MIT */
/*
 * A worker's life: stand in accept, take one request, carry it out, answer,
 * stand in accept again. It polls the listening socket and the box of orders
 * together, with the socket non-blocking, so that being sent home and taking a
 * request exclude each other and nothing that was accepted is dropped. It dies
 * with its master.
 */
#include "load/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "http/quantity.h"
#include "http/route.h"
#include "load/load.h"
#include "readings/file.h"
#include "views/view.h"

int64_t worker_score(int score)
{
	char text[16];
	int64_t now = FIELD_ABSENT;
	int length = snprintf(text, sizeof(text), "%d", score);
	int fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return now;
	if (write(fd, text, (size_t)length) == length && length > 0 &&
		(length = (int)file_read_fd(fd, text, sizeof(text))) > 0) {
		text[strcspn(text, "\n")] = '\0';
		integer_parse(text, &now);
	}
	close(fd);
	return now;
}

void worker_ring(const struct worker *worker)
{
	const uint64_t one = 1;

	(void)!write(worker->start.bell_fd, &one, sizeof(one));
}

void worker_stage(struct worker *worker, enum slot_stage stage)
{
	scoreboard_begin(&worker->slot->version);
	worker->slot->since_ms = scoreboard_now_ms();
	atomic_store_explicit(
		&worker->slot->stage, stage, memory_order_release);
	scoreboard_end(&worker->slot->version);
}

enum order_kind worker_take_orders(struct worker *worker)
{
	uint32_t taken = order_take(worker->start.orders);

	if (taken & ORDER_RETIRE)
		worker->retire = true;
	return (enum order_kind)(taken & ORDER_ANSWERS);
}

enum order_kind worker_await(struct worker *worker)
{
	const struct order_box *orders = worker->start.orders;
	struct pollfd fd = {.fd = orders->bell_fd, .events = POLLIN};
	uint32_t serial = atomic_load(&worker->slot->serial);
	enum order_kind answer;

	do {
		poll(&fd, 1, -1);
		answer = worker_take_orders(worker);
	} while (answer == ORDER_NONE || orders->serial != serial);
	return answer;
}

/* Whether a request was accepted. Not blocking: poll(2) comes first. */
static bool accept_one(struct worker *worker)
{
	return FCGX_Accept_r(&worker->fcgi) >= 0;
}

static void serve(struct worker *worker)
{
	struct http_exchange x;

	http_exchange_open(&x, &worker->fcgi);
	x.context = worker;
	if (http_route(&x, load_routes, &worker->rules) < 0 ||
		x.route->handle(&x) < 0)
		view_problem(&x);
	FCGX_Finish_r(&worker->fcgi);
	malloc_trim(0); /* what an answer took and gave back: stay small */
}

static void stand_in_accept(struct worker *worker)
{
	struct pollfd fds[] = {
		{.fd = worker->start.listen_fd, .events = POLLIN},
		{.fd = worker->start.orders->bell_fd, .events = POLLIN},
	};

	if (poll(fds, 2, -1) < 0)
		return;
	if (fds[1].revents)
		worker_take_orders(worker);
	if (fds[0].revents && accept_one(worker)) {
		serve(worker);
		worker_stage(worker, SLOT_IDLE);
	}
}

static void set_signals(void)
{
	sigset_t none;

	/* Ctrl-C reaches the whole process group: the master decides. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void worker_run(const struct worker_start *start)
{
	static struct worker worker;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != start->master_pid)
		_exit(0);
	worker.start = *start;
	worker.slot = &start->board->slots[start->slot];
	if (start->config->token[0])
		worker.rules.token = start->config->token;
	set_signals();
	prctl(PR_SET_NAME, WORKER_IDLE_NAME);
	worker_score(WORKER_IDLE_SCORE);
	FCGX_InitRequest(
		&worker.fcgi, start->listen_fd, FCGI_FAIL_ACCEPT_ON_INTR);
	scoreboard_begin(&worker.slot->version);
	worker.slot->pid = getpid();
	scoreboard_end(&worker.slot->version);
	worker_stage(&worker, SLOT_IDLE);
	while (!worker.retire)
		stand_in_accept(&worker);
	/* What is still queued on a socket that is being closed is ours. */
	while (accept_one(&worker))
		serve(&worker);
	FCGX_Free(&worker.fcgi, 1);
	_exit(0);
}
