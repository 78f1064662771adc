/* SPDX-License-Identifier: MIT */
/*
 * What somebody should know before it matters, a row a warning: whether it is
 * so, and what to say. The most urgent comes first.
 */
#include "watch/report.h"

#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "evidence/source.h"

static bool is_up(const struct report *report)
{
	return report->master == BOARD_ALIVE || report->master == BOARD_SILENT;
}

static bool load_down(const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->master == BOARD_GONE;
}

static bool lock_unreadable(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->master == BOARD_UNKNOWN;
}

static bool heartbeat_old(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->master == BOARD_SILENT;
}

static bool workers_dying(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return is_up(report) && report->header.pool.backoff_until_ms > 0;
}

static bool forks_refused(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return is_up(report) && report->header.pool.fork_failures > 0;
}

/* Some limit of a cgroup, in sight or not, below what the host has. */
static bool is_limited(const struct report *report)
{
	int64_t total = report->header.now.host.total_bytes;

	for (int i = 0; i < report->status.limits_count; i++) {
		const struct status_limit *limit = &report->limits[i];

		if (limit->level != LIMIT_HOST &&
			evidence_limited(limit->bytes) &&
			(total <= 0 || limit->bytes < total))
			return true;
	}
	return false;
}

static bool no_limit(const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->header.now.at_ms > 0 && !is_limited(report);
}

static bool guard_off(const struct watch *watch, const struct report *report)
{
	return no_limit(watch, report) && !report->header.guard_host;
}

static bool ancestors_hidden(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->header.now.count > 0 &&
	       !report->header.ancestors_visible;
}

static bool oom_group(const struct watch *watch, const struct report *report)
{
	(void)watch;
	for (int i = 0; i < report->header.now.count; i++) {
		if (report->header.now.levels[i].oom_group == 1)
			return true;
	}
	return false;
}

static bool memory_high(const struct watch *watch, const struct report *report)
{
	(void)watch;
	for (int i = 0; i < report->header.now.count; i++) {
		const struct cgroup_reading *at = &report->header.now.levels[i];

		if (evidence_limited(at->high_bytes) &&
			(!evidence_limited(at->limit_bytes) ||
				at->high_bytes < at->limit_bytes))
			return true;
	}
	return false;
}

static bool figures_disagree(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->status.memory.agrees == 0;
}

static bool not_tmpfs(const struct watch *watch, const struct report *report)
{
	struct statfs fs;

	(void)report;
	return statfs(watch->config->run, &fs) == 0 && fs.f_type != TMPFS_MAGIC;
}

/* "/" is what every container with a namespace of its own sees. */
static bool same_cgroup(const struct watch *watch, const struct report *report)
{
	return strlen(watch->cgroup_path) > 1 && report->header.now.count > 0 &&
	       strcmp(watch->cgroup_path, report->header.levels[0].path) == 0;
}

static bool store_failing(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->store.state == STORE_FAILS;
}

static bool store_damaged(
	const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->store.aside_count > 0;
}

static bool events_lost(const struct watch *watch, const struct report *report)
{
	(void)watch;
	return report->store.dropped > 0;
}

static void tell_failing(const struct report *report, char *out, size_t size)
{
	(void)snprintf(out, size, "%s; in memory alone: %d",
		report->store.fault.says, report->unsaved);
}

static void tell_damaged(const struct report *report, char *out, size_t size)
{
	(void)snprintf(out, size, "%s, because: %s; events read from it: %lld",
		report->store.aside, report->store.aside_why.says,
		(long long)report->store.rescued);
}

static void tell_lost(const struct report *report, char *out, size_t size)
{
	(void)snprintf(out, size, "%lld", (long long)report->store.dropped);
}

/* Of rows whose last words are of this one case: what stands behind says. */
static const struct {
	const char *code;
	void (*tell)(const struct report *report, char *out, size_t size);
} particulars[] = {
	{"store-failing", tell_failing},
	{"events-lost", tell_lost},
	{"store-damaged", tell_damaged},
};

static const struct {
	const char *code;
	bool (*holds)(const struct watch *watch, const struct report *report);
	const char *says;
} rows[] = {
	{"load-down", load_down,
		"load is not running; what is shown of it is what it last "
		"said"},
	{"lock-unreadable", lock_unreadable,
		"whether load runs cannot be told: its lock file cannot be "
		"read"},
	{"heartbeat-old", heartbeat_old,
		"load's master runs but has given no sign of life for 3 s or "
		"more"},
	{"store-failing", store_failing,
		"events cannot be written to the database and are kept in "
		"memory and on stderr until they can: "},
	{"events-lost", events_lost,
		"memory had no room for events that could not be written, "
		"either; only stderr has these: "},
	{"store-damaged", store_damaged,
		"the database was damaged since the watch started, and was "
		"moved aside to "},
	{"workers-dying", workers_dying,
		"workers keep dying before they take a request; load waits "
		"before it starts the next"},
	{"forks-refused", forks_refused,
		"the kernel has refused to start a worker at least once since "
		"load started; load tries again"},
	{"oom-group", oom_group,
		"memory.oom.group is set: an OOM kill takes load's whole "
		"cgroup, master and all requests, not one worker"},
	{"no-limit", no_limit,
		"no memory limit is in force for load; only the guard keeps "
		"the machine from running out"},
	{"guard-off", guard_off,
		"the guard is off and no limit is in force: a load can take "
		"the whole machine down"},
	{"memory-high", memory_high,
		"memory.high is set below the limit: a load is slowed down "
		"there, and may stall before anything is killed"},
	{"ancestors-hidden", ancestors_hidden,
		"cgroups above load's cannot be seen: a tighter limit there "
		"would not be named"},
	{"figures-disagree", figures_disagree,
		"what loads hold by their processes' count is not what load's "
		"cgroup grew by: somebody else grows there, or memory was "
		"taken back"},
	{"run-not-tmpfs", not_tmpfs,
		"the run directory is not on tmpfs: under memory pressure the "
		"scoreboard may have to wait for the disk"},
	{"same-cgroup", same_cgroup,
		"load and watch are in the same memory cgroup: what load "
		"takes, "
		"the watch lacks"},
};

static void add_particular(
	const struct report *report, struct status_warning *warning)
{
	size_t used = strlen(warning->says);

	for (size_t i = 0; i < sizeof(particulars) / sizeof(particulars[0]);
		i++) {
		if (strcmp(particulars[i].code, warning->code) == 0)
			particulars[i].tell(report, warning->says + used,
				sizeof(warning->says) - used);
	}
}

void report_warn(const struct watch *watch, struct report *report)
{
	int32_t count = 0;

	_Static_assert(sizeof(rows) / sizeof(rows[0]) <= STATUS_WARNINGS,
		"room for every warning");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct status_warning *warning = &report->warnings[count];

		if (!rows[i].holds(watch, report))
			continue;
		(void)snprintf(warning->code, sizeof(warning->code), "%s",
			rows[i].code);
		(void)snprintf(warning->says, sizeof(warning->says), "%s",
			rows[i].says);
		add_particular(report, warning);
		count++;
	}
	report->status.warnings_count = count;
}
