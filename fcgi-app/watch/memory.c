/* SPDX-License-Identifier: MIT */
/*
 * GET /memory: samples as they were taken, sent as they are read. How many
 * there are is counted first, so that too many are refused and not cut off.
 */
#include "watch/handlers.h"

#include <stdio.h>
#include <stdlib.h>

#include "views/memory.h"
#include "watch/sample_reader.h"
#include "watch/state.h"

#define DEFAULT_MS (5 * 60 * 1000)

/* HTML is for those who want nothing in particular: the table. */
static const enum memory_format formats[] = {
	[HTTP_HTML] = MEMORY_TEXT,
	[HTTP_JSON] = MEMORY_JSON,
	[HTTP_TEXT] = MEMORY_TEXT,
	[HTTP_CSV] = MEMORY_CSV,
};

/* No later than now: so a page that is asked for twice is the same twice. */
static int read_query(struct http_exchange *x, struct sample_query *query)
{
	int64_t now_ms = scoreboard_now_ms();
	const struct param_value *step = params_value(&x->params, "step");

	query->to_ms = params_time(&x->params, "to", now_ms, now_ms);
	query->from_ms = params_time(
		&x->params, "from", now_ms, query->to_ms - DEFAULT_MS);
	query->step_ms = step->given ? step->integer : 0;
	if (query->from_ms <= query->to_ms)
		return 0;
	return params_refuse("from", params_value(&x->params, "from")->came,
		x->route->params, "later than to", &x->problem);
}

static int refuse_many(struct http_exchange *x)
{
	char why[128];

	(void)snprintf(why, sizeof(why),
		"these would be more than %d samples; a longer step has fewer",
		SAMPLES_MOST);
	return params_refuse("step", params_value(&x->params, "step")->came,
		x->route->params, why, &x->problem);
}

static int send_part(void *context, const char *bytes, size_t length)
{
	return http_write(context, bytes, length);
}

/* The head is out by then: what fails now cannot be told any more. */
static void send_samples(struct http_exchange *x, enum memory_format format,
	struct sample_reader *reader, struct sink *sink)
{
	const struct sample *sample;

	if (http_begin(x, 200, memory_type(format)) < 0)
		return;
	memory_begin(format, sink);
	while (!sink->failed && (sample = sample_reader_next(reader)))
		memory_add(format, sample, sink);
	memory_end(format, sink);
	if (sink_flush(sink) == 0)
		(void)http_flush(x);
}

int memory_show(struct http_exchange *x)
{
	struct store *store = &watch_of(x)->store;
	struct sample_reader *reader;
	struct sample_query query;
	struct sink *sink;

	if (read_query(x, &query) < 0)
		return -1;
	if (sample_reader_count(store, &query) > SAMPLES_MOST)
		return refuse_many(x);
	sink = calloc(1, sizeof(*sink));
	reader = sample_reader_open(store, &query);
	if (sink && reader) {
		sink->send = send_part;
		sink->context = x;
		send_samples(x, formats[x->format], reader, sink);
	}
	sample_reader_close(reader);
	free(sink);
	return sink && reader ? 0
			      : http_problem(&x->problem, 500,
					"No memory for the answer");
}
