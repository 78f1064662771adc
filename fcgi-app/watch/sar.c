/* SPDX-License-Identifier: MIT */
/*
 * GET /sar: which lines are asked for, and those of them that are there. Where
 * the last so many begin can only be found by looking at samples, for there
 * may be ten in a second or one in ten: so a span is looked through that would
 * do if there was one each step, then longer ones. What is sent begins behind
 * the sample whose time the first head shows, as sar's first line does.
 */
#include "watch/handlers.h"

#include <stdio.h>
#include <stdlib.h>

#include "watch/sample_reader.h"
#include "watch/sar_run.h"
#include "watch/state.h"

#define STEP_MS	       1000
#define FOLLOW_STEP_MS 60000 /* nginx waits 120 s for a line */
#define WIDER	       8     /* by which the next span is longer */

/* What is asked for. */
struct sar_request {
	enum sar_of of;
	int64_t step_ms;
	int64_t from_ms, to_ms; /* from_ms -1: the last count up to to_ms */
	int count;
};

/* The first samples of the steps of a span. */
struct sar_span {
	int64_t *times; /* of the last of them, a ring: times[size] */
	int size, found;
	int64_t before_ms; /* of the last before the span; -1: none */
};

static int refuse(struct http_exchange *x, const char *name, const char *why)
{
	return params_refuse(name, params_value(&x->params, name)->came,
		x->route->params, why, &x->problem);
}

static bool given(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->given;
}

/* 0, or -1 with x->problem set. */
static int read_request(struct http_exchange *x, struct sar_request *request)
{
	const struct param_value *step = params_value(&x->params, "step");
	int64_t count = params_value(&x->params, "count")->integer;
	int64_t now_ms = scoreboard_now_ms();

	request->of = (enum sar_of)params_value(&x->params, "of")->integer;
	request->step_ms = step->given ? step->integer : STEP_MS;
	request->to_ms = params_time(&x->params, "to", now_ms, now_ms);
	request->from_ms = params_time(&x->params, "from", now_ms, -1);
	request->count = given(x, "from") && !given(x, "count") ? SAMPLES_MOST
								: (int)count;
	if (given(x, "from") && request->from_ms > request->to_ms)
		return refuse(x, "from", "later than to");
	return 0;
}

/* Looks at the first sample of each step from from_ms on, as many as most;
 * those before begin_ms are before the span. -1: no memory. */
static int look_through(struct store *store, const struct sar_request *request,
	int64_t from_ms, int64_t begin_ms, int most, struct sar_span *span)
{
	int64_t step_ms = request->step_ms, step = -1;
	struct sample_query query = {
		.from_ms = from_ms < 0 ? 0 : from_ms / step_ms * step_ms,
		.to_ms = request->to_ms};
	struct sample_reader *reader = sample_reader_open(store, &query);
	const struct sample *sample;

	span->found = 0;
	span->before_ms = -1;
	if (!reader)
		return -1;
	while (span->found < most && (sample = sample_reader_next(reader))) {
		if (sample->at_ms / step_ms == step)
			continue;
		step = sample->at_ms / step_ms;
		if (sample->at_ms < begin_ms)
			span->before_ms = sample->at_ms;
		else
			span->times[span->found++ % span->size] = sample->at_ms;
	}
	sample_reader_close(reader);
	return 0;
}

/* Where the table begins: 0, or -1 without memory for it. */
static int find_last(struct store *store, const struct sar_request *request,
	struct sar_span *span, int64_t *begin_ms)
{
	int64_t length_ms = (request->count + INT64_C(2)) * request->step_ms;
	int64_t from_ms;

	do {
		from_ms = request->to_ms - length_ms;
		if (look_through(store, request, from_ms, 0, INT32_MAX, span) <
			0)
			return -1;
		length_ms *= WIDER;
	} while (span->found < span->size && from_ms > 0);
	if (span->found == 0)
		*begin_ms = request->to_ms;
	else if (span->found < span->size)
		*begin_ms = span->times[0] - request->step_ms;
	else
		*begin_ms = span->times[span->found % span->size];
	return 0;
}

static int find_first(struct store *store, const struct sar_request *request,
	struct sar_span *span, int64_t *begin_ms)
{
	int64_t from_ms = request->from_ms - request->step_ms;

	if (look_through(store, request, from_ms, request->from_ms,
		    SAMPLES_MOST + 1, span) < 0)
		return -1;
	if (span->before_ms >= 0)
		*begin_ms = span->before_ms;
	else
		*begin_ms = span->found ? span->times[0] - request->step_ms
					: request->from_ms;
	return 0;
}

/* The same for either; -1 with x->problem set. */
static int find_begin(struct http_exchange *x,
	const struct sar_request *request, int64_t *begin_ms)
{
	struct store *store = &watch_of(x)->store;
	struct sar_span span = {.size = SAMPLES_MOST + 1};
	int result;

	if (request->from_ms < 0)
		span.size = request->count + 1;
	span.times = calloc((size_t)span.size, sizeof(*span.times));
	if (!span.times)
		return http_problem(&x->problem, 500, "No memory");
	result = request->from_ms < 0
			 ? find_last(store, request, &span, begin_ms)
			 : find_first(store, request, &span, begin_ms);
	free(span.times);
	if (result < 0)
		return http_problem(&x->problem, 500, "No memory");
	if (request->from_ms >= 0 && !given(x, "count") &&
		span.found > SAMPLES_MOST)
		return refuse(x, "step",
			"these would be more than 5000 lines; a longer step "
			"has fewer, and count takes the first of them");
	return 0;
}

static void send_lines(struct http_exchange *x,
	const struct sar_request *request, int64_t begin_ms,
	struct sample_reader *reader)
{
	const struct sample *sample;
	struct sar_run run;

	if (http_begin(x, 200, SAR_TYPE) < 0)
		return;
	sar_run_begin(&run, x, request->of, request->step_ms, begin_ms);
	sar_marks_look(&run.marks, request->to_ms);
	while (!run.failed && run.rows < request->count &&
		(sample = sample_reader_next(reader)))
		sar_run_sample(&run, sample);
	sar_run_end(&run);
}

static int send_kept(struct http_exchange *x, const struct sar_request *request)
{
	struct sample_query query = {.to_ms = request->to_ms};
	struct sample_reader *reader;
	int64_t begin_ms = 0;

	if (find_begin(x, request, &begin_ms) < 0)
		return -1;
	query.from_ms = begin_ms + 1;
	reader = sample_reader_open(&watch_of(x)->store, &query);
	if (!reader)
		return http_problem(&x->problem, 500, "No memory");
	send_lines(x, request, begin_ms, reader);
	sample_reader_close(reader);
	return 0;
}

/* What goes on has neither end nor number but its own. */
static int send_following(
	struct http_exchange *x, const struct sar_request *request)
{
	static const char *const apart[] = {"count", "from", "to"};
	int64_t follow_ms = params_value(&x->params, "follow")->integer;

	for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		if (given(x, apart[i]))
			return refuse(x, apart[i], "not together with follow");
	}
	if (request->step_ms > follow_ms)
		return refuse(x, "step", "longer than follow");
	if (request->step_ms > FOLLOW_STEP_MS)
		return refuse(x, "step", "over a minute, with follow");
	return sar_follow(x, request->of, request->step_ms, follow_ms);
}

int sar_show(struct http_exchange *x)
{
	struct sar_request request;

	if (read_request(x, &request) < 0)
		return -1;
	return given(x, "follow") ? send_following(x, &request)
				  : send_kept(x, &request);
}
