/* SPDX-License-Identifier: MIT */
/*
 * The task table. Its columns have changed ten times, so they are read off its
 * own header, and where that was cut off, off their number:
 *
 *   [ pid ]   uid  tgid total_vm      rss cpu oom_adj name       (2.6.25)
 *   [ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name
 *   [  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem
 *   pgtables_bytes swapents oom_score_adj name                   (6.8; one line)
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog_report.h"
#include "evidence/oomlog_shapes.h"

#define PAGE_BYTES 4096 /* page tables come in no less */

enum column {
	COLUMN_OTHER,
	COLUMN_UID,
	COLUMN_TGID,
	COLUMN_TOTAL_VM,
	COLUMN_RSS,
	COLUMN_PTES, /* pages, of any level: they add up */
	COLUMN_PGTABLES,
	COLUMN_SWAP,
	COLUMN_ADJ,
};

static const struct {
	const char *name;
	enum column column;
} column_names[] = {
	{"uid", COLUMN_UID},
	{"tgid", COLUMN_TGID},
	{"total_vm", COLUMN_TOTAL_VM},
	{"rss", COLUMN_RSS},
	{"nr_ptes", COLUMN_PTES},
	{"nr_pmds", COLUMN_PTES},
	{"nr_puds", COLUMN_PTES},
	{"pgtables_bytes", COLUMN_PGTABLES},
	{"swapents", COLUMN_SWAP},
	{"oom_score_adj", COLUMN_ADJ},
};

#define FIRST COLUMN_UID, COLUMN_TGID, COLUMN_TOTAL_VM, COLUMN_RSS

/* Tables without their header, by how many numbers a row has; the widest that
 * fits, for a name may be a number. With seven the fifth may be pages, bytes or
 * a cpu, and only what is shaped like bytes is taken. */
static const struct {
	int count;
	signed char columns[OOMLOG_COLUMNS];
} headless[] = {
	{10, {FIRST, COLUMN_OTHER, COLUMN_OTHER, COLUMN_OTHER, COLUMN_PGTABLES,
		     COLUMN_SWAP, COLUMN_ADJ}},
	{8, {FIRST, COLUMN_PTES, COLUMN_PTES, COLUMN_SWAP, COLUMN_ADJ}},
	{7, {FIRST, COLUMN_PGTABLES, COLUMN_SWAP, COLUMN_ADJ}},
	{6, {FIRST, COLUMN_OTHER, COLUMN_OTHER}},
};

static const char *skip_blanks(const char *at)
{
	while (*at == ' ')
		at++;
	return at;
}

/* A whole number of up to 18 digits: what follows it, or NULL. */
static const char *number_read(const char *at, int64_t *value)
{
	bool negative = *at == '-';
	const char *from = at + negative;
	int64_t sum = 0;

	for (at = from; *at >= '0' && *at <= '9'; at++)
		if (at - from < 18)
			sum = sum * 10 + (*at - '0');
	*value = negative ? -sum : sum;
	return at == from || at - from > 18 ? NULL : at;
}

/* Reads up to most numbers that a blank ends; *end is what follows them. */
static int numbers_read(
	const char *at, int64_t *values, int most, const char **end)
{
	int count = 0;

	for (;; count++) {
		const char *stop;

		*end = at = skip_blanks(at);
		if (count == most || !*at)
			return count;
		stop = number_read(at, &values[count]);
		if (!stop || *stop != ' ')
			return count;
		at = stop;
	}
}

/* "[ pid ]", "[  pid  ]" */
bool oomlog_is_columns(const struct oomlog *log, const char *text)
{
	(void)log;
	text = skip_blanks(text + 1);
	return strncmp(text, "pid", 3) == 0 &&
	       text[3 + strspn(text + 3, " ")] == ']';
}

/* "[  648] ": where the columns begin and *pid, or NULL. */
static const char *row_pid(const char *text, int64_t *pid)
{
	const char *end = number_read(skip_blanks(text + 1), pid);

	return end && *end == ']' && *pid >= 0 ? end + 1 : NULL;
}

static int headless_find(int numbers)
{
	int count = (int)(sizeof(headless) / sizeof(headless[0]));

	for (int i = 0; i < count; i++)
		if (headless[i].count <= numbers)
			return i;
	return -1;
}

/* How many columns a row of this table has before its name: by its header, by
 * the rows before, or by this row; 0 if it can be none. */
static int columns_of(const struct oomlog_report *report, const char *at)
{
	int64_t values[OOMLOG_COLUMNS];
	const char *end;
	int found;

	if (report->stage == STAGE_TABLE && report->column_count > 0)
		return report->column_count;
	found = headless_find(numbers_read(at, values, OOMLOG_COLUMNS, &end));
	return found < 0 ? 0 : headless[found].count;
}

/* A header was read, or is the line before. */
static bool has_header(const struct oomlog *log)
{
	const struct oomlog_shape *pending = log->lines.pending;

	return (pending && pending->take == oomlog_take_columns) ||
	       (log->report.stage == STAGE_TABLE &&
		       log->report.column_count > 0);
}

/* With a header any row counts, a wrapped one too. Without one only what is
 * whole, and the process that it says it is. */
bool oomlog_is_row(const struct oomlog *log, const char *text)
{
	int64_t values[OOMLOG_COLUMNS], pid;
	const char *at = row_pid(text, &pid), *end;
	int numbers;

	if (!at)
		return false;
	if (has_header(log))
		return numbers_read(at, values, 1, &end) == 1;
	numbers = numbers_read(at, values, OOMLOG_COLUMNS, &end);
	return headless_find(numbers) >= 0 && values[1] == pid && *end;
}

bool oomlog_row_whole(const struct oomlog *log, const char *text)
{
	int64_t values[OOMLOG_COLUMNS], pid;
	const char *at = row_pid(text, &pid), *end;
	int wanted = log->report.column_count;

	if (log->report.stage != STAGE_TABLE || wanted == 0)
		return true;
	return numbers_read(at, values, wanted, &end) == wanted && *end;
}

void oomlog_take_tasks(struct oomlog *log, const struct oomlog_message *message)
{
	(void)oomlog_report_at(log, STAGE_TABLE, true, message->stamp);
	if (log->report.rows_seen > 0) {
		oomlog_report_end(log);
		(void)oomlog_report_at(log, STAGE_TABLE, true, message->stamp);
	}
}

static int column_named(const char *name, size_t length)
{
	size_t count = sizeof(column_names) / sizeof(column_names[0]);

	for (size_t i = 0; i < count; i++)
		if (strlen(column_names[i].name) == length &&
			memcmp(column_names[i].name, name, length) == 0)
			return (int)column_names[i].column;
	return COLUMN_OTHER;
}

void oomlog_take_columns(
	struct oomlog *log, const struct oomlog_message *message)
{
	struct oomlog_report *report = &log->report;
	const char *at = strchr(message->text, ']') + 1;

	oomlog_take_tasks(log, message);
	report->column_count = 0;
	while (report->column_count < OOMLOG_COLUMNS) {
		size_t length;

		at += strspn(at, " ");
		length = strcspn(at, " ");
		if (length == 0 || (length == 4 && memcmp(at, "name", 4) == 0))
			return;
		report->columns[report->column_count++] =
			(signed char)column_named(at, length);
		at += length;
	}
}

static int32_t small(int64_t value)
{
	return value < INT32_MIN || value > INT32_MAX ? -1 : (int32_t)value;
}

/* A cpu or a count of pages is no multiple of a page in bytes. */
static bool in_bytes(int64_t value, bool headed)
{
	return headed || (value >= PAGE_BYTES && value % PAGE_BYTES == 0);
}

static void cell_read(
	struct oomlog_row *row, int column, int64_t value, bool headed)
{
	/* A figure that no machine has is a damaged one. */
	if (value < -1000 || value > INT64_MAX / 65536)
		return;
	if (column == COLUMN_UID) {
		row->uid = small(value);
	} else if (column == COLUMN_TOTAL_VM) {
		row->total_vm = value;
	} else if (column == COLUMN_RSS) {
		row->rss = value;
	} else if (column == COLUMN_PTES) {
		row->pgtables += value;
		row->has_pgtables = true;
	} else if (column == COLUMN_PGTABLES && in_bytes(value, headed)) {
		row->pgtables = value;
		row->has_pgtables = row->pgtables_in_bytes = true;
	} else if (column == COLUMN_SWAP) {
		row->swap = value;
		row->has_swap = true;
	} else if (column == COLUMN_ADJ && value <= 1000) {
		row->oom_score_adj = (int32_t)value;
		row->has_adj = true;
	}
}

void oomlog_take_row(struct oomlog *log, const struct oomlog_message *message)
{
	struct oomlog_report *report = &log->report;
	int64_t values[OOMLOG_COLUMNS], pid;
	const char *at = row_pid(message->text, &pid), *end;
	struct oomlog_named_row row = {.row = {.pid = small(pid), .uid = -1}};
	int count = columns_of(report, at);
	const signed char *columns = report->columns;
	bool headed = count > 0 && report->stage == STAGE_TABLE &&
		      report->column_count == count;

	if (count == 0 || numbers_read(at, values, count, &end) < count)
		return; /* cut off */
	if (!headed)
		columns = headless[headless_find(count)].columns;
	(void)oomlog_report_at(log, STAGE_TABLE, true, message->stamp);
	for (int i = 0; i < count; i++)
		cell_read(&row.row, columns[i], values[i], headed);
	oomlog_copy(row.comm, sizeof(row.comm), end, end + strlen(end));
	oomlog_report_row(report, &row);
}
