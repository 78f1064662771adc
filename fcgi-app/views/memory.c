/* SPDX-License-Identifier: MIT */
/*
 * The same samples thrice. JSON has all of them; CSV has every figure by the
 * name that its path in JSON makes, and of the lists how many they are; the
 * table has what a person looks at first.
 */
#include "views/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "evidence/verdict.h"
#include "views/json_stream.h"

/* A walk over the figures of a sample, for its names or for its values. */
struct row_walk {
	struct sink *sink;
	bool names;
	const char *prefix; /* of the object that is walked; "" outside */
	bool in_list;
};

static void csv_value(void *context, const struct field *row, const void *at)
{
	struct row_walk *walk = context;
	char plain[64];
	int64_t figure;

	if (walk->in_list || row->type == FIELD_LIST)
		return;
	if (walk->sink->count++ > 0)
		sink_put(walk->sink, ",", 1);
	if (walk->names) {
		sink_text(walk->sink, walk->prefix);
		sink_text(walk->sink, *walk->prefix ? "_" : "");
		sink_text(walk->sink, row->name);
	} else if (field_is_integer(row)) {
		memcpy(&figure, at, sizeof(figure));
		if (!field_absent(row, at))
			sink_integer(walk->sink, figure);
	} else {
		field_plain(row, at, plain, sizeof(plain));
		sink_text(walk->sink, plain);
	}
}

static void csv_enter(void *context, const struct field *row)
{
	struct row_walk *walk = context;

	if (row->type == FIELD_LIST)
		walk->in_list = true;
	else
		walk->prefix = row->name;
}

static void csv_leave(void *context, const struct field *row)
{
	struct row_walk *walk = context;

	if (row->type == FIELD_LIST)
		walk->in_list = false;
	else
		walk->prefix = "";
}

static void csv_element(void *context, const struct field *row, bool begins)
{
	(void)context, (void)row, (void)begins;
}

static void csv_walk(const struct sample *sample, bool names, struct sink *sink)
{
	static const struct field_visitor visitor = {
		.value = csv_value,
		.enter = csv_enter,
		.leave = csv_leave,
		.element = csv_element,
	};
	struct row_walk walk = {sink, names, "", false};

	sink->count = 0;
	fields_walk(sample_fields, sample, &visitor, &walk);
}

static void csv_begin(struct sink *sink)
{
	struct sample none;

	sample_clear(&none);
	csv_walk(&none, true, sink);
	sink_text(sink, ",workers,workers_rss_bytes,kills\r\n");
}

static void csv_add(const struct sample *sample, struct sink *sink)
{
	int64_t rss_bytes = sample_workers_rss(sample);

	csv_walk(sample, false, sink);
	if (sample->worker_count < 0)
		sink_text(sink, ",,");
	else
		sink_print(sink, ",%" PRId32 ",%" PRId64, sample->worker_count,
			rss_bytes);
	sink_print(sink, ",%" PRId32 "\r\n", sample->kill_count);
}

static void json_begin(struct sink *sink)
{
	sink->count = 0;
	sink_text(sink, "{\"samples\":[");
}

static void json_add(const struct sample *sample, struct sink *sink)
{
	sink_text(sink, sink->count++ > 0 ? ",\n" : "\n");
	json_stream(sample_fields, sample, sink);
}

static void json_end(struct sink *sink)
{
	sink_text(sink, "\n]}\n");
}

#define AT     "%-24s"
#define COLUMN " %10s"

static void text_begin(struct sink *sink)
{
	sink_print(sink, AT COLUMN COLUMN COLUMN COLUMN COLUMN "\n", "at",
		"usage", "limit", "headroom", "working", "available");
}

static void text_add(const struct sample *sample, struct sink *sink)
{
	static const struct field bytes = {.name = "", .type = FIELD_BYTES};
	static const struct field time = {.name = "", .type = FIELD_TIME};
	const int64_t figures[] = {sample->cgroup.usage_bytes,
		sample->cgroup.limit_bytes, sample->cgroup.headroom_bytes,
		sample->cgroup.working_set_bytes,
		sample->host.memory.available_bytes};
	char cell[48];

	field_plain(&time, &sample->at_ms, cell, sizeof(cell));
	sink_print(sink, AT, cell);
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		field_text(&bytes, &figures[i], cell, sizeof(cell));
		sink_print(sink, COLUMN, cell);
	}
	for (int32_t i = 0; i < sample->kill_count; i++)
		sink_print(sink, "\n  kill: %s %s",
			sample->kills[i].verdict < 0
				? "unknown"
				: verdict_words[sample->kills[i].verdict],
			sample->kills[i].url);
	sink_text(sink, "\n");
}

static void nothing(struct sink *sink)
{
	(void)sink;
}

static const struct {
	const char *type;
	void (*begin)(struct sink *sink);
	void (*add)(const struct sample *sample, struct sink *sink);
	void (*end)(struct sink *sink);
} formats[] = {
	[MEMORY_JSON] = {"application/json", json_begin, json_add, json_end},
	[MEMORY_CSV] = {"text/csv; charset=utf-8; header=present", csv_begin,
		csv_add, nothing},
	[MEMORY_TEXT] = {"text/plain; charset=utf-8", text_begin, text_add,
		nothing},
};

const char *memory_type(enum memory_format format)
{
	return formats[format].type;
}

void memory_begin(enum memory_format format, struct sink *sink)
{
	formats[format].begin(sink);
}

void memory_add(enum memory_format format, const struct sample *sample,
	struct sink *sink)
{
	formats[format].add(sample, sink);
}

void memory_end(enum memory_format format, struct sink *sink)
{
	formats[format].end(sink);
}

struct memory_report {
	const struct sample *samples;
	int32_t count;
};

static const struct field memory_fields[] = {
	FIELD_ROW(struct memory_report, samples, "samples", FIELD_LIST,
		.rows = sample_fields,
		.count_offset = offsetof(struct memory_report, count),
		.stride = sizeof(struct sample)),
	FIELD_END,
};

const struct view memory_view = {
	.name = "Memory",
	.fields = memory_fields,
	.csv = "samples",
};
