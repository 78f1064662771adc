/* SPDX-License-Identifier: MIT */
/*
 * The sequence of a load. What is held is measured, then released, and only
 * then is anything answered: an answer must need no memory while the limit is
 * reached. The end is in the ring before the client hears of it.
 */
#include "load/carry.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "load/growth.h"

static void take_name(const char *id)
{
	char name[16];

	snprintf(name, sizeof(name), WORKER_NAME_PREFIX "%.8s", id);
	prctl(PR_SET_NAME, name);
}

/* The end is told to the master, and told to the client after that. */
static void finish(struct worker *worker, enum load_outcome outcome)
{
	report_end(worker, outcome);
	worker_await(worker);
	report_recorded(worker);
	prctl(PR_SET_NAME, WORKER_IDLE_NAME);
}

enum load_outcome carry_ask(
	struct worker *worker, const char *id, const struct load_spec *spec)
{
	enum order_kind answer;

	take_name(id); /* from here on it may be killed for its request */
	report_ask(worker, id, spec);
	answer = worker_await(worker);
	report_limit(worker);
	if (answer == ORDER_GO)
		return OUTCOME_NONE;
	report_reason(worker, "%s", worker->start.orders->reason);
	worker_score(WORKER_IDLE_SCORE);
	if (answer == ORDER_REFUSED) {
		finish(worker, OUTCOME_REFUSED);
		return OUTCOME_REFUSED;
	}
	worker_stage(worker, SLOT_ANSWERING);
	prctl(PR_SET_NAME, WORKER_IDLE_NAME);
	return OUTCOME_BUSY;
}

/* Held is what was measured, not what was asked. */
static enum load_outcome judge(
	const struct growth *growth, enum load_outcome good)
{
	const struct load_report *report = growth->report;
	int64_t swapped = report->swapped_bytes > 0 ? report->swapped_bytes : 0;
	int64_t there = report->resident_bytes + swapped;

	if (there >= growth->grown_bytes)
		return good;
	report_reason(growth->worker,
		"the kernel took it back: %lld of %lld bytes are resident",
		(long long)there, (long long)growth->grown_bytes);
	return OUTCOME_SHORT;
}

/* good is what it shall be called if it is there to the end. */
static enum load_outcome hold_measured(
	struct growth *growth, enum load_outcome good)
{
	enum load_outcome outcome;

	outcome = judge(growth, OUTCOME_NONE);
	if (outcome != OUTCOME_NONE)
		return outcome;
	if (growth->spec->hold_ms > 0) {
		report_hold(growth);
		outcome = hold(growth);
		report_measure(growth);
	}
	return outcome == OUTCOME_NONE ? judge(growth, good) : outcome;
}

static enum load_outcome run(struct growth *growth)
{
	enum load_outcome outcome = grow(growth);

	growth->full_us = scoreboard_now_us();
	report_measure(growth);
	if (outcome == OUTCOME_NONE)
		return hold_measured(growth, OUTCOME_HELD);
	if (outcome == OUTCOME_LEFT)
		return hold_measured(growth, OUTCOME_LEFT);
	return outcome;
}

enum load_outcome carry_out(
	struct worker *worker, int client_fd, const struct load_spec *spec)
{
	struct growth growth = {
		.worker = worker, .spec = spec, .client_fd = client_fd};
	enum load_outcome outcome;

	/* Once for all: nice never goes back. */
	setpriority(PRIO_PROCESS, 0, LOAD_NICE);
	report_begin(&growth);
	outcome = run(&growth);
	report_release(&growth);
	spec->kind->release(&growth.ballast);
	worker_score(WORKER_IDLE_SCORE);
	finish(worker, outcome);
	return outcome;
}
