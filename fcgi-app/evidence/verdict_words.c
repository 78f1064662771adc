/* SPDX-License-Identifier: MIT */
/*
 * The verdict in words: one sentence of what happened and one of what to do,
 * for somebody who is tired and did not write this program. It says how sure
 * it is, and never more than the verdict does.
 */
#include "evidence/verdict_parts.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Who died, and how far it had come. id: as in the worker's name, oom:ID8. */
static void victim_text(
	const struct verdict_facts *facts, char *out, size_t size)
{
	const struct load_report *load = facts->load;
	char got[32], asked[32];

	if (!facts->death->reaped && !facts->master_gone &&
		!facts->death->busy) {
		if (facts->log && facts->log->state == KERNEL_LOG_FOUND)
			snprintf(out, size, "%s, pid %lld, none of the workers",
				facts->log->victim_comm,
				(long long)facts->log->victim_pid);
		else
			snprintf(out, size,
				"a process that is none of the workers");
		return;
	}
	if (!facts->death->busy) {
		snprintf(out, size, "an idle worker, and no request with it");
		return;
	}
	if (load->resident_bytes < 0) {
		snprintf(out, size,
			"request %.8s, of which no figures are left", load->id);
		return;
	}
	verdict_bytes_text(load->resident_bytes, got, sizeof(got));
	verdict_bytes_text(load->requested_bytes, asked, sizeof(asked));
	if (load->requested_bytes < 0)
		snprintf(out, size, "request %.8s with %s resident", load->id,
			got);
	else
		snprintf(out, size, "request %.8s with %s of %s resident",
			load->id, got, asked);
}

/* "when the cgroup /x reached its own limit of 2.0 GiB" */
static void limit_text(const struct limit *limit, char *out, size_t size)
{
	char bytes[32];

	verdict_bytes_text(limit->bytes, bytes, sizeof(bytes));
	if (limit->level == LIMIT_NONE)
		snprintf(out, size,
			"when a cgroup reached its limit, its own or one "
			"above, which could not be told");
	else if (limit->level == LIMIT_OWN)
		snprintf(out, size,
			"when its cgroup %s reached its own limit of %s",
			limit->path, bytes);
	else if (limit->path[0])
		snprintf(out, size,
			"when %s, an ancestor of its cgroup, reached its "
			"limit of %s",
			limit->path, bytes);
	else
		snprintf(out, size,
			"when an ancestor of its cgroup, out of sight from "
			"here, reached its limit of %s",
			bytes);
}

static void signal_text(
	const struct verdict_result *result, char *out, size_t size)
{
	char name[32];

	if (result->signal == 0) {
		snprintf(out, size, "an unknown signal");
		return;
	}
	verdict_signal_name(result->signal, name, sizeof(name));
	snprintf(out, size, "signal %d (%s)", result->signal, name);
}

#define KILLER "killed by the kernel's OOM killer: "

/* memory.oom.group: one victim is chosen, and all go with it. */
static void group_detail(const char *victim, const struct verdict_result *out,
	char *text, size_t size)
{
	char limit[CGROUP_PATH_MAX + 96] = "";

	if (out->limit.level == LIMIT_OWN || out->limit.level == LIMIT_ANCESTOR)
		limit_text(&out->limit, limit, sizeof(limit));
	snprintf(text, size,
		"killed by the kernel's OOM killer with everything in its "
		"cgroup (memory.oom.group): %s%s%s.",
		victim, limit[0] ? ", " : "", limit);
}

static void oom_detail(
	const char *victim, struct verdict_result *out, char *text, size_t size)
{
	char limit[CGROUP_PATH_MAX + 96], bytes[32];

	if (out->verdict == VERDICT_GROUP_OOM) {
		group_detail(victim, out, text, size);
	} else if (out->verdict == VERDICT_CGROUP_OOM) {
		limit_text(&out->limit, limit, sizeof(limit));
		snprintf(text, size, KILLER "%s, %s.", victim, limit);
	} else if (out->verdict == VERDICT_HOST_OOM) {
		verdict_bytes_text(out->limit.bytes, bytes, sizeof(bytes));
		snprintf(text, size,
			KILLER "%s, when the machine ran out of its %s.",
			victim, bytes);
	} else {
		snprintf(text, size,
			KILLER "%s; whose limit was reached could not be told.",
			victim);
	}
}

static void unknown_detail(const struct verdict_facts *facts,
	const char *victim, char *text, size_t size)
{
	if (facts->death->reaped)
		snprintf(text, size,
			"killed by SIGKILL: %s; the counters that tell an OOM "
			"kill from somebody's signal could not be read.",
			victim);
	else
		snprintf(text, size,
			"without a trace: %s; the connection to its worker "
			"broke, and no death was recorded in the time that "
			"was waited for one. It may still be dying, or live.",
			victim);
}

static void crash_detail(const struct verdict_facts *facts, const char *victim,
	const char *signal, char *text, size_t size)
{
	const char *fault = "which is oomlab's own fault";

	if (WIFSIGNALED(facts->death->wait_status))
		snprintf(text, size, "crashed with %s, %s: %s.", signal, fault,
			victim);
	else
		snprintf(text, size,
			"ended by itself with exit status %d, %s: %s.",
			WEXITSTATUS(facts->death->wait_status), fault, victim);
}

static void detail_text(const struct verdict_facts *facts,
	struct verdict_result *out, char *text, size_t size)
{
	char victim[160], signal[64];

	victim_text(facts, victim, sizeof(victim));
	signal_text(out, signal, sizeof(signal));
	switch (out->verdict) {
	case VERDICT_SIGNAL:
		if (verdict_by_oomd(facts)) {
			snprintf(text, size,
				"killed by systemd-oomd, which marked its "
				"cgroup, and by no OOM killer of the kernel: "
				"%s.",
				victim);
			return;
		}
		snprintf(text, size,
			"killed by %s that somebody sent, and by no OOM "
			"killer: %s.",
			signal, victim);
		return;
	case VERDICT_CRASH:
		crash_detail(facts, victim, signal, text, size);
		return;
	case VERDICT_LOAD_GONE:
		snprintf(text, size,
			"gone together with load's master and all workers: "
			"%s; no counter is left to say whether an OOM kill "
			"did it.",
			victim);
		return;
	case VERDICT_UNKNOWN:
		unknown_detail(facts, victim, text, size);
		return;
	case VERDICT_COUNT:
		snprintf(text, size,
			"ended by load's own master: %s; it had not ended "
			"when it should have.",
			victim);
		return;
	default:
		oom_detail(victim, out, text, size);
	}
}

static const char *const next_words[VERDICT_COUNT + 1] = {
	[VERDICT_CGROUP_OOM] =
		"Ask for less than the limit, run fewer at once, or raise the "
		"limit (OOMLAB_LIMIT, mem_limit); /status shows the limits "
		"and who is busy.",
	[VERDICT_HOST_OOM] =
		"Give load a memory limit below what the machine has, so that "
		"a kill stays inside, and leave OOMLAB_GUARD=host on.",
	[VERDICT_OOM] =
		"Read the kernel log of that moment (dmesg, journalctl -k): "
		"its line \"oom-kill:constraint=\" or \"Killed process\" names "
		"the limit.",
	[VERDICT_GROUP_OOM] =
		"Ask for less than the limit, or turn off memory.oom.group; "
		"/readyz tells when load is back.",
	[VERDICT_SIGNAL] =
		"Find who sent it: an operator, a supervisor, systemd-oomd, "
		"earlyoom. Ask again when that is settled; load has gone on.",
	[VERDICT_CRASH] =
		"Report it with this page and load's log of that moment; load "
		"has gone on, and the request may be sent again.",
	[VERDICT_LOAD_GONE] =
		"Find why it ended: docker inspect (OOMKilled, ExitCode), the "
		"supervisor's log, dmesg. /readyz tells when load is back.",
	[VERDICT_UNKNOWN] =
		"Read the kernel log of that moment (dmesg, journalctl -k), "
		"and /status for what could not be read here.",
	[VERDICT_COUNT] = "Send the request again; load has gone on.",
};

#define NEXT_ANCESTOR                                                          \
	"Raise the limit of the cgroup above, or take away what else runs "    \
	"in it; load's own limit is not what was hit."

void verdict_words_fill(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const char *next = next_words[out->verdict];
	bool likely = out->certainty == CERTAINTY_LIKELY;
	char text[1024];

	detail_text(facts, out, text, sizeof(text));
	if (!likely && text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	/* cut at the end rather than refuse: a path can be long */
	if (snprintf(out->detail, sizeof(out->detail), "%s%s",
		    likely ? "Most likely " : "",
		    text) >= (int)sizeof(out->detail))
		out->detail[sizeof(out->detail) - 2] = '.';
	if (out->verdict == VERDICT_CGROUP_OOM &&
		out->limit.level == LIMIT_ANCESTOR)
		next = NEXT_ANCESTOR;
	snprintf(out->next, sizeof(out->next), "%s", next);
}
