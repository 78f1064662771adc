/* SPDX-License-Identifier: MIT */
/*
 * A metric is a row: its name, what it means, where it stands in the filled
 * struct. Names and units are by Prometheus' rules (prometheus.io/docs/
 * practices/naming): base units, _total on what only grows. HELP and TYPE are
 * printed though no sample is there, so that who looks finds every name.
 */
#include "views/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/fields.h"
#include "views/status.h"

const int64_t metrics_bounds_us[METRICS_BUCKETS] = {10000, 25000, 50000, 100000,
	250000, 500000, 1000000, 2500000, 5000000, 10000000, 30000000, 60000000,
	300000000, 1800000000};

enum type { GAUGE, COUNTER, HISTOGRAM };

enum unit {
	PLAIN,	 /* as it is: counts, bytes */
	SECONDS, /* from microseconds */
	WORD,	 /* char[]: the label's value, the sample is 1 */
};

struct row {
	const char *name, *help;
	enum type type;
	enum unit unit;
	size_t offset; /* of an int64_t, or of count of them with words */
	const char *label;
	const char *const *words; /* NULL: no sample of that number */
	int count;
};

static const char *const type_words[] = {"gauge", "counter", "histogram"};
static const char *const stall_words[STALLS] = {"some", "full"};

/* clang-format off */
#define AT(member) offsetof(struct metrics_report, member)
#define ONE(name_, type_, unit_, member_, help_) \
	{.name = name_, .help = help_, .type = type_, .unit = unit_, \
		.offset = AT(member_)}
#define MANY(name_, type_, unit_, member_, label_, words_, count_, help_) \
	{.name = name_, .help = help_, .type = type_, .unit = unit_, \
		.offset = AT(member_), .label = label_, .words = words_, \
		.count = count_}

static const struct row rows[] = {
	{.name = "oomlab_build_info", .help = "1, with the version of oomlab.",
		.unit = WORD, .offset = AT(version), .label = "version"},
	MANY("oomlab_loads_total", COUNTER, PLAIN, loads, "outcome",
		load_outcome_words, OUTCOME_COUNT,
		"Loads that ended, by outcome, as load's master counted them."),
	MANY("oomlab_kills_total", COUNTER, PLAIN, kills, "verdict",
		verdict_words, VERDICT_COUNT,
		"Workers that were killed, by verdict."),
	ONE("oomlab_bystanders_total", COUNTER, PLAIN, bystanders,
		"Processes not of oomlab that were killed in a load's place."),
	ONE("oomlab_elsewhere_kills_total", COUNTER, PLAIN, elsewhere,
		"OOM kills on the machine outside of load's cgroup, since the "
		"watch started."),
	ONE("oomlab_growth_seconds", HISTOGRAM, SECONDS, growth,
		"How long loads took to grow, of those that ended since the "
		"watch started."),
	ONE("oomlab_load_up", GAUGE, PLAIN, load.up,
		"Whether load's master lives."),
	ONE("oomlab_load_start_time_seconds", GAUGE, SECONDS, load.started_us,
		"When load's master started, since 1970."),
	ONE("oomlab_load_heartbeat_timestamp_seconds", GAUGE, SECONDS,
		load.heartbeat_us,
		"When load's master last gave a sign of life, since 1970."),
	MANY("oomlab_workers", GAUGE, PLAIN, load.workers, "state",
		slot_stage_words, METRICS_STAGES, "Workers, by state."),
	ONE("oomlab_pool_busy_loads", GAUGE, PLAIN, load.busy,
		"Loads that have a place in the pool now."),
	ONE("oomlab_pool_max_loads", GAUGE, PLAIN, load.max,
		"Places in the pool: OOMLAB_MAX."),
	ONE("oomlab_pool_peak_loads", GAUGE, PLAIN, load.peak,
		"The most places taken at once since load's master started."),
	ONE("oomlab_pool_spare_workers", GAUGE, PLAIN, load.spare,
		"Idle workers that are kept: OOMLAB_SPARE."),
	ONE("oomlab_forks_total", COUNTER, PLAIN, load.forks,
		"Workers forked."),
	ONE("oomlab_fork_failures_total", COUNTER, PLAIN, load.fork_failures,
		"Forks that the kernel refused."),
	ONE("oomlab_deaths_before_request_total", COUNTER, PLAIN,
		load.deaths_before_request,
		"Workers that died young, before a request."),
	ONE("oomlab_resident_bytes", GAUGE, PLAIN, load.resident_bytes,
		"What loads under way hold, as their processes measured it."),
	ONE("oomlab_target_bytes", GAUGE, PLAIN, load.target_bytes,
		"What loads under way were asked to hold."),
	MANY("oomlab_limit_bytes", GAUGE, PLAIN, levels.limit_bytes, "level",
		limit_level_words, LIMIT_LEVELS,
		"The memory limit of load's own cgroup, of the ancestor that "
		"has the least headroom, of the host."),
	MANY("oomlab_usage_bytes", GAUGE, PLAIN, levels.usage_bytes, "level",
		limit_level_words, LIMIT_LEVELS,
		"What is charged to that level, page cache included; of the "
		"host, what is not available."),
	MANY("oomlab_headroom_bytes", GAUGE, PLAIN, levels.headroom_bytes,
		"level", limit_level_words, LIMIT_LEVELS,
		"What can still be charged to that level before its OOM "
		"killer acts."),
	MANY("oomlab_cgroup_stall_seconds_total", COUNTER, SECONDS,
		load.stall_us, "tasks", stall_words, STALLS,
		"PSI of load's cgroup: how long some, or all, of its tasks "
		"stood still for want of memory."),
	ONE("oomlab_host_memory_bytes", GAUGE, PLAIN, host.memory_bytes,
		"MemTotal of the host."),
	ONE("oomlab_host_available_bytes", GAUGE, PLAIN, host.available_bytes,
		"MemAvailable of the host."),
	MANY("oomlab_host_stall_seconds_total", COUNTER, SECONDS,
		host.stall_us, "tasks", stall_words, STALLS,
		"PSI of the host: how long some, or all, tasks stood still "
		"for want of memory."),
	ONE("oomlab_store_events", GAUGE, PLAIN, store.events,
		"Events in the database."),
	ONE("oomlab_store_unsaved_events", GAUGE, PLAIN, store.unsaved,
		"Events in memory alone, that the database has not got yet."),
	ONE("oomlab_store_failing", GAUGE, PLAIN, store.failing,
		"Whether the database cannot be written."),
	ONE("oomlab_store_moved_aside_total", COUNTER, PLAIN, store.aside,
		"Damaged databases moved aside since the watch started."),
	ONE("oomlab_store_dropped_events_total", COUNTER, PLAIN, store.dropped,
		"Events lost since the watch started: neither database nor "
		"memory had room."),
	ONE("oomlab_kernel_log_readable", GAUGE, PLAIN, log.readable,
		"Whether the watch may read the kernel log."),
	ONE("oomlab_kernel_log_overruns_total", COUNTER, PLAIN, log.overruns,
		"How often the kernel log was overwritten unread."),
	ONE("oomlab_kernel_log_lost_lines_total", COUNTER, PLAIN,
		log.lost_lines, "Lines of the kernel log that were so lost."),
	ONE("process_start_time_seconds", GAUGE, SECONDS, process.started_us,
		"When the watch started, since 1970."),
	ONE("process_resident_memory_bytes", GAUGE, PLAIN,
		process.resident_bytes, "RSS of the watch."),
	ONE("process_cpu_seconds_total", COUNTER, SECONDS, process.cpu_us,
		"User and system time of the watch."),
	{.name = NULL}
};
/* clang-format on */

void metrics_observe(struct metrics_histogram *histogram, int64_t us)
{
	int i = 0;

	while (i < METRICS_BUCKETS && us > metrics_bounds_us[i])
		i++;
	histogram->counts[i]++;
	histogram->sum_us += us;
}

void metrics_clear(struct metrics_report *report)
{
	memset(report, 0, sizeof(*report));
	for (const struct row *row = rows; row->name; row++) {
		char *at = (char *)report + row->offset;
		const int64_t absent = FIELD_ABSENT;
		int count = row->words ? row->count : 1;

		if (row->type == HISTOGRAM || row->unit == WORD)
			continue;
		for (int i = 0; i < count; i++)
			memcpy(at + (size_t)i * sizeof(absent), &absent,
				sizeof(absent));
	}
}

static int64_t value_at(
	const struct metrics_report *report, const struct row *row, int i)
{
	int64_t value;

	memcpy(&value,
		(const char *)report + row->offset + (size_t)i * sizeof(value),
		sizeof(value));
	return value;
}

static void print_value(FILE *out, enum unit unit, int64_t value)
{
	if (unit == SECONDS)
		fprintf(out, " %" PRId64 ".%06" PRId64 "\n", value / 1000000,
			value % 1000000);
	else
		fprintf(out, " %" PRId64 "\n", value);
}

/* The format escapes backslash, quote and the line's end. */
static void print_label(FILE *out, const char *label, const char *value)
{
	fprintf(out, "{%s=\"", label);
	for (; *value; value++) {
		if (*value == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*value == '\\' || *value == '"')
			putc('\\', out);
		putc(*value, out);
	}
	fputs("\"}", out);
}

static void print_histogram(FILE *out, const struct row *row,
	const struct metrics_histogram *histogram)
{
	int64_t count = 0;

	for (int i = 0; i < METRICS_BUCKETS; i++) {
		count += histogram->counts[i];
		fprintf(out, "%s_bucket{le=\"%g\"} %" PRId64 "\n", row->name,
			(double)metrics_bounds_us[i] / 1e6, count);
	}
	count += histogram->counts[METRICS_BUCKETS];
	fprintf(out, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n", row->name, count);
	fprintf(out, "%s_sum", row->name);
	print_value(out, SECONDS, histogram->sum_us);
	fprintf(out, "%s_count %" PRId64 "\n", row->name, count);
}

static void print_samples(
	FILE *out, const struct row *row, const struct metrics_report *report)
{
	int count = row->words ? row->count : 1;

	for (int i = 0; i < count; i++) {
		int64_t value = value_at(report, row, i);

		if (value == FIELD_ABSENT || (row->words && !row->words[i]))
			continue;
		fputs(row->name, out);
		if (row->words)
			print_label(out, row->label, row->words[i]);
		print_value(out, row->unit, value);
	}
}

static void print_row(
	FILE *out, const struct row *row, const struct metrics_report *report)
{
	const char *at = (const char *)report + row->offset;

	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help,
		row->name, type_words[row->type]);
	if (row->type == HISTOGRAM) {
		print_histogram(out, row, (const void *)at);
	} else if (row->unit == WORD) {
		fputs(row->name, out);
		print_label(out, row->label, at);
		fputs(" 1\n", out);
	} else {
		print_samples(out, row, report);
	}
}

int metrics_render(
	const struct metrics_report *report, char **body, size_t *length)
{
	FILE *out = open_memstream(body, length);
	int fault;

	if (!out)
		return -1;
	for (const struct row *row = rows; row->name; row++)
		print_row(out, row, report);
	fault = ferror(out);
	if (fclose(out) == 0 && !fault)
		return 0;
	free(*body);
	*body = NULL;
	errno = ENOMEM;
	return -1;
}
