/* SPDX-License-Identifier: MIT */
/*
 * The post-mortem as rows. JSON and HTML walk the report itself; text walks
 * the same report with its sentences broken into lines beside it, because a
 * template cannot break them and a terminal breaks them in mid-word.
 */
#include "views/postmortem.h"

#include <stdio.h>
#include <string.h>

#include "views/wrap.h"

#define UNREADABLE_SIZE sizeof(((struct verdict_result *)0)->unreadable[0])

/* clang-format off */
#define EVIDENCE(name, kind) \
	FIELD_ROW(struct verdict_evidence, name, #name, kind)

static const struct field evidence_fields[] = {
	EVIDENCE(source, FIELD_TEXT),
	EVIDENCE(says,   FIELD_TEXT),
	EVIDENCE(before, FIELD_INTEGER),
	EVIDENCE(after,  FIELD_INTEGER),
	FIELD_END
};

#define SAMPLE(member, name, kind) \
	FIELD_ROW(struct postmortem_sample, member, name, kind)

static const struct field sample_fields[] = {
	SAMPLE(at_ms, "at", FIELD_TIME),
	SAMPLE(rss_bytes, "rss_bytes", FIELD_BYTES),
	SAMPLE(usage_bytes, "usage_bytes", FIELD_BYTES),
	SAMPLE(limit_bytes, "limit_bytes", FIELD_BYTES),
	SAMPLE(available_bytes, "available_bytes", FIELD_BYTES),
	FIELD_END
};

#define ROW(member, name, kind, ...) \
	FIELD_ROW(struct postmortem_report, member, name, kind, ##__VA_ARGS__)

static const struct field postmortem_fields[] = {
	ROW(type, "type", FIELD_TEXT),
	ROW(title, "title", FIELD_TEXT),
	ROW(status, "status", FIELD_INTEGER),
	ROW(detail, "detail", FIELD_TEXT),
	ROW(instance, "instance", FIELD_TEXT),
	ROW(verdict, "verdict", FIELD_WORD,
		.words = verdict_words, .stride = VERDICT_COUNT),
	ROW(certainty, "certainty", FIELD_WORD,
		.words = certainty_words, .stride = CERTAINTY_COUNT),
	ROW(load, "", FIELD_OBJECT, .rows = load_report_fields),
	ROW(died_at_ms, "died_at", FIELD_TIME),
	ROW(signal, "signal", FIELD_INTEGER),
	ROW(signal_name, "signal_name", FIELD_TEXT),
	ROW(last_sample, "last_sample", FIELD_OBJECT, .rows = sample_fields),
	ROW(evidence, "evidence", FIELD_LIST, .rows = evidence_fields,
		.count_offset =
			offsetof(struct postmortem_report, evidence_count),
		.stride = sizeof(struct verdict_evidence)),
	ROW(unreadable, "unreadable", FIELD_LIST,
		.count_offset =
			offsetof(struct postmortem_report, unreadable_count),
		.stride = UNREADABLE_SIZE),
	ROW(next, "next", FIELD_TEXT),
	ROW(curve, "curve", FIELD_LIST, .rows = around_point_fields,
		.count_offset = offsetof(struct postmortem_report, curve_count),
		.stride = sizeof(struct around_point)),
	ROW(others, "others", FIELD_LIST, .rows = around_other_fields,
		.count_offset =
			offsetof(struct postmortem_report, others_count),
		.stride = sizeof(struct around_other)),
	ROW(others_in_all, "others_in_all", FIELD_INTEGER),
	FIELD_END
};
/* clang-format on */

#define POSTMORTEM_PAGE "postmortem.tpl" /* by the view below, with a curve */

/* As the answer to the request that it is about; and asked for later. */
const struct view postmortem_view = {
	.name = "PostMortem",
	.fields = postmortem_fields,
	.html = POSTMORTEM_PAGE,
	.json_type = "application/problem+json",
};

const struct view event_view = {
	.name = "Event",
	.fields = postmortem_fields,
	.html = POSTMORTEM_PAGE,
};

struct postmortem_html {
	struct postmortem_report report;
	char curve_points[AROUND_POINTS * 10]; /* of the polyline */
	int64_t limit_y;
	int64_t curve_most_bytes;
};

/* clang-format off */
#define HTML_ROW(member, kind) \
	FIELD_ROW(struct postmortem_html, member, #member, kind)

static const struct field html_fields[] = {
	FIELD_ROW(struct postmortem_html, report, "", FIELD_OBJECT,
		.rows = postmortem_fields),
	HTML_ROW(curve_points, FIELD_TEXT),
	HTML_ROW(limit_y, FIELD_INTEGER),
	HTML_ROW(curve_most_bytes, FIELD_BYTES),
	FIELD_END
};
/* clang-format on */

const struct view postmortem_html_view = {
	.fields = html_fields,
	.html = POSTMORTEM_PAGE,
};

#define LINES_MAX 160 /* 32 lines of evidence of up to 5 each */

struct paragraph {
	const struct wrap_line *lines;
	int32_t count;
};

struct postmortem_text {
	struct postmortem_report report;
	struct paragraph detail, evidence, unreadable, next;
	char curve_line[256];
	int64_t curve_most_bytes;
};

/* clang-format off */
#define PARAGRAPH(name, member) \
	FIELD_ROW(struct postmortem_text, member.lines, name, FIELD_LIST, \
		.count_offset = offsetof(struct postmortem_text, member.count), \
		.stride = sizeof(struct wrap_line))

static const struct field text_fields[] = {
	FIELD_ROW(struct postmortem_text, report, "", FIELD_OBJECT,
		.rows = postmortem_fields),
	PARAGRAPH("detail_line", detail),
	PARAGRAPH("evidence_line", evidence),
	PARAGRAPH("unreadable_line", unreadable),
	PARAGRAPH("next_line", next),
	FIELD_ROW(struct postmortem_text, curve_line, "curve_line", FIELD_TEXT),
	FIELD_ROW(struct postmortem_text, curve_most_bytes, "curve_most_bytes",
		FIELD_BYTES),
	FIELD_END
};
/* clang-format on */

const struct view postmortem_text_view = {
	.fields = text_fields,
	.text = "postmortem.txt.tpl",
};

void postmortem_clear(struct postmortem_report *report)
{
	memset(report, 0, sizeof(*report));
	load_report_clear(&report->load);
	report->status = report->signal = FIELD_ABSENT;
	report->verdict = report->certainty = -1;
	report->last_sample = (struct postmortem_sample){-1, -1, -1, -1, -1};
	report->curve_count = report->others_count = -1;
	report->others_in_all = FIELD_ABSENT;
}

void postmortem_set_around(
	struct postmortem_report *report, const struct around *around)
{
	report->around = around;
	report->curve = around->points;
	report->curve_count = around->point_count;
	report->others = around->others;
	report->others_count = around->other_count;
	report->others_in_all = around->others_in_all;
}

static void figure_text(int64_t value, char *out, size_t size)
{
	static const struct field row = {.name = "", .type = FIELD_INTEGER};

	field_text(&row, &value, out, size);
}

/* "- SOURCE: SAYS; before 1, after 2", wrapped. */
static int wrap_evidence(const struct verdict_evidence *evidence,
	struct wrap_line *lines, int max)
{
	char text[640], before[32], after[32];
	int used;

	used = snprintf(
		text, sizeof(text), "%s: %s", evidence->source, evidence->says);
	if (evidence->before != FIELD_ABSENT ||
		evidence->after != FIELD_ABSENT) {
		figure_text(evidence->before, before, sizeof(before));
		figure_text(evidence->after, after, sizeof(after));
		(void)snprintf(text + used, sizeof(text) - (size_t)used,
			"; before %s, after %s", before, after);
	}
	return wrap_text(text, "- ", lines, max);
}

static void fill_evidence(const struct postmortem_report *report,
	struct wrap_line *lines, struct paragraph *out)
{
	int used = 0;

	for (int32_t i = 0; i < report->evidence_count; i++)
		used += wrap_evidence(
			&report->evidence[i], lines + used, LINES_MAX - used);
	*out = (struct paragraph){lines, used};
}

static void fill_unreadable(const struct postmortem_report *report,
	struct wrap_line *lines, struct paragraph *out)
{
	const char *at = report->unreadable;
	int used = 0;

	for (int32_t i = 0; i < report->unreadable_count; i++) {
		used += wrap_text(at, "- ", lines + used, LINES_MAX - used);
		at += UNREADABLE_SIZE;
	}
	*out = (struct paragraph){lines, used};
}

static void fill_sentence(
	const char *text, struct wrap_line *lines, struct paragraph *out)
{
	*out = (struct paragraph){lines, wrap_text(text, "", lines, LINES_MAX)};
}

static int send_html(struct http_exchange *x, int status,
	const struct postmortem_report *report)
{
	struct postmortem_html html = {.report = *report,
		.limit_y = FIELD_ABSENT,
		.curve_most_bytes = -1};
	int64_t y;

	if (report->curve_count > 0) {
		y = around_svg(report->around, report->died_at_ms,
			html.curve_points, sizeof(html.curve_points));
		html.limit_y = y < 0 ? FIELD_ABSENT : y;
		html.curve_most_bytes = around_most(report->around);
	}
	return view_send(x, status, &postmortem_html_view, &html);
}

static int send_text(struct http_exchange *x, int status,
	const struct postmortem_report *report)
{
	struct wrap_line lines[4][LINES_MAX];
	struct postmortem_text text = {
		.report = *report, .curve_most_bytes = -1};

	if (report->curve_count > 0) {
		around_line(report->around, report->died_at_ms, text.curve_line,
			sizeof(text.curve_line));
		text.curve_most_bytes = around_most(report->around);
	}
	fill_sentence(report->detail, lines[0], &text.detail);
	fill_evidence(report, lines[1], &text.evidence);
	fill_unreadable(report, lines[2], &text.unreadable);
	fill_sentence(report->next, lines[3], &text.next);
	return view_send(x, status, &postmortem_text_view, &text);
}

int postmortem_send(struct http_exchange *x, int status,
	const struct postmortem_report *report)
{
	if (x->format == HTTP_TEXT)
		return send_text(x, status, report);
	if (x->format == HTTP_HTML)
		return send_html(x, status, report);
	return view_send(x, status,
		status == 200 ? &event_view : &postmortem_view, report);
}
