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
#include "views/failed_load.h"
#include "views/loads.h"
#include "views/page.h"
#include "views/postmortem.h"

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

/* clang-format off */
/* What became of it, told by its worker; and by the watch, when that died or
 * had to be ended. */
#define FAILED \
	{403, &failed_load_view, NULL, "refused by the guard"}, \
	{403, NULL, NULL, "asked for by another site, or prefetched"}, \
	{422, NULL, NULL, "what this machine cannot give"}, \
	{503, &failed_load_view, NULL, "busy, or stalled"}, \
	{503, NULL, NULL, "load cannot be reached; nothing was run"}, \
	{502, &postmortem_view, NULL, "killed: its post-mortem"}, \
	{502, NULL, NULL, "its answer was lost on the way"}, \
	{507, &failed_load_view, NULL, "short: the kernel gave less"}, \
	{507, NULL, NULL, "short, and load's master had to end it"}

static const struct route_answer page_answers[] = {
	{200, &page_view, NULL, "built, measured and freed"},
	FAILED, {0}
};
static const struct route_answer hold_answers[] = {
	{200, &load_view, NULL, "held, left or released"},
	FAILED, {0}
};
static const struct route_answer loads_answers[] = {
	{202, &load_view, NULL, "it begins; Location is where it is told of"},
	FAILED, {0}
};
static const struct route_answer consume_answers[] = {
	{200, NULL, "text/plain", "it begins; what was asked for"},
	FAILED, {0}
};
/* clang-format on */

const struct route load_routes[] = {
	{"/", "GET", "rows columns format", ROUTE_LOAD, page,
		"the ancestor's page: builds rows x columns, shows RSS, frees",
		page_answers},
	{"/hold", "GET POST", OF_A_LOAD, ROUTE_LOAD, hold_load,
		"grows to size, holds it for a time (0s), releases, answers",
		hold_answers},
	{"/loads", "POST", OF_A_LOAD, ROUTE_LOAD, begin_load,
		"the same in the background (60s): 202, Location: /loads/ID",
		loads_answers},
	{"/ConsumeMem", "POST", "megabytes durationSec",
		ROUTE_LOAD | ROUTE_MIXES | ROUTE_PLAIN, consume,
		"as Kubernetes' resource-consumer: 200 at once",
		consume_answers},
	{0},
};
