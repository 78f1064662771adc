/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_CONFIG_H
#define OOMLAB_CONFIG_H

/*
 * The settings: a row each, the same name as a flag (--max), in the
 * environment (OOMLAB_MAX), in compose and for make run. A flag beats the
 * environment, an empty value is the default. The rows are docs/API.md's.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "http/route.h"

#ifndef OOMLAB_VERSION /* the Makefile has it from CHANGELOG.md */
#define OOMLAB_VERSION "unknown"
#endif

struct config {
	int64_t port;
	int64_t limit_bytes;
	int64_t spare, max;
	int64_t max_hold_ms, keep_ms;
	bool guard_host;
	char run[256], state[256], scratch[256];
	char templates[256];
	char hosts[1024];
	char token[256]; /* "" when none is asked for */
	char root[256];	 /* where /proc and /sys are read: "" is live */
	const struct route *load_routes, *watch_routes; /* of every table */
};

/* Fills config from the environment, then from argv's flags (argv[0] is the
 * subcommand). Returns the index of the first argument that is no flag, or -1
 * after one line on stderr that names what is wrong and what is allowed. */
int config_read(struct config *config, int argc, char **argv);

/* A row in words, for the documents. */
struct config_row {
	const char *name, *preset, *help; /* constant */
	char variable[64], allowed[128];
};

/* The row of that number, from 0; false beyond the last. */
bool config_row(int number, struct config_row *out);

/* The rows as --help shows them. */
void config_help(FILE *out);

/* "NAME=value" a line, as in force, tokens left out: `oomlab settings`; with
 * name, that setting's value alone. -1 for a name that is none. */
int config_print(const struct config *config, const char *name, FILE *out);

#endif
