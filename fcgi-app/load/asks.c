/* SPDX-License-Identifier: MIT */
/*
 * What workers ask of the master: a place and the guard's leave for a load,
 * and that its end be recorded. One after the other in one thread, which is
 * all the atomicity that "never more than max" and "never more promised than
 * there is" need. A worker is answered once for each serial of its slot.
 */
#include "load/asks.h"

#include <stdio.h>

#include "load/guard.h"
#include "load/publish.h"
#include "readings/headroom.h"

#define READING_FRESH_MS 10   /* a reading good enough for the next ask */
#define CALM_MS		 250  /* without an ask: the storm has gathered */
#define GATHER_MOST_MS	 2000 /* however long asks go on */

/* The master's word on one ask: a place, and the guard's leave. */
static enum order_kind decide(
	struct master *master, int slot, char *reason, size_t size)
{
	const struct load_report *load = &master->board->slots[slot].load;
	struct guard_facts facts = {&master->sampler.cgroup, master->now.levels,
		&master->now.host, pool_promised_bytes(&master->pool)};

	if (master->stop_at_ms) {
		snprintf(reason, size, "load is stopping");
		return ORDER_BUSY;
	}
	if (!pool_has_place(&master->pool)) {
		snprintf(reason, size, "all %d workers are busy",
			master->pool.max);
		return ORDER_BUSY;
	}
	if (master->config->guard_host &&
		guard_decide(&facts, load->requested_bytes, reason, size) < 0)
		return ORDER_REFUSED;
	return ORDER_GO;
}

/* Whether the loads let through will meet a limit together. */
static bool exceeds_headroom(const struct master *master)
{
	struct limit limit;

	headroom_reckon(&master->sampler.cgroup, master->now.levels,
		&master->now.host, &limit);
	if (limit.headroom_bytes < 0)
		limit.headroom_bytes = limit.bytes;
	return pool_promised_bytes(&master->pool) > limit.headroom_bytes;
}

/* A storm that will meet the limit begins together: once it is met, the kernel
 * makes whoever comes later wait for each page that a fork or an accept takes.
 * A load that comes alone, or one of many that fit, never waits. */
static bool must_gather(const struct master *master)
{
	return master->pool.burst > 1 && !master->stop_at_ms &&
	       exceeds_headroom(master);
}

static void let_go(struct master *master, int slot)
{
	struct pool_worker *worker = &master->pool.workers[slot];

	worker->gathering = false;
	order_send(
		&master->pool.orders[slot], ORDER_GO, worker->answered, NULL);
}

bool asks_let_go(struct master *master, int64_t now_ms)
{
	int gathering = 0;
	bool calm = master->stop_at_ms ||
		    now_ms - master->pool.asked_ms >= CALM_MS ||
		    now_ms - master->gather_since_ms >= GATHER_MOST_MS;

	for (int i = 0; i < master->pool.high; i++) {
		if (!master->pool.workers[i].gathering)
			continue;
		if (calm)
			let_go(master, i);
		else
			gathering++;
	}
	if (gathering == 0)
		master->gather_since_ms = 0;
	return gathering > 0;
}

void asks_answer(struct master *master, int slot)
{
	struct pool_worker *worker = &master->pool.workers[slot];
	uint32_t serial = atomic_load(&master->board->slots[slot].serial);
	char reason[sizeof(master->pool.orders[slot].reason)] = "";
	enum order_kind kind;

	if (worker->answered == serial)
		return;
	if (scoreboard_now_ms() - master->now.at_ms > READING_FRESH_MS)
		sampler_read(&master->sampler, &master->now);
	publish(master); /* the worker takes its limit from there */
	worker->served = true;
	worker->answered = serial;
	worker->release_ms = 0;
	pool_note_ask(&master->pool, scoreboard_now_ms(),
		sampler_limit(&master->now));
	kind = decide(master, slot, reason, sizeof(reason));
	worker->granted = kind == ORDER_GO;
	if (kind == ORDER_BUSY)
		master->loads[OUTCOME_BUSY]++;
	if (pool_busy(&master->pool) > master->pool.peak_busy)
		master->pool.peak_busy = pool_busy(&master->pool);
	worker->gathering = kind == ORDER_GO && must_gather(master);
	if (worker->gathering && master->gather_since_ms == 0)
		master->gather_since_ms = master->pool.asked_ms;
	if (!worker->gathering)
		order_send(&master->pool.orders[slot], kind, serial, reason);
}

void asks_record_end(struct master *master, int slot)
{
	struct pool_worker *worker = &master->pool.workers[slot];
	struct scoreboard_slot *at = &master->board->slots[slot];
	uint32_t serial = atomic_load(&at->serial);
	struct load_report load;

	if (worker->recorded == serial)
		return;
	load = at->load;
	load_report_set_event(&load);
	publish_record(master, RECORD_LOAD, &load, NULL);
	master->loads[load.outcome]++;
	master->ended_ms = scoreboard_now_ms();
	worker->recorded = serial;
	worker->granted = false;
	order_send(&master->pool.orders[slot], ORDER_RECORDED, serial, NULL);
}
