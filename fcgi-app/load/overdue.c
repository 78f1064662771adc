/* SPDX-License-Identifier: MIT */
/*
 * The kernel can hold a worker inside one call for minutes (memory.high is
 * made for that), and there is no way out of it but SIGKILL. A worker that
 * hears of its end says so in its slot; if it is still there two seconds
 * later, or past its own deadline by as much, the master ends it, and what it
 * ends so is never called a signal: the slot says how it ended beforehand.
 */
#include "load/overdue.h"

#include <signal.h>
#include <string.h>

#define OVERDUE_MS 2000

static bool can_be_ended(const struct pool *pool, int slot)
{
	const struct pool_worker *worker = &pool->workers[slot];
	enum slot_stage stage = pool_stage(pool, slot);

	return worker->pid > 0 && !worker->condemned &&
	       (stage == SLOT_GROWING || stage == SLOT_HOLDING);
}

static void release(struct pool *pool, int slot)
{
	struct pool_worker *worker = &pool->workers[slot];

	if (!worker->granted)
		return;
	order_send(&pool->orders[slot], ORDER_RELEASE, worker->answered, NULL);
	if (worker->release_ms == 0)
		worker->release_ms = scoreboard_now_ms();
}

void overdue_release(struct master *master, const char *id)
{
	for (int i = 0; i < master->pool.high; i++) {
		if (master->pool.workers[i].granted &&
			strcmp(master->board->slots[i].load.id, id) == 0)
			release(&master->pool, i);
	}
}

void overdue_release_all(struct master *master)
{
	for (int i = 0; i < master->pool.high; i++)
		release(&master->pool, i);
}

/* Since when it should have ended, and how; 0: it should not. */
static int64_t overdue_since(
	const struct pool *pool, int slot, enum load_outcome *outcome)
{
	const struct scoreboard_slot *at = &pool->board->slots[slot];
	int64_t asked_ms = atomic_load(&at->end_asked_ms);

	*outcome = (enum load_outcome)at->load.outcome;
	if (asked_ms > 0 && *outcome != OUTCOME_NONE)
		return asked_ms;
	*outcome = OUTCOME_RELEASED;
	if (pool->workers[slot].release_ms > 0)
		return pool->workers[slot].release_ms;
	*outcome = pool_stage(pool, slot) == SLOT_GROWING ? OUTCOME_STALLED
							  : OUTCOME_HELD;
	return atomic_load(&at->deadline_ms);
}

static void condemn(struct pool *pool, int slot, enum load_outcome outcome)
{
	struct scoreboard_slot *at = &pool->board->slots[slot];

	/* The worker is inside the kernel: nobody else writes this now. */
	at->load.outcome = (int32_t)outcome;
	pool->workers[slot].condemned = true;
	kill(pool->workers[slot].pid, SIGKILL);
}

void overdue_end(struct master *master, int64_t now_ms, bool by_force)
{
	struct pool *pool = &master->pool;

	for (int i = 0; i < pool->high; i++) {
		enum load_outcome outcome;
		int64_t since_ms;

		if (by_force && pool->workers[i].pid > 0 &&
			!pool->workers[i].condemned)
			condemn(pool, i, OUTCOME_RELEASED);
		if (!can_be_ended(pool, i))
			continue;
		since_ms = overdue_since(pool, i, &outcome);
		if (since_ms > 0 && now_ms - since_ms >= OVERDUE_MS)
			condemn(pool, i, outcome);
	}
}
