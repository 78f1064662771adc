/* SPDX-License-Identifier: MIT */
/*
 * A load under way. Before a page is touched the slot says what is about to
 * be done, for the next instant may be the last; between steps the worker
 * looks whether its client is still there and whether the master has a word
 * for it. What it holds is measured, then released, and only then is anything
 * answered: an answer must need no memory while the limit is reached.
 */
#include "load/grow.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "load/ballast/ballast.h"
#include "readings/headroom.h"
#include "readings/process.h"

#define IDLE_SCORE     500
#define LOAD_NICE      10 /* workers yield to master and watch */
#define STEP_BYTES     ((int64_t)4 << 20) /* between two looks around */
#define STEP_MIN_BYTES ((int64_t)64 << 10)
#define STEP_SLOW_US   50000 /* a step that took longer was throttled */

/* One load's surroundings while it runs. */
struct growth {
	struct worker *worker;
	struct load_report *report; /* the slot's */
	struct ballast ballast;
	int client_fd;
	int64_t step_bytes;
	int64_t started_us;
	int64_t minor_before, major_before;
	int64_t usage_before;
};

static struct load_report *begin_report(struct worker *worker)
{
	scoreboard_begin(&worker->slot->version);
	return &worker->slot->load;
}

static void end_report(struct worker *worker)
{
	scoreboard_end(&worker->slot->version);
}

/* A single word may be stored at any time without a version: it is whole. */
static void set_word(int64_t *at, int64_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

/* The master has read everything just before it answered the ask. */
static void fill_limit(const struct worker *worker, struct limit *limit)
{
	struct scoreboard_header header;

	if (scoreboard_read_header(worker->start.board, &header))
		headroom_reckon(worker->start.cgroup, header.now.levels,
			&header.now.host, limit);
}

static void ask(struct worker *worker, const struct http_exchange *x,
	const struct load_spec *spec)
{
	struct load_report *report = begin_report(worker);

	load_report_clear(report);
	snprintf(report->id, sizeof(report->id), "%s", x->id);
	snprintf(report->kind, sizeof(report->kind), "%s", spec->kind->name);
	report->requested_bytes = spec->bytes;
	report->rows = spec->rows;
	report->columns = spec->columns;
	report->started_at_ms = scoreboard_now_ms();
	report->worker = (struct load_worker){worker->start.slot, getpid()};
	report->oom_score_adj = spec->score;
	atomic_fetch_add(&worker->slot->serial, 1);
	end_report(worker);
	worker_stage(worker, SLOT_ASKING);
	worker_ring(worker);
}

static void take_name(const char *id)
{
	char name[16];

	snprintf(name, sizeof(name), "oom:%.8s", id);
	prctl(PR_SET_NAME, name);
}

static void begin_growth(struct growth *growth, struct worker *worker,
	const struct http_exchange *x, const struct load_spec *spec)
{
	struct cgroup_reading reading = {.usage_bytes = -1};
	struct load_report *report;

	growth->worker = worker;
	growth->client_fd = x->fcgi->ipcFd;
	growth->step_bytes = STEP_BYTES;
	growth->started_us = scoreboard_now_us();
	process_faults(&growth->minor_before, &growth->major_before);
	cgroup_read(worker->start.cgroup, 0, &reading);
	growth->usage_before = reading.usage_bytes;
	if (!worker->nice_lowered)
		worker->nice_lowered = nice(LOAD_NICE) != -1;
	take_name(x->id);
	report = begin_report(worker);
	report->oom_score_adj = worker_score(spec->score);
	report->resident_bytes = 0;
	fill_limit(worker, &report->limit);
	end_report(worker);
	growth->report = report;
	worker_stage(worker, SLOT_GROWING);
	worker_ring(worker);
}

/* What has come in the meantime: OUTCOME_NONE to go on. */
static enum load_outcome look_around(const struct growth *growth)
{
	struct pollfd fds[] = {
		{.fd = growth->client_fd, .events = POLLRDHUP},
		{.fd = growth->worker->start.order_fd, .events = POLLIN},
	};
	uint32_t serial = atomic_load(&growth->worker->slot->serial);
	struct order order;

	if (poll(fds, 2, 0) <= 0)
		return OUTCOME_NONE;
	if (fds[0].revents)
		return OUTCOME_DISCONNECTED;
	if (order_read(growth->worker->start.order_fd, &order) <= 0)
		return OUTCOME_NONE;
	if (order.kind == ORDER_RETIRE)
		growth->worker->retire = true;
	return order.kind == ORDER_RELEASE && order.serial == serial
		       ? OUTCOME_RELEASED
		       : OUTCOME_NONE;
}

/* memory.high holds a step up for seconds: smaller ones let us look around. */
static void adapt_step(struct growth *growth, int64_t took_us)
{
	if (took_us > STEP_SLOW_US)
		growth->step_bytes = STEP_MIN_BYTES;
	else if (growth->step_bytes < STEP_BYTES)
		growth->step_bytes *= 2;
}

static enum load_outcome fall_short(struct growth *growth)
{
	const char *why = strerror(errno);
	struct load_report *report = begin_report(growth->worker);

	snprintf(report->reason, sizeof(report->reason),
		"the kernel gave no more memory: %s", why);
	end_report(growth->worker);
	return OUTCOME_SHORT;
}

static enum load_outcome grow(
	struct growth *growth, const struct load_spec *spec)
{
	int64_t grown = 0;

	if (ballast_open(&growth->ballast, spec) < 0)
		return fall_short(growth);
	while (grown < spec->bytes) {
		enum load_outcome outcome = look_around(growth);
		int64_t before_us = scoreboard_now_us();
		int64_t next = grown + growth->step_bytes;

		if (outcome != OUTCOME_NONE)
			return outcome;
		if (next > spec->bytes)
			next = spec->bytes;
		if (spec->kind->grow(&growth->ballast, grown, next) < 0)
			return fall_short(growth);
		grown = next;
		set_word(&growth->report->resident_bytes, grown);
		adapt_step(growth, scoreboard_now_us() - before_us);
	}
	return OUTCOME_NONE;
}

/* What is there, as the kernel counts it; nothing is taken on trust. */
static void measure(struct growth *growth, const struct load_spec *spec)
{
	struct process_status status = {
		.rss_bytes = -1, .peak_rss_bytes = -1, .swapped_bytes = -1};
	struct cgroup_reading reading = {.usage_bytes = -1};
	int64_t resident = spec->kind->resident(&growth->ballast);
	int64_t grow_us = scoreboard_now_us() - growth->started_us;
	int64_t minor, major;
	struct load_report *report;

	process_status_read(0, &status);
	process_faults(&minor, &major);
	cgroup_read(growth->worker->start.cgroup, 0, &reading);
	report = begin_report(growth->worker);
	report->resident_bytes = resident;
	report->rss_bytes = status.rss_bytes;
	report->peak_rss_bytes = status.peak_rss_bytes;
	report->swapped_bytes = status.swapped_bytes;
	report->minor_faults = minor - growth->minor_before;
	report->major_faults = major - growth->major_before;
	if (reading.usage_bytes >= 0 && growth->usage_before >= 0)
		report->cgroup_delta_bytes =
			reading.usage_bytes - growth->usage_before;
	report->grow_us = grow_us;
	report->held_us = 0;
	if (grow_us > 0 && resident >= 0)
		report->bytes_per_second =
			(int64_t)((double)resident * 1e6 / (double)grow_us);
	end_report(growth->worker);
}

/* Held is what was measured, not what was asked. */
static enum load_outcome judge(
	struct growth *growth, const struct load_spec *spec)
{
	const struct load_report *report = growth->report;
	int64_t swapped = report->swapped_bytes > 0 ? report->swapped_bytes : 0;

	if (report->resident_bytes + swapped >= spec->bytes)
		return OUTCOME_HELD;
	errno = ENOMEM;
	return fall_short(growth);
}

static bool is_event(enum load_outcome outcome)
{
	return outcome == OUTCOME_DISCONNECTED || outcome == OUTCOME_SHORT ||
	       outcome == OUTCOME_STALLED || outcome == OUTCOME_REFUSED;
}

/* The end of what the master let begin, or refused: recorded before told. */
static void finish(struct worker *worker, enum load_outcome outcome)
{
	struct load_report *report = begin_report(worker);
	struct order order;

	report->state = LOAD_ENDED;
	report->outcome = outcome;
	report->ended_at_ms = scoreboard_now_ms();
	if (is_event(outcome))
		snprintf(report->event, sizeof(report->event), "/events/%s",
			report->id);
	end_report(worker);
	worker_stage(worker, SLOT_ENDED);
	worker_ring(worker);
	worker_await(worker, &order);
	worker_stage(worker, SLOT_ANSWERING);
}

static enum load_outcome turned_away(
	struct worker *worker, const struct order *order)
{
	struct load_report *report = begin_report(worker);

	snprintf(report->reason, sizeof(report->reason), "%s", order->reason);
	end_report(worker);
	if (order->kind == ORDER_REFUSED) {
		fill_limit(worker, &report->limit);
		finish(worker, OUTCOME_REFUSED);
		return OUTCOME_REFUSED;
	}
	worker_stage(worker, SLOT_ANSWERING);
	return OUTCOME_BUSY;
}

enum load_outcome grow_run(struct worker *worker, const struct http_exchange *x,
	const struct load_spec *spec)
{
	struct growth growth = {0};
	enum load_outcome outcome;
	struct order order;

	ask(worker, x, spec);
	worker_await(worker, &order);
	if (order.kind != ORDER_GO)
		return turned_away(worker, &order);
	begin_growth(&growth, worker, x, spec);
	outcome = grow(&growth, spec);
	measure(&growth, spec);
	if (outcome == OUTCOME_NONE)
		outcome = judge(&growth, spec);
	worker_stage(worker, SLOT_RELEASING);
	spec->kind->release(&growth.ballast);
	worker_score(IDLE_SCORE);
	prctl(PR_SET_NAME, "oomlab:idle");
	finish(worker, outcome);
	return outcome;
}
