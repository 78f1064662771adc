/* SPDX-License-Identifier: MIT */
/*
 * One binary, a subcommand a role. The rows below are all that there is to
 * dispatch; what a role does stands in its room. load and watch never include
 * each other, so the one table that both need to show, the routes, is handed
 * over from here.
 */
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "evidence/explain.h"
#include "load/load.h"
#include "manual.h"
#include "watch/watch.h"

struct command {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(const struct config *config, int argc, char **argv);
};

static int run_load(const struct config *config, int argc, char **argv)
{
	(void)argc, (void)argv;
	return load_main(config);
}

static int run_watch(const struct config *config, int argc, char **argv)
{
	(void)argc, (void)argv;
	return watch_main(config);
}

static int run_settings(const struct config *config, int argc, char **argv)
{
	if (config_print(config, argc > 0 ? argv[0] : NULL, stdout) == 0)
		return 0;
	fprintf(stderr, "oomlab settings: no setting is called \"%s\"\n",
		argv[0]);
	return 2;
}

static int run_explain(const struct config *config, int argc, char **argv)
{
	(void)config;
	return explain_main(argc, argv);
}

static int run_version(const struct config *config, int argc, char **argv)
{
	(void)config, (void)argc, (void)argv;
	return puts("oomlab " OOMLAB_VERSION) < 0;
}

/* Both tell of the commands, which are below. */
static int run_man(const struct config *config, int argc, char **argv);
static int run_help(const struct config *config, int argc, char **argv);

/* maximum: how many arguments a command takes after its flags; OWN_OPTIONS: it
 * needs no settings and reads all of its command line, its name included. */
#define OWN_OPTIONS (-1)

static const struct {
	struct command command;
	int maximum;
} commands[] = {
	{{"load", "",
		 "take memory when asked: master and workers, on "
		 "spawn-fcgi's socket",
		 run_load},
		0},
	{{"watch", "",
		 "tell of it: status, post-mortems, events, on "
		 "spawn-fcgi's socket",
		 run_watch},
		0},
	{{"explain", "FILE|-",
		 "what a kernel log says of OOM kills; [--format text|json]",
		 run_explain},
		OWN_OPTIONS},
	{{"settings", "[NAME]", "print the settings in force, or one of them",
		 run_settings},
		1},
	{{"man", "", "print the man page, oomlab(1)", run_man}, 0},
	{{"version", "", "print the version", run_version}, 0},
	{{"help", "", "print this", run_help}, 0},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *out)
{
	fputs("usage: oomlab COMMAND [--SETTING VALUE]...\n\n", out);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-9s %-7s %s\n", commands[i].command.name,
			commands[i].command.arguments,
			commands[i].command.help);
	fputs("\nSettings, as --name or in the environment:\n", out);
	config_help(out);
}

static int run_man(const struct config *config, int argc, char **argv)
{
	struct help_command list[COMMANDS];

	(void)argc, (void)argv;
	for (int i = 0; i < COMMANDS; i++) {
		const struct command *command = &commands[i].command;

		(void)snprintf(list[i].name, sizeof(list[i].name), "%s",
			command->name);
		(void)snprintf(list[i].arguments, sizeof(list[i].arguments),
			"%s", command->arguments);
		(void)snprintf(list[i].help, sizeof(list[i].help), "%s",
			command->help);
	}
	return manual_print(config, list, COMMANDS, stdout) < 0;
}

static int run_help(const struct config *config, int argc, char **argv)
{
	(void)config, (void)argc, (void)argv;
	usage(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct config config = {
		.load_routes = load_routes,
		.watch_routes = watch_routes,
	};
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (int i = 0; i < COMMANDS; i++) {
		int first;

		if (strcmp(commands[i].command.name, name) != 0)
			continue;
		if (commands[i].maximum == OWN_OPTIONS)
			return commands[i].command.run(
				&config, argc - 1, argv + 1);
		first = config_read(&config, argc - 1, argv + 1);
		if (first < 0)
			return 2;
		argv += 1 + first;
		argc -= 1 + first;
		if (argc > commands[i].maximum)
			break;
		return commands[i].command.run(&config, argc, argv);
	}
	usage(stderr);
	return 2;
}
