/* SPDX-License-Identifier: MIT */
/*
 * The routes that take memory, a row each. What they do is: say what is asked
 * (spec), carry it out (carry), tell of it (reply).
 */
#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/carry.h"
#include "load/growth.h"
#include "load/reply.h"
#include "views/view.h"

#define HOLD_PRESET_MS	0     /* /hold: as long as it is told to */
#define LOADS_PRESET_MS 60000 /* /loads */

/* What a load's route must set before the ask: it is read back, so that what
 * the answer shows is what the kernel has. */
static int set_score(struct http_exchange *x, int32_t score)
{
	int error;

	errno = 0;
	if (worker_score(score) == score)
		return 0;
	error = errno;
	worker_score(WORKER_IDLE_SCORE);
	http_problem(&x->problem, 422,
		"The kernel does not take oom_score_adj %d: %s.", (int)score,
		error ? strerror(error) : "another value was read back");
	snprintf(x->problem.parameter, sizeof(x->problem.parameter), "score");
	snprintf(x->problem.got, sizeof(x->problem.got), "%d", (int)score);
	snprintf(x->problem.allowed, sizeof(x->problem.allowed),
		"not below what a privileged process last set");
	return -1;
}

static const struct limit *binding_limit(struct worker *worker)
{
	load_report_clear(&worker->slot->load);
	report_limit(worker);
	return &worker->slot->load.limit;
}

/* Grows and holds while the client waits. */
static enum load_outcome wait_for(struct http_exchange *x,
	struct worker *worker, const struct load_spec *spec)
{
	enum load_outcome outcome = carry_ask(worker, x->id, spec);

	return outcome == OUTCOME_NONE ? carry_out(worker, x->fcgi->ipcFd, spec)
				       : outcome;
}

static int page(struct http_exchange *x)
{
	struct worker *worker = x->context;
	struct load_spec spec;

	spec_of_page(x, worker->start.config, &spec);
	if (set_score(x, spec.score) < 0)
		return -1;
	return reply_page(x, &worker->slot->load, wait_for(x, worker, &spec));
}

static int hold_load(struct http_exchange *x)
{
	struct worker *worker = x->context;
	struct load_spec spec;

	if (spec_of_hold(x, worker->start.config, binding_limit(worker),
		    HOLD_PRESET_MS, &spec) < 0 ||
		set_score(x, spec.score) < 0)
		return -1;
	return reply_load(x, &worker->slot->load, wait_for(x, worker, &spec));
}

/* Answers, lets the client go, and only then begins. */
static void carry_on(struct http_exchange *x, struct worker *worker,
	const struct load_spec *spec)
{
	FCGX_Finish_r(x->fcgi);
	carry_out(worker, -1, spec);
}

static int begin_load(struct http_exchange *x)
{
	struct worker *worker = x->context;
	enum load_outcome outcome;
	struct load_spec spec;

	if (spec_of_hold(x, worker->start.config, binding_limit(worker),
		    LOADS_PRESET_MS, &spec) < 0 ||
		set_score(x, spec.score) < 0)
		return -1;
	outcome = carry_ask(worker, x->id, &spec);
	if (outcome != OUTCOME_NONE)
		return reply_load(x, &worker->slot->load, outcome);
	if (reply_accepted(x, &worker->slot->load) < 0)
		view_problem(x);
	carry_on(x, worker, &spec);
	return 0;
}

/* Kubernetes' resource-consumer: its clients want this text and no other. */
static int consume(struct http_exchange *x)
{
	struct worker *worker = x->context;
	enum load_outcome outcome;
	struct load_spec spec;
	char text[128];
	int length;

	spec_of_consume(x, worker->start.config, &spec);
	if (set_score(x, spec.score) < 0)
		return -1;
	outcome = carry_ask(worker, x->id, &spec);
	if (outcome != OUTCOME_NONE)
		return reply_load(x, &worker->slot->load, outcome);
	length = snprintf(text, sizeof(text),
		"ConsumeMem\n%lld megabytes\n%lld durationSec\n",
		(long long)(spec.bytes >> 20),
		(long long)(spec.hold_ms / 1000));
	http_respond(x, 200, "text/plain; charset=utf-8", NULL, text,
		(size_t)length);
	carry_on(x, worker, &spec);
	return 0;
}

#define OF_A_LOAD                                                              \
	"size kind for rate first leave fill touch score within dies format"

const struct route load_routes[] = {
	{"/", "GET", "rows columns format", ROUTE_LOAD, page,
		"the ancestor's page: builds rows x columns, shows RSS, frees"},
	{"/hold", "GET POST", OF_A_LOAD, ROUTE_LOAD, hold_load,
		"grows to size, holds it for a time (0s), releases, answers"},
	{"/loads", "POST", OF_A_LOAD, ROUTE_LOAD, begin_load,
		"the same in the background (60s): 202, Location: /loads/ID"},
	{"/ConsumeMem", "POST", "megabytes durationSec",
		ROUTE_LOAD | ROUTE_MIXES | ROUTE_PLAIN, consume,
		"as Kubernetes' resource-consumer: 200 at once"},
	{0},
};
