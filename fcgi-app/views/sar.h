/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_SAR_H
#define OOMLAB_VIEWS_SAR_H

/*
 * Samples as `sar -r` of sysstat 12.6 prints them, line by line: sar(1), and
 * docs/API.md, GET /sar, for what the columns are of a cgroup. Whoever prints
 * puts the lines together; a table belongs to one thread. Needs no heap.
 */
#include "views/sample.h"

enum sar_of { SAR_HOST, SAR_CGROUP }; /* in the order of of='s words */

#define SAR_COLUMNS 11
#define SAR_HEADS   22	 /* rows to a head: a terminal of 24 lines */
#define SAR_BYTES   2048 /* that any call needs at most */

/* What the banner tells of the machine, as uname(2) has it. */
struct sar_machine {
	char release[80], host[80], machine[80];
	int cpus;
};

/* The kills of an interval: the first of them, and how many. */
struct sar_kills {
	struct sample_kill first;
	int count;
};

struct sar_table {
	enum sar_of of;
	int cpus;
	int64_t last_ms; /* of the last line, or when it all begins */
	int64_t since_boot_us, since_boot_kills; /* to see a new boot by */
	int rows;     /* since the last head; 0: none was printed */
	int averaged; /* rows since the last average */
	int64_t sum[SAR_COLUMNS], known[SAR_COLUMNS]; /* of those rows */
	int64_t total_kb, all_kb; /* of the last: RAM, and with swap */
};

/* begin_ms: what the first head shows, the sample before the first row. */
void sar_open(struct sar_table *table, enum sar_of of,
	const struct sar_machine *machine, int64_t begin_ms);

/* Each writes whole lines to out[SAR_BYTES] and returns their length. */

/* The machine's line, with that day. */
size_t sar_banner(const struct sar_machine *machine, int64_t at_ms, char *out);

/* A row, with what belongs before it: the head each SAR_HEADS rows, and after
 * a boot the average and LINUX RESTART. kills is of the time since the row
 * before. */
size_t sar_row(struct sar_table *table, const struct sample *sample,
	const struct sar_kills *kills, char *out);

/* The average of the rows since the last; 0 without any. */
size_t sar_average(struct sar_table *table, char *out);

/* One more kill of an interval. */
void sar_add_kill(struct sar_kills *kills, const struct sample_kill *kill);

#endif
