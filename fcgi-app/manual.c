/* SPDX-License-Identifier: MIT */
/*
 * oomlab(1) is GET /help with the commands beside it, for there is no route
 * that would tell of them; so it is made by the program that it is about.
 */
#include "manual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "watch/help_report.h"

int manual_print(const struct config *config,
	const struct help_command *commands, int32_t count, FILE *out)
{
	struct help_report report;
	size_t length;
	char *body;
	int result = -1;

	if (views_load(config->templates) < 0)
		return -1;
	if (help_fill(config, &report) == 0) {
		report.commands = commands;
		report.commands_count = count;
		(void)snprintf(report.version, sizeof(report.version), "%s",
			OOMLAB_VERSION);
		result = view_render(
			HTTP_TEXT, &manual_view, &report, &body, &length);
		help_free(&report);
	}
	if (result == 0) {
		result = fwrite(body, 1, length, out) == length ? 0 : -1;
		free(body);
	}
	if (result < 0)
		fprintf(stderr, "oomlab man: %s\n", strerror(errno));
	return result;
}
