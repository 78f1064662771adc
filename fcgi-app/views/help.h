/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_HELP_H
#define OOMLAB_VIEWS_HELP_H

/*
 * What there is to ask and to set, as data: the rows of the tables of routes,
 * parameters, settings and commands, said in words. GET /help and the man page
 * print it. The lists belong to whoever fills the struct.
 */
#include "views/view.h"

struct help_route {
	char methods[24], path[32];
	char answered_by[8]; /* load, watch */
	char help[96];
	char takes[128]; /* names, blanks between; "" none but format */
};

struct help_parameter {
	char name[16], type[12];
	int32_t required; /* by every route that takes it */
	char preset[16];
	char allowed[256], help[96];
	char of[128]; /* paths, blanks between; "" every one */
};

struct help_setting {
	char name[16], variable[64]; /* max-hold, OOMLAB_MAX_HOLD */
	char preset[48], allowed[128], help[96];
};

struct help_command {
	char name[16], arguments[32], help[160];
};

struct help_report {
	const struct help_command *commands;
	const struct help_route *routes;
	const struct help_parameter *parameters;
	const struct help_setting *settings;
	int32_t commands_count, routes_count;
	int32_t parameters_count, settings_count;
	char version[32]; /* of the man page */
};

extern const struct view help_view;   /* of all but commands: GET /help */
extern const struct view manual_view; /* the man page, in mdoc(7) */

#endif
