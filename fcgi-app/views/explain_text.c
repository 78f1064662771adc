/* SPDX-License-Identifier: MIT */
/*
 * An explained log for a terminal: a headline an event, then its points, laid
 * out for 80 columns.
 */
#include <inttypes.h>
#include <string.h>

#include "views/explain.h"
#include "views/wrap.h"

#define LEAD	  "                " /* as wide as the longest heading */
#define LINES_MAX 48

static void print_point(const struct explain_point *point, FILE *out)
{
	struct wrap_line lines[LINES_MAX];
	char lead[sizeof(LEAD)];
	int count;

	memcpy(lead, LEAD, sizeof(lead));
	memcpy(lead, point->about, strnlen(point->about, sizeof(lead) - 2));
	count = wrap_text(point->says, lead, lines, LINES_MAX);
	for (int i = 0; i < count; i++)
		fprintf(out, "%s\n", lines[i].text);
}

void explain_event_print(
	const struct oomlog_event *event, int64_t number, FILE *out)
{
	struct explain_point points[EXPLAIN_POINTS];
	struct wrap_line line[2];
	int count = explain_points(event, points);
	char head[160];

	(void)snprintf(head, sizeof(head), "%" PRId64 ". %s%s%s%s%s", number,
		event->kind == OOMLOG_KILL ? "OOM kill"
		: event->no_killable	   ? "OOM without a process to kill"
					   : "OOM report without its kill",
		event->victim_comm[0] ? " of " : "", event->victim_comm,
		event->at[0] ? ", at " : "", event->at);
	if (wrap_text(head, "", line, 1) == 1)
		fprintf(out, "%s\n", line[0].text);
	for (int i = 0; i < count; i++)
		print_point(&points[i], out);
	putc('\n', out);
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

void explain_finding(int64_t kills, int64_t incomplete, int64_t no_killable,
	char *out, size_t size)
{
	if (kills + incomplete + no_killable == 0) {
		(void)snprintf(out, size, "No OOM kill in this log.");
		return;
	}
	(void)snprintf(out, size,
		"%" PRId64 " OOM kill%s, %" PRId64 " report%s without a kill, "
		"%" PRId64 " event%s without a process to kill.",
		kills, plural(kills), incomplete, plural(incomplete),
		no_killable, plural(no_killable));
}

void explain_end_print(const char *finding, const char *kernel, FILE *out)
{
	fprintf(out, "%s\n", finding);
	if (kernel[0])
		fprintf(out, "Kernel %s.\n", kernel);
}
