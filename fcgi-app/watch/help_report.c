/* SPDX-License-Identifier: MIT */
/*
 * Table by table into lists of words: there is nothing here to keep in step
 * with them.
 */
#include "watch/help_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/words.h"

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)
#define NAME_CSV       "format=csv" /* format, and CSV is one */

static const char *taken_by(const struct route *row)
{
	return row->params ? row->params : "";
}

static int32_t count_routes(const struct route *table)
{
	int32_t count = 0;

	while (table && table[count].path)
		count++;
	return count;
}

/* format is every route's, but for those that answer in text alone. */
static void fill_route(
	const struct route *row, const char *who, struct help_route *out)
{
	const char *csv = strstr(taken_by(row), NAME_CSV);
	size_t length = csv ? (size_t)(csv - taken_by(row)) + strlen("format")
			    : strlen(taken_by(row));

	COPY(out->methods, row->methods);
	COPY(out->path, row->path);
	COPY(out->answered_by, who);
	COPY(out->help, row->help);
	(void)snprintf(out->takes, sizeof(out->takes), "%.*s", (int)length,
		taken_by(row));
}

static int fill_routes(const struct config *config, struct help_report *report)
{
	int32_t loads = count_routes(config->load_routes);
	int32_t count = loads + count_routes(config->watch_routes);
	struct help_route *out = calloc((size_t)count + 1, sizeof(*out));

	if (!out)
		return -1;
	for (int32_t i = 0; i < count; i++)
		fill_route(i < loads ? &config->load_routes[i]
				     : &config->watch_routes[i - loads],
			i < loads ? "load" : "watch", &out[i]);
	report->routes = out;
	report->routes_count = count;
	return 0;
}

/* Appends the paths of a table that take it; a path with two rows once. */
static void add_takers(
	const struct route *table, const char *name, char *out, size_t size)
{
	for (const struct route *row = table; row && row->path; row++) {
		size_t used = strlen(out);

		if (words_have(taken_by(row), name) &&
			!words_have(out, row->path))
			(void)snprintf(out + used, size - used, "%s%s",
				used ? " " : "", row->path);
	}
}

static void fill_parameter(const struct config *config, const struct param *row,
	struct help_parameter *out)
{
	COPY(out->name, row->name);
	COPY(out->type, params_type_name(row->type));
	out->required = row->required;
	COPY(out->preset, row->preset);
	params_allowed(row, out->allowed, sizeof(out->allowed));
	COPY(out->help, row->help);
	if (strcmp(row->name, "format") == 0)
		return;
	add_takers(config->load_routes, row->name, out->of, sizeof(out->of));
	add_takers(config->watch_routes, row->name, out->of, sizeof(out->of));
}

static int fill_parameters(
	const struct config *config, struct help_report *report)
{
	struct help_parameter *out = calloc(PARAMS_MAX, sizeof(*out));
	int32_t count = 0;

	if (!out)
		return -1;
	for (const struct param *row = params_table; row->name; row++)
		fill_parameter(config, row, &out[count++]);
	report->parameters = out;
	report->parameters_count = count;
	return 0;
}

static int fill_settings(struct help_report *report)
{
	struct help_setting *out;
	struct config_row row;
	int32_t count = 0;

	while (config_row(count, &row))
		count++;
	out = calloc((size_t)count, sizeof(*out));
	if (!out)
		return -1;
	for (int32_t i = 0; config_row(i, &row); i++) {
		COPY(out[i].name, row.name);
		COPY(out[i].variable, row.variable);
		COPY(out[i].preset, row.preset);
		COPY(out[i].allowed, row.allowed);
		COPY(out[i].help, row.help);
	}
	report->settings = out;
	report->settings_count = count;
	return 0;
}

int help_fill(const struct config *config, struct help_report *report)
{
	memset(report, 0, sizeof(*report));
	if (fill_routes(config, report) == 0 &&
		fill_parameters(config, report) == 0 &&
		fill_settings(report) == 0)
		return 0;
	help_free(report);
	return -1;
}

void help_free(struct help_report *report)
{
	free((void *)(uintptr_t)report->routes);
	free((void *)(uintptr_t)report->parameters);
	free((void *)(uintptr_t)report->settings);
}
