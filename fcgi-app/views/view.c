/* SPDX-License-Identifier: MIT */
/*
 * From a filled struct to an answer. Whatever the format, the struct is walked
 * by its rows, so all formats say the same; only a template chooses what to
 * leave out. A problem is a struct like another.
 */
#include "views/view.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "views/csv.h"
#include "views/dictionary.h"
#include "views/json.h"
#include "views/text.h"

static const char html_type[] = "text/html; charset=utf-8";
static const char csv_type[] = "text/csv; charset=utf-8; header=present";
static const char text_type[] = "text/plain; charset=utf-8";

/* Of bad input: shown together or not at all, for what came may be "". */
struct problem_input {
	char parameter[64], got[160], allowed[256];
};

struct problem_report {
	char type[16];
	char title[64];
	int64_t status;
	char detail[512];
	char instance[40];
	struct problem_input input;
	char outcome[16];
	char id[33];
};

/* clang-format off */
#define INPUT(name) FIELD_ROW(struct problem_input, name, #name, FIELD_TEXT)
#define PROBLEM(name, kind, ...) \
	FIELD_ROW(struct problem_report, name, #name, kind, ##__VA_ARGS__)

static const struct field input_fields[] = {
	INPUT(parameter),
	INPUT(got),
	INPUT(allowed),
	FIELD_END
};

/* RFC 9457's members, then ours. */
static const struct field problem_fields[] = {
	PROBLEM(type,     FIELD_TEXT),
	PROBLEM(title,    FIELD_TEXT),
	PROBLEM(status,   FIELD_INTEGER),
	PROBLEM(detail,   FIELD_TEXT),
	PROBLEM(instance, FIELD_TEXT),
	FIELD_ROW(struct problem_report, input, "", FIELD_OBJECT,
		.rows = input_fields, .optional = true),
	PROBLEM(outcome,  FIELD_TEXT, .optional = true),
	PROBLEM(id,       FIELD_TEXT, .optional = true),
	FIELD_END
};
/* clang-format on */

const struct view problem_view = {
	.name = "Problem",
	.fields = problem_fields,
	.html = "problem.tpl",
	.text = "problem.txt.tpl",
	.json_type = "application/problem+json",
};

static bool is_template(const char *name)
{
	static const char suffix[] = ".tpl";
	size_t length = strlen(name), tail = sizeof(suffix) - 1;

	return length > tail && strcmp(name + length - tail, suffix) == 0;
}

/* Calls check for each template of the directory, and goes on after a failure:
 * all are told of at once. How many there are, or -1. */
static int each_template(DIR *entries, const char *directory,
	int (*check)(const char *directory, const char *name))
{
	const struct dirent *entry;
	int count = 0, failed = 0;

	rewinddir(entries);
	while ((entry = readdir(entries))) {
		if (!is_template(entry->d_name))
			continue;
		count++;
		if (check(directory, entry->d_name) < 0)
			failed = -1;
	}
	return failed ? -1 : count;
}

static int check_whole(const char *directory, const char *name)
{
	(void)directory;
	return template_whole(name);
}

int views_load(const char *directory)
{
	DIR *entries = opendir(directory);
	int count;

	if (!entries) {
		fprintf(stderr, "oomlab: templates in %s: %s\n", directory,
			strerror(errno));
		return -1;
	}
	count = each_template(entries, directory, template_load);
	if (count > 0)
		count = each_template(entries, directory, check_whole);
	closedir(entries);
	if (count == 0)
		fprintf(stderr, "oomlab: no templates in %s\n", directory);
	return count > 0 ? 0 : -1;
}

static int render_template(const char *name, const struct view *view,
	const void *data, char **body, size_t *length)
{
	struct template_dictionary *dictionary = template_dictionary_new();
	int result;

	dictionary_fill(dictionary, view->fields, data);
	result = template_expand(name, dictionary, body, length);
	template_dictionary_free(dictionary);
	return result;
}

/* HTML is only where there is a template for it. */
static bool is_html(enum http_format format, const struct view *view)
{
	return format == HTTP_HTML && view->html;
}

static bool is_csv(enum http_format format, const struct view *view)
{
	return format == HTTP_CSV && view->csv;
}

int view_render(enum http_format format, const struct view *view,
	const void *data, char **body, size_t *length)
{
	if (format == HTTP_JSON)
		return json_render(view->fields, data, body, length);
	if (is_csv(format, view))
		return csv_render(view->fields, view->csv, data, body, length);
	if (is_html(format, view))
		return render_template(view->html, view, data, body, length);
	if (view->text)
		return render_template(view->text, view, data, body, length);
	return text_render(view->fields, data, body, length);
}

static const char *content_type(
	enum http_format format, const struct view *view)
{
	if (format == HTTP_JSON)
		return view->json_type ? view->json_type : "application/json";
	if (is_csv(format, view))
		return csv_type;
	return is_html(format, view) ? html_type : text_type;
}

int view_send(struct http_exchange *x, int status, const struct view *view,
	const void *data)
{
	size_t length;
	char *body;

	if (view_render(x->format, view, data, &body, &length) < 0)
		return http_problem(&x->problem, 500,
			"The answer could not be made: %s", strerror(errno));
	(void)http_respond(
		x, status, content_type(x->format, view), NULL, body, length);
	free(body);
	return 0;
}

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)

static void problem_fill(
	struct problem_report *report, const struct http_exchange *x)
{
	const struct http_problem *problem = &x->problem;

	memset(report, 0, sizeof(*report));
	report->status = problem->status ? problem->status : 500;
	COPY(report->type, "about:blank");
	COPY(report->title, problem->title[0]
				    ? problem->title
				    : http_reason((int)report->status));
	COPY(report->detail, problem->detail);
	COPY(report->input.parameter, problem->parameter);
	COPY(report->input.got, problem->got);
	COPY(report->input.allowed, problem->allowed);
	COPY(report->outcome, problem->outcome);
	COPY(report->id, x->id);
}

void view_problem(struct http_exchange *x)
{
	struct problem_report report;
	char line[sizeof(report.title) + sizeof(report.detail) + 32];
	const char *type = content_type(x->format, &problem_view);
	char *body = NULL;
	size_t length;

	problem_fill(&report, x);
	if (view_render(x->format, &problem_view, &report, &body, &length) <
		0) {
		type = text_type;
		length = (size_t)snprintf(line, sizeof(line), "%d %s: %s\n",
			(int)report.status, report.title, report.detail);
	}
	(void)http_respond(
		x, (int)report.status, type, NULL, body ? body : line, length);
	free(body);
}
