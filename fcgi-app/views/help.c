/* SPDX-License-Identifier: MIT */
/*
 * The rows of GET /help, and of the man page, which tells more of the same.
 */
#include "views/help.h"

/* clang-format off */
#define ROUTE(member) \
	FIELD_ROW(struct help_route, member, #member, FIELD_TEXT)

static const struct field route_fields[] = {
	ROUTE(methods),
	ROUTE(path),
	ROUTE(answered_by),
	ROUTE(help),
	ROUTE(takes),
	FIELD_END
};

#define PARAMETER(member, name, kind) \
	FIELD_ROW(struct help_parameter, member, name, kind)

static const struct field parameter_fields[] = {
	PARAMETER(name,     "name",     FIELD_TEXT),
	PARAMETER(type,     "type",     FIELD_TEXT),
	PARAMETER(required, "required", FIELD_BOOL),
	PARAMETER(preset,   "default",  FIELD_TEXT),
	PARAMETER(allowed,  "allowed",  FIELD_TEXT),
	PARAMETER(help,     "help",     FIELD_TEXT),
	PARAMETER(of,       "of",       FIELD_TEXT),
	FIELD_END
};

#define SETTING(member, name) \
	FIELD_ROW(struct help_setting, member, name, FIELD_TEXT)

static const struct field setting_fields[] = {
	SETTING(name,     "name"),
	SETTING(variable, "variable"),
	SETTING(preset,   "default"),
	SETTING(allowed,  "allowed"),
	SETTING(help,     "help"),
	FIELD_END
};

#define COMMAND(member) \
	FIELD_ROW(struct help_command, member, #member, FIELD_TEXT)

static const struct field command_fields[] = {
	COMMAND(name),
	COMMAND(arguments),
	COMMAND(help),
	FIELD_END
};

#define LIST(member, list_rows) \
	FIELD_ROW(struct help_report, member, #member, FIELD_LIST, \
		.rows = list_rows, \
		.count_offset = offsetof(struct help_report, member##_count), \
		.stride = sizeof(*((struct help_report *)0)->member))

static const struct field help_fields[] = {
	LIST(routes, route_fields),
	LIST(parameters, parameter_fields),
	LIST(settings, setting_fields),
	FIELD_END
};

static const struct field manual_fields[] = {
	FIELD_ROW(struct help_report, version, "version", FIELD_TEXT),
	LIST(commands, command_fields),
	LIST(routes, route_fields),
	LIST(parameters, parameter_fields),
	LIST(settings, setting_fields),
	FIELD_END
};
/* clang-format on */

const struct view help_view = {
	.name = "Help",
	.fields = help_fields,
	.html = "help.tpl",
};

const struct view manual_view = {
	.fields = manual_fields,
	.text = "manual.txt.tpl",
};
