/* SPDX-License-Identifier: MIT */
/*
 * The settings as rows: flag, variable, default, help text and parser are
 * derived from one line each, so that --help, compose and the documents cannot
 * disagree with what is read. A row's value comes from its flag, else from the
 * environment, else from its default.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "scoreboard/scoreboard.h"
#include "setting_types.h"

/* clang-format off */
#define ROW(name, type, field, min, max, preset, help) \
	{name, &type, offsetof(struct config, field), \
		sizeof(((struct config *)0)->field), min, max, preset, help}
/* clang-format on */

/* deploy/run and compose choose the directories by what the machine has. */
static const struct setting settings[] = {
	ROW("port", integer_setting, port, 1, 65535, "5000",
		"the one port, nginx's"),
	ROW("limit", bytes_setting, limit_bytes, 16 << 20, INT64_MAX, "2G",
		"memory limit to run load under, or none"),
	ROW("run", text_setting, run, 0, 0, "/run/oomlab",
		"sockets and scoreboard, on tmpfs"),
	ROW("state", text_setting, state, 0, 0, "/var/lib/oomlab",
		"the database"),
	ROW("scratch", text_setting, scratch, 0, 0, "/var/tmp/oomlab",
		"files of kind=file, on a disk"),
	ROW("templates", text_setting, templates, 0, 0,
		"/usr/share/oomlab/templates", "the pages"),
	ROW("guard", guard_setting, guard_host, 0, 0, "host",
		"host: refuse what would exhaust the machine; or off"),
	ROW("spare", integer_setting, spare, 1, 16, "2", "idle workers kept"),
	ROW("max", integer_setting, max, 1, SCOREBOARD_MAX, "100",
		"loads at once"),
	ROW("max-hold", duration_setting, max_hold_ms, 1, 86400000, "1h",
		"the longest hold"),
	ROW("keep", duration_setting, keep_ms, 60000, 31LL * 86400000, "24h",
		"how long samples are kept"),
	ROW("hosts", text_setting, hosts, 0, 0, "",
		"names by which the service may be called, blanks between"),
	ROW("token", secret_setting, token, 0, 0, "",
		"what a load's Authorization: Bearer must bear"),
	ROW("token-file", secret_file_setting, token, 0, 0, "",
		"a file that holds the token"),
	ROW("root", text_setting, root, 0, 0, "",
		"read /proc/meminfo and cgroups below this directory: for "
		"tests"),
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static void variable_name(const struct setting *row, char out[64])
{
	int used = snprintf(out, 64, "OOMLAB_%s", row->name);

	for (int i = 0; i < used; i++)
		out[i] = out[i] == '-' ? '_' : (char)toupper(out[i]);
}

/* source is the flag or the variable, as the person wrote it. */
static int set(struct config *config, const struct setting *row,
	const char *source, const char *text)
{
	char allowed[128];

	if (row->type->store(row, text, (char *)config + row->offset) == 0)
		return 0;
	row->type->allowed(row, allowed, sizeof(allowed));
	fprintf(stderr, "oomlab: %s is \"%s\"; allowed: %s\n", source,
		row->type == &secret_setting ? "(hidden)" : text, allowed);
	return -1;
}

static const struct setting *find(const char *name, size_t length)
{
	for (int i = 0; i < SETTINGS; i++) {
		if (strlen(settings[i].name) == length &&
			strncmp(settings[i].name, name, length) == 0)
			return &settings[i];
	}
	return NULL;
}

/* One "--name value" or "--name=value"; returns how many words it took. */
static int read_flag(struct config *config, int left, char **argv)
{
	const char *name = argv[0] + 2;
	size_t length = strcspn(name, "=");
	const struct setting *row = find(name, length);
	const char *value = name[length] == '=' ? name + length + 1 : NULL;

	if (!row) {
		fprintf(stderr,
			"oomlab: %s is not a setting; see oomlab help\n",
			argv[0]);
		return -1;
	}
	if (!value && left < 2) {
		fprintf(stderr, "oomlab: %s wants a value\n", argv[0]);
		return -1;
	}
	if (set(config, row, argv[0], value ? value : argv[1]) < 0)
		return -1;
	return value ? 1 : 2;
}

int config_read(struct config *config, int argc, char **argv)
{
	int next = 1;

	for (int i = 0; i < SETTINGS; i++) {
		char variable[64];
		const char *text;

		variable_name(&settings[i], variable);
		text = getenv(variable);
		if (!text || *text == '\0')
			text = settings[i].preset;
		if (set(config, &settings[i], variable, text) < 0)
			return -1;
	}
	while (next < argc && strncmp(argv[next], "--", 2) == 0) {
		int took = read_flag(config, argc - next, argv + next);

		if (took < 0)
			return -1;
		next += took;
	}
	return next;
}

bool config_row(int number, struct config_row *out)
{
	const struct setting *row = &settings[number];

	if (number < 0 || number >= SETTINGS)
		return false;
	*out = (struct config_row){
		.name = row->name, .preset = row->preset, .help = row->help};
	variable_name(row, out->variable);
	row->type->allowed(row, out->allowed, sizeof(out->allowed));
	return true;
}

void config_help(FILE *out)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting *row = &settings[i];

		fprintf(out, "  --%-11s %s%s%s%s\n", row->name, row->help,
			*row->preset ? " (" : "", row->preset,
			*row->preset ? ")" : "");
	}
}

int config_print(const struct config *config, const char *name, FILE *out)
{
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting *row = &settings[i];
		char variable[64];

		if (row->type->secret)
			continue;
		if (name && strcmp(name, row->name) != 0)
			continue;
		variable_name(row, variable);
		if (!name)
			fprintf(out, "%s=", variable);
		row->type->print((const char *)config + row->offset, out);
		if (name)
			return 0;
	}
	return name ? -1 : 0;
}
