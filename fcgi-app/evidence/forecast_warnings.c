/* SPDX-License-Identifier: MIT */
/*
 * What a person should know beside the figures, a row a warning: whether it is
 * so, and what to say, with a figure in it where there is one. What decides
 * comes first.
 */
#include "evidence/forecast_parts.h"

#include <stdio.h>
#include <string.h>

#include "views/fields.h"

#define NO  INT64_C(-1) /* does not hold */
#define YES INT64_C(0)

/* A point before the asked size that is also where the load ends. */
static int64_t ends_at(const struct outlook *outlook, int64_t point)
{
	return !outlook->killed && point < outlook->ask->bytes &&
			       point == outlook->end_point
		       ? point
		       : NO;
}

static int64_t load_down(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->facts->is_alive ? NO : YES;
}

static int64_t busy(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->facts->has_place ? NO : YES;
}

static int64_t guard(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->guard_point == 0 ? at->facts->guard_bytes : NO;
}

static int64_t quota(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return ends_at(at, at->quota_point);
}

static int64_t slow(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return ends_at(at, at->reach_point);
}

static int64_t leaves(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return ends_at(at, at->leave_point);
}

static int64_t reclaimed(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->kind->cache ? ends_at(at, at->free_bytes) : NO;
}

static int64_t oom_group(const struct outlook *at, const struct forecast *out)
{
	/* One above the domain has no part in it (mem_cgroup_get_oom_group). */
	int last = at->domain >= 0 ? at->domain : at->facts->cgroup->count - 1;

	(void)out;
	for (int i = 0; i <= last; i++)
		if (at->facts->levels[i].oom_group == 1)
			return YES;
	return NO;
}

static int64_t dies_container(
	const struct outlook *at, const struct forecast *out)
{
	(void)at;
	return out->victims_count > 0 && out->victims[0].dies_container ? YES
									: NO;
}

static int64_t another_dies(
	const struct outlook *at, const struct forecast *out)
{
	(void)at;
	return out->victims_count > 0 &&
			       strcmp(out->victims[0].name, FORECAST_SELF) != 0
		       ? YES
		       : NO;
}

static int64_t memory_high(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->high_point < at->ask->bytes ? at->high_point : NO;
}

static int64_t swap(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->swap_bytes > 0 ? at->swap_bytes : NO;
}

static int64_t growing(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->yet_bytes > 0 ? at->yet_bytes : NO;
}

static int64_t no_limit(const struct outlook *at, const struct forecast *out)
{
	(void)at;
	return out->limit.level == LIMIT_HOST ? YES : NO;
}

static int64_t unreadable(const struct outlook *at, const struct forecast *out)
{
	(void)at;
	return out->limit.level == LIMIT_NONE ? YES : NO;
}

static int64_t host_first(const struct outlook *at, const struct forecast *out)
{
	return at->domain == DOMAIN_HOST && out->limit.level != LIMIT_HOST ? YES
									   : NO;
}

static int64_t hidden(const struct outlook *at, const struct forecast *out)
{
	(void)out;
	return at->facts->cgroup->count > 0 &&
			       !at->facts->cgroup->ancestors_visible
		       ? YES
		       : NO;
}

/* Own cgroup's processes are load's; others' only the kernel knows. */
static int64_t others_unseen(
	const struct outlook *at, const struct forecast *out)
{
	return out->victims_count > 0 && at->domain != 0 ? YES : NO;
}

static const struct {
	const char *code;
	/* The figure, YES where none is said, or NO. */
	int64_t (*holds)(const struct outlook *at, const struct forecast *out);
	const char *says, *behind; /* before the figure and behind it */
} rows[] = {
	{"load-down", load_down,
		"load is not running: it would answer nothing, and these "
		"figures are the last it gave",
		NULL},
	{"busy", busy,
		"all workers are busy: as it is now, the answer would be busy",
		NULL},
	{"guard", guard,
		"the guard would refuse it, to save the host; it would allow ",
		""},
	{"quota", quota,
		"the service's user may have no more of this kind than ",
		": it would end there as short"},
	{"slow", slow, "at that rate it comes only to ",
		" within its time: it would end as stalled"},
	{"leaves", leaves, "it would stop growing at about ",
		" to leave the headroom asked for"},
	{"reclaimed", reclaimed,
		"page cache is reclaimed, nobody is killed for it: it would "
		"end as short with about ",
		" resident"},
	{"oom-group", oom_group,
		"memory.oom.group is set: an OOM kill takes the whole "
		"container, master and all requests, not one worker",
		NULL},
	{"dies-container", dies_container,
		"the first of the victims has dies=container: load's "
		"master would exit with it",
		NULL},
	{"another-dies", another_dies,
		"not this load but another process would be killed for it: "
		"the first of the victims",
		NULL},
	{"memory-high", memory_high,
		"memory.high is below the target: beyond about ",
		" it would be slowed down, and may stall before a kill comes"},
	{"swap", swap, "swap would absorb up to ",
		": how much is resident when a kill comes cannot be told"},
	{"growing", growing, "loads under way have yet to take ",
		": it is counted as taken"},
	{"no-limit", no_limit,
		"no memory limit of a cgroup is in force: the host's memory "
		"is what would run out",
		NULL},
	{"unreadable", unreadable,
		"neither a cgroup's limit nor the host's memory could be read",
		NULL},
	{"host-first", host_first,
		"the host has less available than the limit leaves: the "
		"machine would run out first",
		NULL},
	{"ancestors-hidden", hidden,
		"cgroups above load's cannot be seen: a tighter limit there, "
		"or a fuller one, would bring the kill earlier",
		NULL},
	{"others-unseen", others_unseen,
		"the limit is not of load's own cgroup alone: processes that "
		"are not load's could be chosen, too",
		NULL},
};

void forecast_warn(const struct outlook *outlook, struct forecast *out)
{
	static const struct field bytes_row = {.type = FIELD_BYTES};
	int32_t count = 0;

	_Static_assert(sizeof(rows) / sizeof(rows[0]) <= FORECAST_WARNINGS,
		"room for every warning");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct forecast_warning *warning = &out->warnings[count];
		int64_t figure = rows[i].holds(outlook, out);
		char text[32] = "";

		if (figure == NO)
			continue;
		if (rows[i].behind)
			field_text(&bytes_row, &figure, text, sizeof(text));
		(void)snprintf(warning->code, sizeof(warning->code), "%s",
			rows[i].code);
		(void)snprintf(warning->says, sizeof(warning->says), "%s%s%s",
			rows[i].says, text,
			rows[i].behind ? rows[i].behind : "");
		count++;
	}
	out->warnings_count = count;
}
