/* SPDX-License-Identifier: MIT */
/*
 * The table that the ancestor was watched with, to the letter of sysstat
 * 12.6.1, so that whoever knows that one knows this one, and what reads that
 * one reads this one. What it does where its manual is silent:
 *
 * - A head shows the time of the line before it, the interval's begin.
 * - kbmemused below 0 is shown as 0, but goes into the average as it is.
 * - An average is the mean of a column's rows. Its shares are those of whole
 *   kB: what is used is rounded up, what is committed down.
 * - A share of nothing is 0.00.
 *
 * One departure: sysstat prints 0 for a line that a kernel lacks; here it is
 * "-", and no part of an average.
 */
#include "views/sar.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "evidence/verdict.h"
#include "views/sar_figures.h"

#define BOOT_MS 2000 /* no machine is faster */

static const char *const names[SAR_COLUMNS] = {"kbmemfree", "kbavail",
	"kbmemused", "%memused", "kbbuffers", "kbcached", "kbcommit", "%commit",
	"kbactive", "kbinact", "kbdirty"};

static bool known(int64_t figure)
{
	return figure != FIELD_ABSENT;
}

/* Lines that are put together in out[SAR_BYTES]. */
struct lines {
	char *out;
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void say(
	struct lines *lines, const char *format, ...)
{
	size_t left = SAR_BYTES - lines->length;
	va_list arguments;
	int more;

	va_start(arguments, format);
	more = vsnprintf(lines->out + lines->length, left, format, arguments);
	va_end(arguments);
	if (more > 0)
		lines->length += (size_t)more < left ? (size_t)more : left - 1;
}

static struct tm local_time(int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000);
	struct tm local = {0};

	(void)localtime_r(&seconds, &local);
	return local;
}

static void say_time(struct lines *lines, int64_t at_ms)
{
	struct tm local = local_time(at_ms);

	say(lines, "%02d:%02d:%02d", local.tm_hour, local.tm_min, local.tm_sec);
}

static void say_begin(struct lines *lines, int64_t at_ms)
{
	say_time(lines, at_ms);
	say(lines, "   ");
}

/* As sysstat widens them: a figure too long moves those behind it. */
static void say_kilobytes(struct lines *lines, int64_t sum, int64_t count)
{
	if (count == 0)
		say(lines, " %9s", "-");
	else
		say(lines, " %9.0f", (double)sum / (double)count);
}

static void say_share(struct lines *lines, int64_t kb, int64_t of_kb)
{
	if (!known(kb) || !known(of_kb))
		say(lines, " %9s", "-");
	else
		say(lines, " %9.2f",
			of_kb ? (double)kb / (double)of_kb * 100 : 0.0);
}

static void say_head(struct lines *lines, const struct sar_table *table)
{
	say(lines, "\n");
	say_begin(lines, table->last_ms);
	for (int i = 0; i < SAR_COLUMNS; i++)
		say(lines, " %9s", names[i]);
	say(lines, "\n");
}

static void say_figures(struct lines *lines, const struct sar_figures *figures)
{
	for (int i = 0; i < SAR_COLUMNS; i++) {
		int64_t kb = figures->kb[i];

		if (i == SAR_USED_SHARE)
			say_share(lines, figures->kb[SAR_USED],
				figures->total_kb);
		else if (i == SAR_COMMIT_SHARE)
			say_share(lines, figures->kb[SAR_COMMIT],
				figures->all_kb);
		else
			say_kilobytes(lines, kb, known(kb));
	}
}

/* "  <- OOM kill: cgroup-oom at 22:30:01.482 /events/ID (+2 more)" */
static void say_kills(struct lines *lines, const struct sar_kills *kills)
{
	const struct sample_kill *first = &kills->first;
	int32_t verdict = first->verdict;

	if (kills->count == 0)
		return;
	if (verdict < 0 || verdict >= VERDICT_COUNT)
		verdict = VERDICT_UNKNOWN;
	say(lines, "  <- %s: %s at ",
		verdict <= VERDICT_GROUP_OOM ? "OOM kill" : "killed",
		verdict_words[verdict]);
	say_time(lines, first->at_ms);
	say(lines, ".%03d %s", (int)(first->at_ms % 1000), first->url);
	if (kills->count > 1)
		say(lines, " (+%d more)", kills->count - 1);
}

void sar_open(struct sar_table *table, enum sar_of of,
	const struct sar_machine *machine, int64_t begin_ms)
{
	*table = (struct sar_table){.of = of,
		.cpus = machine->cpus,
		.last_ms = begin_ms,
		.since_boot_us = FIELD_ABSENT,
		.since_boot_kills = FIELD_ABSENT,
		.total_kb = FIELD_ABSENT,
		.all_kb = FIELD_ABSENT};
}

size_t sar_banner(const struct sar_machine *machine, int64_t at_ms, char *out)
{
	struct lines lines = {out, 0};
	struct tm local = local_time(at_ms);

	say(&lines, "Linux %s (%s) \t%02d/%02d/%02d \t_%s_\t(%d CPU)\n",
		machine->release, machine->host, local.tm_mon + 1,
		local.tm_mday, local.tm_year % 100, machine->machine,
		machine->cpus);
	return lines.length;
}

/* What only grows from a boot on has become less: not from one line to the next,
 * for of two readings at nearly the same time the one may be told as the later
 * and still be the older. */
static bool booted(const struct sar_table *table, const struct sample *sample)
{
	const struct sample_host *host = &sample->host;

	if (sample->at_ms - table->last_ms < BOOT_MS)
		return false;
	return (host->psi.some_us >= 0 &&
		       host->psi.some_us < table->since_boot_us) ||
	       (host->oom_kills >= 0 &&
		       host->oom_kills < table->since_boot_kills);
}

static void remember(int64_t *last, int64_t now)
{
	if (now >= 0)
		*last = now;
}

static void begin_anew(
	struct lines *lines, struct sar_table *table, int64_t at_ms)
{
	lines->length += sar_average(table, lines->out + lines->length);
	say(lines, "\n");
	say_begin(lines, at_ms);
	say(lines, "  LINUX RESTART\t(%d CPU)\n", table->cpus);
	table->rows = 0;
	table->last_ms = at_ms;
}

static void count_in(struct sar_table *table, const struct sar_figures *figures)
{
	for (int i = 0; i < SAR_COLUMNS; i++) {
		if (known(figures->kb[i])) {
			table->sum[i] += figures->kb[i];
			table->known[i]++;
		}
	}
	table->total_kb = figures->total_kb;
	table->all_kb = figures->all_kb;
	table->averaged++;
}

size_t sar_row(struct sar_table *table, const struct sample *sample,
	const struct sar_kills *kills, char *out)
{
	struct lines lines = {out, 0};
	struct sar_figures figures;

	if (booted(table, sample))
		begin_anew(&lines, table, sample->at_ms);
	if (table->rows % SAR_HEADS == 0)
		say_head(&lines, table);
	sar_figures(table->of, sample, &figures);
	count_in(table, &figures);
	if (figures.kb[SAR_USED] < 0 && known(figures.kb[SAR_USED]))
		figures.kb[SAR_USED] = 0;
	say_begin(&lines, sample->at_ms);
	say_figures(&lines, &figures);
	say_kills(&lines, kills);
	say(&lines, "\n");
	table->rows++;
	table->last_ms = sample->at_ms;
	remember(&table->since_boot_us, sample->host.psi.some_us);
	remember(&table->since_boot_kills, sample->host.oom_kills);
	return lines.length;
}

/* A mean in whole kB; FIELD_ABSENT of nothing. */
static int64_t mean(const struct sar_table *table, int column, bool up)
{
	int64_t sum = table->sum[column], count = table->known[column];

	if (count == 0)
		return FIELD_ABSENT;
	return (up && sum > 0 ? sum + count - 1 : sum) / count;
}

size_t sar_average(struct sar_table *table, char *out)
{
	struct lines lines = {out, 0};

	if (table->averaged == 0)
		return 0;
	say(&lines, "%-11s", "Average:");
	for (int i = 0; i < SAR_COLUMNS; i++) {
		if (i == SAR_USED_SHARE)
			say_share(&lines, mean(table, SAR_USED, true),
				table->total_kb);
		else if (i == SAR_COMMIT_SHARE)
			say_share(&lines, mean(table, SAR_COMMIT, false),
				table->all_kb);
		else
			say_kilobytes(&lines, table->sum[i], table->known[i]);
	}
	say(&lines, "\n");
	memset(table->sum, 0, sizeof(table->sum));
	memset(table->known, 0, sizeof(table->known));
	table->averaged = 0;
	return lines.length;
}

void sar_add_kill(struct sar_kills *kills, const struct sample_kill *kill)
{
	if (kills->count++ == 0)
		kills->first = *kill;
}
