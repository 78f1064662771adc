/* SPDX-License-Identifier: MIT */
/*
 * How a worker's death is judged. The wait status comes first, for it cannot
 * lie: a crash or an exit is what it is. A SIGKILL alone says nothing; whether
 * the OOM killer sent it is for the oom_kill counter, which load's master kept
 * account of (DESIGN.md, "Verdicts are earned"). Only then comes the question
 * of whose limit it was, which verdict_blame.c answers. A death that nobody
 * reaped has neither status nor counter, and is never called an OOM kill.
 */
#include "evidence/verdict.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "evidence/source.h"
#include "evidence/verdict_parts.h"

const char *const verdict_words[] = {
	[VERDICT_CGROUP_OOM] = "cgroup-oom",
	[VERDICT_HOST_OOM] = "host-oom",
	[VERDICT_OOM] = "oom",
	[VERDICT_GROUP_OOM] = "group-oom",
	[VERDICT_SIGNAL] = "signal",
	[VERDICT_CRASH] = "crash",
	[VERDICT_LOAD_GONE] = "load-gone",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_COUNT] = NULL,
};

const char *const certainty_words[] = {
	[CERTAINTY_PROVEN] = "proven",
	[CERTAINTY_LIKELY] = "likely",
	[CERTAINTY_UNPROVEN] = "unproven",
	[CERTAINTY_COUNT] = NULL,
};

struct judgement {
	enum verdict verdict;
	enum certainty certainty;
};

/* What SIGKILL means by the account of the oom_kill counter. The counter moves
 * when the kernel kills, before the death: unmoved is proof of no OOM kill. */
static const struct judgement by_account[] = {
	[ACCOUNT_UNREADABLE] = {VERDICT_UNKNOWN, CERTAINTY_UNPROVEN},
	[ACCOUNT_UNMOVED] = {VERDICT_SIGNAL, CERTAINTY_PROVEN},
	[ACCOUNT_PROVEN] = {VERDICT_OOM, CERTAINTY_PROVEN},
	[ACCOUNT_LIKELY] = {VERDICT_OOM, CERTAINTY_LIKELY},
	[ACCOUNT_UNLIKELY] = {VERDICT_SIGNAL, CERTAINTY_LIKELY},
};

static bool is_crash(int number)
{
	return number == SIGSEGV || number == SIGBUS || number == SIGABRT ||
	       number == SIGILL || number == SIGFPE;
}

/* Without a count of the own cgroup (v2's root has none) there is the machine's:
 * unmoved, there was no OOM kill at all; moved, it may have been anybody's. */
static struct judgement judge_uncounted(const struct verdict_facts *facts)
{
	const struct scoreboard_readings *before = &facts->death->before;
	const struct scoreboard_readings *after = &facts->death->after;

	if (before->at_ms == 0 || after->at_ms == 0 ||
		before->host_oom_kills < 0 || after->host_oom_kills < 0)
		return by_account[ACCOUNT_UNREADABLE];
	if (after->host_oom_kills == before->host_oom_kills)
		return (struct judgement){VERDICT_SIGNAL, CERTAINTY_PROVEN};
	return verdict_host_low(facts)
		       ? (struct judgement){VERDICT_OOM, CERTAINTY_LIKELY}
		       : by_account[ACCOUNT_UNREADABLE];
}

static struct judgement judge_account(const struct verdict_facts *facts)
{
	int account = facts->death->account;

	if (account <= ACCOUNT_UNREADABLE || account > ACCOUNT_UNLIKELY)
		return judge_uncounted(facts);
	return by_account[account];
}

/* Whether a count moved at any level of load's cgroup, from what its master
 * last published to what was read after its end. */
static bool moved(const struct verdict_facts *facts, enum evidence_file file)
{
	const struct scoreboard_readings *before = &facts->death->before;
	const struct scoreboard_readings *after = &facts->death->after;

	if (before->at_ms == 0 || after->at_ms == 0)
		return false;
	for (int i = 0; i < before->count && i < after->count; i++) {
		int64_t first = evidence_figure(
			&before->levels[i], facts->cgroup_version, file);

		if (first >= 0 && evidence_figure(&after->levels[i],
					  facts->cgroup_version, file) > first)
			return true;
	}
	return false;
}

bool verdict_by_oomd(const struct verdict_facts *facts)
{
	return moved(facts, EVIDENCE_OOMD);
}

/* The lock proves that the master is gone, and its workers go with it: that is
 * all `load-gone` claims. But the cgroup may still be there, and tell. */
static struct judgement judge_gone(const struct verdict_facts *facts)
{
	if (moved(facts, EVIDENCE_GROUP_KILL))
		return (struct judgement){VERDICT_GROUP_OOM, CERTAINTY_PROVEN};
	if (verdict_by_oomd(facts))
		return (struct judgement){VERDICT_SIGNAL, CERTAINTY_PROVEN};
	return (struct judgement){VERDICT_LOAD_GONE,
		facts->death->reaped ? CERTAINTY_LIKELY : CERTAINTY_PROVEN};
}

/* Nobody reaped it. A counter that moved without a
 * death of ours is a bystander's OOM kill. */
static struct judgement judge_unreaped(const struct verdict_facts *facts)
{
	const struct scoreboard_death *death = facts->death;

	if (facts->master_gone)
		return judge_gone(facts);
	if (death->account == ACCOUNT_PROVEN ||
		death->account == ACCOUNT_LIKELY)
		return judge_account(facts);
	return (struct judgement){VERDICT_UNKNOWN, CERTAINTY_UNPROVEN};
}

static struct judgement judge_reaped(
	const struct verdict_facts *facts, int number)
{
	const struct scoreboard_death *death = facts->death;

	if (number == 0 || is_crash(number))
		return (struct judgement){VERDICT_CRASH, CERTAINTY_PROVEN};
	if (number != SIGKILL)
		return (struct judgement){VERDICT_SIGNAL, CERTAINTY_PROVEN};
	/* Reaped, but the master went before it had settled the account. */
	if (facts->master_gone && death->account == ACCOUNT_UNREADABLE)
		return judge_gone(facts);
	return judge_account(facts);
}

void verdict_judge(
	const struct verdict_facts *facts, struct verdict_result *out)
{
	const struct scoreboard_death *death = facts->death;
	struct judgement judgement;

	memset(out, 0, sizeof(*out));
	out->limit = limit_unknown;
	if (death->reaped && WIFSIGNALED(death->wait_status))
		out->signal = WTERMSIG(death->wait_status);

	if (death->ended_by_master) /* has an outcome, and no verdict */
		judgement = (struct judgement){VERDICT_COUNT, CERTAINTY_COUNT};
	else if (death->reaped)
		judgement = judge_reaped(facts, out->signal);
	else
		judgement = judge_unreaped(facts);
	out->verdict = (int32_t)judgement.verdict;
	out->certainty = (int32_t)judgement.certainty;

	if (judgement.verdict == VERDICT_OOM ||
		judgement.verdict == VERDICT_GROUP_OOM)
		verdict_blame(facts, out);
	/* Whosever limit it was, the whole cgroup was killed for it. */
	if (judgement.verdict == VERDICT_GROUP_OOM)
		out->verdict = VERDICT_GROUP_OOM;
	if (!death->ended_by_master)
		verdict_heed_log(facts, out);
	verdict_evidence(facts, out);
	verdict_words_fill(facts, out);
}
