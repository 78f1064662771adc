/* SPDX-License-Identifier: MIT */
/*
 * The pool is elastic so that an idle laboratory costs nothing and a storm
 * finds a worker at once: a fork takes 130 us, so each request that is taken
 * is answered by one more fork, and nothing waits in the listen backlog. One
 * worker more than there are places always stands in accept, to say `busy`.
 */
#include "load/pool.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "readings/process.h"

#define IDLE_RETIRES_MS	 60000 /* a surplus idle worker's life */
#define EARLY_DEATHS	 3     /* in a row, before forks slow down */
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MOST_MS	 10000
#define BURST_GAP_MS	 200	     /* asks that come faster are a burst */
#define WORKER_BYTES	 (512 << 10) /* an idle one, the kernel's part too */
#define BURST_PART	 32	     /* of the limit that a burst may take */
#define PRESSED_MS	 300	     /* after an OOM kill */
#define SETTLED_IN_MS	 5000	     /* an idle life that is no early death */

static const struct pool_worker no_worker = {.statm_fd = -1, .status_fd = -1};

int pool_open(struct pool *pool, struct scoreboard *board, int spare, int max,
	void (*run)(void *, int), void *context)
{
	memset(pool, 0, sizeof(*pool));
	pool->board = board;
	pool->spare = spare;
	pool->max = max;
	pool->run = run;
	pool->context = context;
	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		pool->workers[i] = no_worker;
	pool->orders = order_boxes(SCOREBOARD_SLOTS);
	return pool->orders ? 0 : -1;
}

enum slot_stage pool_stage(const struct pool *pool, int slot)
{
	return (enum slot_stage)atomic_load_explicit(
		&pool->board->slots[slot].stage, memory_order_acquire);
}

int pool_busy(const struct pool *pool)
{
	int busy = 0;

	for (int i = 0; i < pool->high; i++)
		busy += pool->workers[i].granted;
	return busy;
}

static bool stands_in_accept(const struct pool *pool, int slot)
{
	enum slot_stage stage = pool_stage(pool, slot);

	return pool->workers[slot].pid > 0 && !pool->workers[slot].retiring &&
	       (stage == SLOT_IDLE || stage == SLOT_STARTING);
}

int pool_idle(const struct pool *pool)
{
	int idle = 0;

	for (int i = 0; i < pool->high; i++)
		idle += stands_in_accept(pool, i);
	return idle;
}

int pool_growing(const struct pool *pool)
{
	int growing = 0;

	for (int i = 0; i < pool->high; i++)
		growing += pool_stage(pool, i) == SLOT_GROWING;
	return growing;
}

bool pool_has_place(const struct pool *pool)
{
	return pool_busy(pool) < pool->max;
}

int64_t pool_promised_bytes(const struct pool *pool)
{
	int64_t sum = 0;

	for (int i = 0; i < pool->high; i++) {
		const struct load_report *load = &pool->board->slots[i].load;
		int64_t taken =
			load->resident_bytes > 0 ? load->resident_bytes : 0;

		if (pool->workers[i].granted && load->requested_bytes > taken)
			sum += load->requested_bytes - taken;
	}
	return sum;
}

void pool_note_ask(struct pool *pool, int64_t now_ms, int64_t limit_bytes)
{
	if (now_ms - pool->asked_ms > BURST_GAP_MS || pool_busy(pool) == 0)
		pool->burst = 1;
	else if (pool->burst < pool->max &&
		 pool->burst < limit_bytes / BURST_PART / WORKER_BYTES)
		pool->burst *= 2;
	pool->asked_ms = now_ms;
	pool->early_deaths = 0;
}

void pool_note_pressure(struct pool *pool, int64_t now_ms)
{
	pool->pressed_until_ms = now_ms + PRESSED_MS;
}

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* As many as may still have a place, and one to say `busy`; at most the spare,
 * or what a burst needs; one alone while the limit is reached. */
static int idle_wanted(const struct pool *pool, int64_t now_ms)
{
	int wanted = pool->spare;

	if (now_ms - pool->asked_ms <= BURST_GAP_MS && pool->burst > wanted)
		wanted = pool->burst;
	if (now_ms < pool->pressed_until_ms)
		wanted = 1;
	return smaller(wanted, pool->max - pool_busy(pool) + 1);
}

static int free_slot(const struct pool *pool)
{
	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		if (pool->workers[i].pid == 0 &&
			pool_stage(pool, i) == SLOT_FREE)
			return i;
	}
	return -1;
}

static void clear_slot(struct scoreboard_slot *slot, enum slot_stage stage)
{
	scoreboard_begin(&slot->version);
	load_report_clear(&slot->load);
	memset(&slot->death, 0, sizeof(slot->death));
	slot->pid = 0;
	slot->since_ms = scoreboard_now_ms();
	atomic_store_explicit(&slot->stage, stage, memory_order_release);
	scoreboard_end(&slot->version);
}

static void close_kept(const struct pool_worker *worker)
{
	const int fds[] = {worker->statm_fd, worker->status_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

/* In the child: what is kept of the others is none of its business. */
static void close_others(const struct pool *pool)
{
	for (int i = 0; i < pool->high; i++)
		close_kept(&pool->workers[i]);
}

static int fork_one(struct pool *pool, int64_t now_ms)
{
	int slot = free_slot(pool);
	pid_t pid;

	if (slot < 0)
		return -1;
	order_clear(&pool->orders[slot]);
	clear_slot(&pool->board->slots[slot], SLOT_STARTING);
	pid = fork();
	if (pid < 0) {
		pool_free(pool, slot);
		return -1;
	}
	if (pid == 0) {
		close_others(pool);
		pool->run(pool->context, slot);
		_exit(1);
	}
	pool->workers[slot] = (struct pool_worker){
		.pid = pid,
		.statm_fd = process_statm_open(pid),
		.status_fd = process_status_open(pid),
		.forked_at_ms = now_ms,
		.last_rss_bytes = -1,
	};
	if (slot >= pool->high)
		pool->high = slot + 1;
	pool->forks++;
	return 0;
}

static int pool_alive(const struct pool *pool)
{
	int alive = 0;

	for (int i = 0; i < pool->high; i++)
		alive += pool->workers[i].pid > 0;
	return alive;
}

/* How many to fork: what is wanted, within a place for each and the spare, for
 * who only answers will soon be idle again; but never nobody in accept. */
static int fork_wanted(const struct pool *pool, int64_t now_ms)
{
	int idle = pool_idle(pool);
	int missing = idle_wanted(pool, now_ms) - idle;
	int room = pool->max + pool->spare + 1 - pool_alive(pool);

	if (missing > room)
		missing = room;
	return idle == 0 && missing < 1 ? 1 : missing;
}

bool pool_fill(struct pool *pool, int64_t now_ms)
{
	int missing = fork_wanted(pool, now_ms);

	if (missing > 0 && now_ms < pool->backoff_until_ms)
		return false;
	for (; missing > 0; missing--) {
		if (fork_one(pool, now_ms) < 0) {
			pool->fork_failures++;
			return false;
		}
	}
	return true;
}

static void retire(struct pool *pool, int slot)
{
	order_send(&pool->orders[slot], ORDER_RETIRE, 0, NULL);
	pool->workers[slot].retiring = true;
}

static int longest_idle(const struct pool *pool)
{
	int64_t since_ms = INT64_MAX;
	int oldest = -1;

	for (int i = 0; i < pool->high; i++) {
		if (!stands_in_accept(pool, i) ||
			pool->board->slots[i].since_ms >= since_ms)
			continue;
		since_ms = pool->board->slots[i].since_ms;
		oldest = i;
	}
	return oldest;
}

/* A surplus that has lasted for a minute goes, one a tick, whoever has been
 * idle longest. Not each worker by its own age: light traffic goes to any of
 * them and would keep all of them young. */
void pool_retire(struct pool *pool, int64_t now_ms)
{
	int oldest;

	if (pool_idle(pool) <= idle_wanted(pool, now_ms)) {
		pool->surplus_since_ms = 0;
		return;
	}
	if (pool->surplus_since_ms == 0)
		pool->surplus_since_ms = now_ms;
	oldest = longest_idle(pool);
	if (oldest >= 0 && now_ms - pool->surplus_since_ms >= IDLE_RETIRES_MS)
		retire(pool, oldest);
}

void pool_retire_all(struct pool *pool)
{
	for (int i = 0; i < pool->high; i++) {
		if (pool->workers[i].pid > 0 && !pool->workers[i].retiring)
			retire(pool, i);
	}
}

int pool_find(const struct pool *pool, pid_t pid)
{
	for (int i = 0; i < pool->high; i++) {
		if (pool->workers[i].pid == pid)
			return i;
	}
	return -1;
}

/* Workers that die young one after the other slow the forks down. */
static void count_early_death(struct pool *pool, int64_t now_ms)
{
	int64_t wait = BACKOFF_FIRST_MS;

	pool->deaths_before_request++;
	if (++pool->early_deaths < EARLY_DEATHS)
		return;
	for (int i = EARLY_DEATHS; i < pool->early_deaths; i++) {
		if (wait < BACKOFF_MOST_MS)
			wait *= 2;
	}
	if (wait > BACKOFF_MOST_MS)
		wait = BACKOFF_MOST_MS;
	pool->backoff_until_ms = now_ms + wait;
}

void pool_forget(struct pool *pool, int slot, int64_t now_ms)
{
	struct pool_worker *worker = &pool->workers[slot];

	if (worker->served || worker->retiring ||
		now_ms - worker->forked_at_ms > SETTLED_IN_MS)
		pool->early_deaths = 0;
	else
		count_early_death(pool, now_ms);
	close_kept(worker);
	*worker = no_worker;
}

void pool_free(struct pool *pool, int slot)
{
	clear_slot(&pool->board->slots[slot], SLOT_FREE);
}
