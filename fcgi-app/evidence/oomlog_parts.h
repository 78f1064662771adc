/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_PARTS_H
#define OOMLAB_EVIDENCE_OOMLOG_PARTS_H

/*
 * What a parser of kernel logs (evidence/oomlog.h) keeps between two bytes.
 * For its own files alone.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/oomlog_event.h"

#define OOMLOG_LINE    4096 /* bytes of a line that are looked at */
#define OOMLOG_HELD    8
#define OOMLOG_KERNEL  80
#define OOMLOG_ROWS    4096 /* rows of a table in which a victim is found */
#define OOMLOG_WORST   24   /* rows kept while the page size is unknown */
#define OOMLOG_COLUMNS 16
#define OOMLOG_SHIFTS  4096

/* No figure of a machine's is beyond, not even that of "no limit" (2^54 kB):
 * larger ones are damaged, and absent. Some of these can be added. */
#define OOMLOG_FIGURE_MAX (INT64_C(1) << 56)

/* When a line was printed, as far as its prefix tells. */
struct oomlog_stamp {
	char text[48];	/* "" where there is none */
	int64_t us;	/* since the boot, or -1 */
	int32_t second; /* of the day, or -1 */
	uint32_t day;	/* a hash of what stands around the time of day */
};

struct oomlog_shape; /* evidence/oomlog_shapes.h */

struct oomlog_lines {
	unsigned char shift[OOMLOG_SHIFTS]; /* evidence/oomlog_scan.h */
	char raw[OOMLOG_LINE + 1];	    /* a line as it comes in */
	size_t raw_length;
	unsigned hot; /* lines to look at closely, one after another */
	bool kmsg;    /* the line before was a record of /dev/kmsg */
	struct oomlog_stamp alone; /* of a line that had nothing else */
	size_t hard_width; /* where this text's lines are broken, or 0 */
	const struct oomlog_shape *pending; /* of the text below, or NULL */
	size_t broken_at;     /* columns of its last line as it came */
	bool broken_at_blank; /* which ended that line */
	bool pending_tagged;  /* had a prefix */
	size_t length;
	char text[OOMLOG_LINE + 1];
	struct oomlog_stamp stamp;
};

/* What of a row is kept for all rows: a victim may be any of them. */
struct oomlog_row {
	int64_t total_vm, rss, swap, pgtables;
	int32_t pid, uid, oom_score_adj;
	bool has_adj, has_swap, has_pgtables, pgtables_in_bytes;
};

struct oomlog_named_row {
	struct oomlog_row row;
	char comm[OOMLOG_COMM];
};

struct oomlog_report {
	struct oomlog_event event; /* so far */
	int stage;		   /* enum oomlog_stage */
	bool open;		   /* is an OOM report and no mere Mem-Info */
	bool killed;		   /* has a victim that was not handed out */
	bool foreign;		   /* a Mem-Info that is none of an OOM's */
	bool in_stats;		   /* "anon 42897408" lines may follow */
	bool handed;		   /* a live reader has its kill */
	int cause;		   /* enum oomlog_scope by the kill's words */
	struct oomlog_stamp last;
	int column_count;
	signed char columns[OOMLOG_COLUMNS]; /* enum in oomlog_table.c */
	int64_t rows_seen;
	int row_count, worst_count;
	struct oomlog_row rows[OOMLOG_ROWS];
	struct oomlog_named_row worst[OOMLOG_WORST];
	int64_t pids[OOMLOG_HELD]; /* killed in this event, the latest */
	int pid_count;
};

#endif
