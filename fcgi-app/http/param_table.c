/* SPDX-License-Identifier: MIT */
/*
 * The table of parameters. What a row's bounds cannot tell (that a hold is no
 * longer than OOMLAB_MAX_HOLD, that a percentage has a limit to be of) is for
 * whoever uses the value: these bounds are those of any machine.
 */
#include "http/param_table.h"

#include <string.h>

#define DAY_MS	      (INT64_C(24) * 60 * 60 * 1000)
#define FOLLOW_MAX_MS (10 * 60 * 1000)
#define TOUCH_MIN_MS  10 /* oftener is a busy loop, and no hotter */

/* In the order of enum http_format. */
static const char *const format_words[] = {"html", "json", "text", NULL};
static const char *const csv_words[] = {"html", "json", "text", "csv", NULL};

/* load/ballast/ has a row for each, found by the word. */
static const char *const kind_words[] = {"anon", "huge", "rows", "shm", "file",
	"locked", "pipe", "pagetable", NULL};

static const char *const fill_words[] = {
	[FILL_ZERO] = "zero",
	[FILL_RANDOM] = "random",
	NULL,
};

static const char *const dies_words[] = {
	[DIES_WORKER] = "worker",
	[DIES_CONTAINER] = "container",
	NULL,
};

/* In the order of enum sar_of of views/sar.h. */
static const char *const of_words[] = {"host", "cgroup", NULL};

/* evidence/verdict.h has them, and views/load_report.h the outcomes, of which
 * these are those that are kept as events. */
static const char *const verdict_names[] = {"cgroup-oom", "host-oom", "oom",
	"group-oom", "signal", "crash", "load-gone", "unknown", NULL};

static const char *const outcome_names[] = {
	"killed", "short", "stalled", "disconnected", "refused", NULL};

static const char *const listed_words[] = {
	[LISTED_BUSY] = "busy",
	[LISTED_ENDED] = "ended",
	NULL,
};

const struct param params_table[] = {
	/* clang-format off */
	/* name, type, required, min, max, preset, words, help */
	{"size", PARAM_SHARE, true, 1, INT64_MAX, "", NULL,
		"memory to make resident; a percentage is of the binding limit"},
	{"kind", PARAM_WORD, false, 0, 0, "anon", kind_words,
		"the kind of memory"},
	{"for", PARAM_DURATION, false, 0, DAY_MS, "", NULL,
		"how long to hold it once it is there"},
	{"rate", PARAM_RATE, false, 1, INT64_MAX, "", NULL,
		"growth per second; without it as fast as can be"},
	{"first", PARAM_QUANTITY, false, 0, INT64_MAX, "0", NULL,
		"grown at once, before the rate begins"},
	{"leave", PARAM_SHARE, false, 1, INT64_MAX, "", NULL,
		"stop growing when the headroom is down to this"},
	{"fill", PARAM_WORD, false, 0, 0, "zero", fill_words,
		"what it is filled with: random cannot be compressed"},
	{"touch", PARAM_DURATION, false, TOUCH_MIN_MS, DAY_MS, "", NULL,
		"dirty it again this often while it is held"},
	{"score", PARAM_INTEGER, false, -1000, 1000, "1000", NULL,
		"the worker's oom_score_adj"},
	{"within", PARAM_DURATION, false, 1, DAY_MS, "", NULL,
		"reach size by then, or end as stalled; 60s and size/rate "
		"without it"},
	{"dies", PARAM_WORD, false, 0, 0, "worker", dies_words,
		"what an OOM kill of this load ends"},
	{"rows", PARAM_INTEGER, false, 0, 100000000, "1000000", NULL,
		"rows of the list of lists that GET / builds"},
	{"columns", PARAM_INTEGER, false, 1, 100000, "100", NULL,
		"integers in each of its rows"},
	{"megabytes", PARAM_INTEGER, true, 0, INT32_MAX, "", NULL,
		"memory to take, in units of 2^20 bytes"},
	{"durationSec", PARAM_INTEGER, true, 0, INT32_MAX, "", NULL,
		"how long to hold it, in seconds"},
	{"since", PARAM_TIME, false, 0, 3660 * DAY_MS, "", NULL,
		"none that is older; a time, or how long ago"},
	{"verdict", PARAM_WORD, false, 0, 0, "", verdict_names,
		"only deaths of this verdict"},
	{"outcome", PARAM_WORD, false, 0, 0, "", outcome_names,
		"only loads of this outcome"},
	{"limit", PARAM_INTEGER, false, 1, 1000, "1000", NULL,
		"how many at most; next is the URL of the rest"},
	{"before", PARAM_PLACE, false, 0, INT64_MAX, "", NULL,
		"only what stands behind this one"},
	{"from", PARAM_TIME, false, 0, 3660 * DAY_MS, "", NULL,
		"none that is older; a time, or how long ago"},
	{"to", PARAM_TIME, false, 0, 3660 * DAY_MS, "", NULL,
		"none that is newer; now without it"},
	{"step", PARAM_DURATION, false, 1, 366 * DAY_MS, "", NULL,
		"one of each so long"},
	{"of", PARAM_WORD, false, 0, 0, "host", of_words,
		"whose memory"},
	{"count", PARAM_INTEGER, false, 1, 5000, "20", NULL,
		"how many lines: the last, or with from the first"},
	{"follow", PARAM_DURATION, false, 1000, FOLLOW_MAX_MS, "", NULL,
		"goes on for so long, a line a second or a step"},
	{"state", PARAM_WORD, false, 0, 0, "", listed_words,
		"only loads under way, or only those that ended"},
	{"format", PARAM_WORD, false, 0, 0, "", format_words,
		"form of the answer; beats the Accept header"},
	{NULL, PARAM_INTEGER, false, 0, 0, NULL, NULL, NULL},
	/* clang-format on */
};

const struct param params_format_csv = {"format", PARAM_WORD, false, 0, 0, "",
	csv_words, "form of the answer; beats the Accept header"};

_Static_assert(sizeof(params_table) / sizeof(params_table[0]) - 1 <= PARAMS_MAX,
	"struct params has no room for the table");

const struct param *params_find(const char *name)
{
	for (const struct param *row = params_table; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}
