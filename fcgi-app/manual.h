/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_MANUAL_H
#define OOMLAB_MANUAL_H

/*
 * The man page, oomlab(1): the table of commands, which main has, and those of
 * settings, routes and parameters through a template of mdoc(7).
 */
#include <stdint.h>
#include <stdio.h>

#include "config.h"
#include "views/help.h"

/* Prints it; templates are config's. 0, or -1 with a line on stderr. */
int manual_print(const struct config *config,
	const struct help_command *commands, int32_t count, FILE *out);

#endif
