/* SPDX-License-Identifier: MIT */
/*
 * Samples come ten a second while memory grows, and sometimes none for a
 * while; lines come one a step. A kill's mark is on the first line after it,
 * which its interval ends with. So that the numbers just before it can be read,
 * too, the nearest sample before it gets a line if none is within a second.
 */
#include "watch/sar_run.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "watch/state.h"

#define NEAR_MS 1000 /* a kill has a line that long before it */

static void read_machine(struct sar_machine *machine)
{
	struct utsname name;
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	*machine = (struct sar_machine){.cpus = cpus > 0 ? (int)cpus : 1};
	if (uname(&name) != 0)
		return;
#define COPY(to, from) (void)snprintf(to, sizeof(to), "%.79s", from)
	COPY(machine->release, name.release);
	COPY(machine->host, name.nodename);
	COPY(machine->machine, name.machine);
#undef COPY
}

static void put(struct sar_run *run, const char *bytes, size_t length)
{
	if (!run->failed)
		run->failed = http_write(run->x, bytes, length) < 0;
}

void sar_run_begin(struct sar_run *run, struct http_exchange *x, enum sar_of of,
	int64_t step_ms, int64_t begin_ms)
{
	struct sar_machine machine;
	char out[SAR_BYTES];

	run->x = x;
	run->step_ms = step_ms;
	run->line_ms = begin_ms;
	run->step = begin_ms / step_ms;
	run->rows = 0;
	run->failed = false;
	run->kills = (struct sar_kills){.count = 0};
	sample_clear(&run->before);
	sar_marks_open(&run->marks, &watch_of(x)->store, begin_ms);
	read_machine(&machine);
	sar_open(&run->table, of, &machine, begin_ms);
	put(run, out, sar_banner(&machine, begin_ms, out));
}

static void print(struct sar_run *run, const struct sample *sample)
{
	char out[SAR_BYTES];

	put(run, out, sar_row(&run->table, sample, &run->kills, out));
	run->kills.count = 0;
	run->line_ms = sample->at_ms;
}

/* The last line is too long before, and something is nearer. */
static bool wants_line(
	const struct sar_run *run, const struct sample_kill *kill)
{
	return kill->at_ms - run->line_ms > NEAR_MS &&
	       run->before.at_ms > run->line_ms &&
	       run->before.at_ms <= kill->at_ms;
}

static void take_kills(struct sar_run *run, int64_t to_ms)
{
	const struct sample_kill *kill;

	while ((kill = sar_marks_next(&run->marks, to_ms))) {
		if (wants_line(run, kill))
			print(run, &run->before);
		sar_add_kill(&run->kills, kill);
		sar_marks_take(&run->marks);
	}
}

void sar_run_sample(struct sar_run *run, const struct sample *sample)
{
	int64_t step = sample->at_ms / run->step_ms;

	take_kills(run, sample->at_ms);
	if (step > run->step) {
		run->step = step;
		run->rows++;
		print(run, sample);
	}
	run->before = *sample;
	run->before.workers = NULL; /* the reader's, and gone with the next */
	run->before.kills = NULL;
	run->before.worker_count = run->before.kill_count = 0;
}

void sar_run_end(struct sar_run *run)
{
	char out[SAR_BYTES];

	put(run, out, sar_average(&run->table, out));
	if (!run->failed)
		run->failed = http_flush(run->x) < 0;
}
