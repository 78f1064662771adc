/* SPDX-License-Identifier: MIT */
/*
 * What a worker writes to its slot about its load, in the order in which it
 * comes to know it. Before a page is touched the slot says what is about to be
 * done, for the next instant may be the last; what is there in the end is
 * measured by the kernel's own counts, in the process and in the cgroup.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "load/growth.h"
#include "readings/process.h"

#define AGREE_BYTES ((int64_t)4 << 20) /* of counts that the kernel batches */

static struct load_report *begin(struct worker *worker)
{
	scoreboard_begin(&worker->slot->version);
	return &worker->slot->load;
}

static void end(struct worker *worker)
{
	scoreboard_end(&worker->slot->version);
}

void report_ask(
	struct worker *worker, const char *id, const struct load_spec *spec)
{
	struct load_report *report = begin(worker);

	load_report_clear(report);
	snprintf(report->id, sizeof(report->id), "%s", id);
	snprintf(report->kind, sizeof(report->kind), "%s", spec->kind->name);
	report->state = LOAD_GROWING;
	report->requested_bytes = spec->bytes;
	report->rows = spec->rows >= 0 ? spec->rows : FIELD_ABSENT;
	report->columns = spec->columns >= 0 ? spec->columns : FIELD_ABSENT;
	report->oom_score_adj = spec->score; /* set, and read back */
	report->started_at_ms = scoreboard_now_ms();
	report->worker = (struct load_worker){worker->start.slot, getpid()};
	report->dies_container = spec->dies_container;
	atomic_store(&worker->slot->end_asked_ms, 0);
	atomic_store(&worker->slot->deadline_ms, 0);
	atomic_fetch_add(&worker->slot->serial, 1);
	end(worker);
	worker_stage(worker, SLOT_ASKING);
	worker_ring(worker);
}

/* The master has read everything just before it answered the ask. */
void report_limit(struct worker *worker)
{
	static struct scoreboard_header header; /* 4 KB: not for the stack */
	struct load_report *report = begin(worker);

	if (scoreboard_read_header(worker->start.board, &header))
		headroom_reckon(worker->start.cgroup, header.now.levels,
			&header.now.host, &report->limit);
	end(worker);
}

/* Loads under way beside this worker's own. */
static int count_others(const struct worker *worker)
{
	int others = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++) {
		int32_t stage =
			atomic_load(&worker->start.board->slots[i].stage);

		others += i != worker->start.slot && stage >= SLOT_ASKING &&
			  stage <= SLOT_RELEASING;
	}
	return others;
}

void report_begin(struct growth *growth)
{
	struct worker *worker = growth->worker;
	struct load_report *report;

	growth->started_us = scoreboard_now_us();
	process_faults(&growth->minor_before, &growth->major_before);
	growth->peak_is_its_own = process_forget_peak() == 0;
	growth->others = count_others(worker);
	cgroup_read(worker->start.cgroup, 0, &growth->before);
	report = begin(worker);
	growth->report = report;
	report->resident_bytes = 0;
	atomic_store(&worker->slot->deadline_ms,
		report->started_at_ms + growth->spec->within_ms);
	end(worker);
	worker_stage(worker, SLOT_GROWING);
	worker_ring(worker);
}

void report_reason(struct worker *worker, const char *format, ...)
{
	struct load_report *report = begin(worker);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(report->reason, sizeof(report->reason), format, arguments);
	va_end(arguments);
	end(worker);
}

static int64_t delta(int64_t after, int64_t before)
{
	return after < 0 || before < 0 ? FIELD_ABSENT : after - before;
}

/* Where the cgroup was charged, place by place. */
static void measure_cgroup(const struct growth *growth,
	struct load_report *report, const struct cgroup_reading *after)
{
	const struct cgroup_reading *before = &growth->before;

	report->cgroup_delta_bytes =
		delta(after->usage_bytes, before->usage_bytes);
	report->charged = (struct load_charged){
		.place = (int32_t)growth->ballast.place,
		.anon_bytes = delta(after->anon_bytes, before->anon_bytes),
		.shmem_bytes = delta(after->shmem_bytes, before->shmem_bytes),
		.file_bytes = delta(after->file_bytes, before->file_bytes),
		.unevictable_bytes = delta(
			after->unevictable_bytes, before->unevictable_bytes),
		.kernel_bytes =
			delta(after->kernel_bytes, before->kernel_bytes),
	};
}

/* Whether process and cgroup tell the same; only a load alone can tell. */
static int32_t agrees(
	const struct growth *growth, const struct load_report *report)
{
	int64_t there = report->resident_bytes, apart;

	if (growth->others > 0 || count_others(growth->worker) > 0 ||
		there < 0 || report->cgroup_delta_bytes == FIELD_ABSENT)
		return -1;
	apart = report->cgroup_delta_bytes - there;
	if (apart < 0)
		apart = -apart;
	return apart <= there / 50 + AGREE_BYTES;
}

void report_measure(struct growth *growth)
{
	struct process_status status = {
		.rss_bytes = -1, .peak_rss_bytes = -1, .swapped_bytes = -1};
	struct cgroup_reading after;
	int64_t resident = growth->spec->kind->resident(&growth->ballast);
	int64_t took_us = growth->full_us - growth->started_us;
	int64_t minor, major;
	struct load_report *report;

	process_status_read(0, &status);
	process_faults(&minor, &major);
	cgroup_read(growth->worker->start.cgroup, 0, &after);
	report = begin(growth->worker);
	report->resident_bytes = resident;
	report->rss_bytes = status.rss_bytes;
	if (growth->peak_is_its_own)
		report->peak_rss_bytes = status.peak_rss_bytes;
	else if (status.rss_bytes > report->peak_rss_bytes)
		report->peak_rss_bytes = status.rss_bytes;
	report->swapped_bytes = status.swapped_bytes;
	report->minor_faults = minor - growth->minor_before;
	report->major_faults = major - growth->major_before;
	measure_cgroup(growth, report, &after);
	report->agrees = agrees(growth, report);
	report->grow_us = took_us;
	report->held_us = scoreboard_now_us() - growth->full_us;
	if (took_us > 0 && resident >= 0)
		report->bytes_per_second =
			(int64_t)((double)resident * 1e6 / (double)took_us);
	end(growth->worker);
}

void report_hold(struct growth *growth)
{
	struct load_report *report = begin(growth->worker);

	report->state = LOAD_HOLDING;
	report->ends_at_ms = scoreboard_now_ms() + growth->spec->hold_ms;
	atomic_store(&growth->worker->slot->deadline_ms, report->ends_at_ms);
	end(growth->worker);
	worker_stage(growth->worker, SLOT_HOLDING);
	worker_ring(growth->worker);
}

void report_release(struct growth *growth)
{
	struct load_report *report = begin(growth->worker);

	report->state = LOAD_RELEASING;
	end(growth->worker);
	worker_stage(growth->worker, SLOT_RELEASING);
}

void report_end(struct worker *worker, enum load_outcome outcome)
{
	struct load_report *report = begin(worker);

	report->state = LOAD_ENDED;
	report->outcome = (int32_t)outcome;
	report->ended_at_ms = scoreboard_now_ms();
	end(worker);
	worker_stage(worker, SLOT_ENDED);
	worker_ring(worker);
}

/* From here on its event can be found. */
void report_recorded(struct worker *worker)
{
	load_report_set_event(begin(worker));
	end(worker);
	worker_stage(worker, SLOT_ANSWERING);
}
