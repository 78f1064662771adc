/* SPDX-License-Identifier: MIT */
/*
 * GET /help: both tables of routes and the table of parameters; the settings,
 * too, where there is room. For a terminal they are laid out here.
 */
#include "watch/handlers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/route.h"
#include "watch/help_report.h"
#include "watch/state.h"

static const char help_type[] = "text/plain; charset=utf-8";

static void print_routes(FILE *out, const struct route *table)
{
	for (const struct route *row = table; row && row->path; row++)
		fprintf(out, "  %-9s %-12s %s\n", row->methods, row->path,
			row->help);
}

static void print_takers(
	FILE *out, const char *parameter, const struct route *table)
{
	size_t length = strlen(parameter);

	for (const struct route *row = table; row && row->path; row++) {
		const char *at = row->params ? row->params : "";

		while (*at) {
			size_t next = strcspn(at, " ");

			if (next == length &&
				memcmp(at, parameter, length) == 0)
				fprintf(out, " %s", row->path);
			at += next + strspn(at + next, " ");
		}
	}
}

static void print_parameters(FILE *out, const struct config *config)
{
	for (const struct param *row = params_table; row->name; row++) {
		char allowed[160];

		params_allowed(row, allowed, sizeof(allowed));
		fprintf(out, "  %-9s %s\n%12s%s", row->name, row->help, "",
			allowed);
		if (row->preset && *row->preset)
			fprintf(out, "; default %s", row->preset);
		fputs("; of", out);
		if (strcmp(row->name, "format") == 0) {
			fputs(" every route\n", out);
			continue;
		}
		print_takers(out, row->name, config->load_routes);
		print_takers(out, row->name, config->watch_routes);
		fputc('\n', out);
	}
}

static void print(FILE *out, const struct config *config)
{
	fputs("oomlab: a laboratory for running out of memory\n\n"
	      "A load takes memory, and may be killed for it:\n",
		out);
	print_routes(out, config->load_routes);
	fputs("\nThe watch tells of it, and takes none:\n", out);
	print_routes(out, config->watch_routes);
	fputs("\nParameters:\n", out);
	print_parameters(out, config);
	fputs("\nAnswers come as HTML, JSON (Accept: application/json or "
	      "?format=json)\nor text (?format=text). Every answer has "
	      "X-Request-Id, a load's id.\n",
		out);
}

static int send_text(struct http_exchange *x)
{
	size_t length = 0;
	char *body = NULL;
	FILE *out = open_memstream(&body, &length);
	bool failed;

	if (!out)
		return http_problem(&x->problem, 500, "%s", strerror(errno));
	print(out, watch_of(x)->config);
	failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		free(body);
		return http_problem(&x->problem, 500, "No memory for the page");
	}
	(void)http_respond(x, 200, help_type, NULL, body, length);
	free(body);
	return 0;
}

int help_show(struct http_exchange *x)
{
	struct help_report report;
	int result;

	if (x->format == HTTP_TEXT)
		return send_text(x);
	if (help_fill(watch_of(x)->config, &report) < 0)
		return http_problem(&x->problem, 500, "No memory for the page");
	result = view_send(x, 200, &help_view, &report);
	help_free(&report);
	return result;
}
