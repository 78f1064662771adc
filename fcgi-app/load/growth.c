/* SPDX-License-Identifier: MIT */
/*
 * What ends a load from outside: the client hangs up, or the master says so.
 * Both are descriptors, so a wait is one poll and costs nothing while nothing
 * happens.
 */
#include "load/growth.h"

#include <errno.h>
#include <poll.h>

enum { CLIENT, ORDER, CREW, WATCHED };

static struct timespec until(int64_t until_us)
{
	int64_t left_us = until_us - scoreboard_now_us();

	if (left_us < 0)
		left_us = 0;
	return (struct timespec){
		.tv_sec = left_us / 1000000,
		.tv_nsec = left_us % 1000000 * 1000,
	};
}

/* Whether the master has said that this load is to be released. */
static enum load_outcome heed(struct worker *worker)
{
	uint32_t serial = atomic_load(&worker->slot->serial);

	worker_take_orders(worker);
	return atomic_load(&worker->start.orders->release_serial) == serial
		       ? OUTCOME_RELEASED
		       : OUTCOME_NONE;
}

enum load_outcome growth_wait(
	struct growth *growth, bool for_crew, int64_t until_us, bool *over)
{
	struct pollfd fds[WATCHED] = {
		[CLIENT] = {growth->client_fd, POLLRDHUP, 0},
		[ORDER] = {growth->worker->start.orders->bell_fd, POLLIN, 0},
		[CREW] = {for_crew ? growth->crew.done_fd : -1, POLLIN, 0},
	};

	*over = false;
	if (heed(growth->worker) != OUTCOME_NONE)
		return OUTCOME_RELEASED; /* said before anybody waited */
	for (;;) {
		struct timespec left = until(until_us);
		int ready = ppoll(fds, WATCHED, &left, NULL);
		enum load_outcome outcome;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return OUTCOME_NONE; /* the time has come */
		*over = fds[CREW].revents != 0;
		if (fds[CLIENT].revents)
			return OUTCOME_DISCONNECTED;
		outcome = fds[ORDER].revents ? heed(growth->worker)
					     : OUTCOME_NONE;
		if (outcome != OUTCOME_NONE || *over)
			return outcome;
	}
}

void growth_note_end(struct growth *growth, enum load_outcome outcome)
{
	struct scoreboard_slot *slot = growth->worker->slot;

	scoreboard_begin(&slot->version);
	slot->load.outcome = (int32_t)outcome;
	scoreboard_end(&slot->version);
	atomic_store(&slot->end_asked_ms, scoreboard_now_ms());
	worker_ring(growth->worker);
}
