/* SPDX-License-Identifier: MIT */
/*
 * The books of the oom_kill counter. Proof is equality: as many increments as
 * processes that a SIGKILL has taken or is taking, and nobody else who could
 * have been the victim. Short of that the deaths are ranked as the kernel
 * would rank them, and the answer says that it is only likely.
 */
#include "load/ledger.h"

static void settle_all(
	struct ledger_death *deaths, int count, enum oom_account account)
{
	for (int i = 0; i < count; i++)
		deaths[i].account = account;
}

/* How many of the others the kernel would have chosen before this one. */
static int rank_of(const struct ledger_death *deaths, int count, int which)
{
	int before = 0;

	for (int i = 0; i < count; i++) {
		if (deaths[i].badness > deaths[which].badness ||
			(deaths[i].badness == deaths[which].badness &&
				i < which))
			before++;
	}
	return before;
}

static void settle_by_rank(
	struct ledger_death *deaths, int count, int64_t increments)
{
	for (int i = 0; i < count; i++)
		deaths[i].account = rank_of(deaths, count, i) < increments
					    ? ACCOUNT_LIKELY
					    : ACCOUNT_UNLIKELY;
}

bool ledger_settle(struct ledger *ledger, const struct ledger_look *look,
	struct ledger_death *deaths, int count, int *strays)
{
	int64_t moved = look->counter - ledger->accounted;

	*strays = 0;
	if (look->counter < 0) {
		settle_all(deaths, count, ACCOUNT_UNREADABLE);
		return true;
	}
	if (moved <= 0) {
		/* Also when the counter began anew in a new cgroup. */
		ledger->accounted = look->counter;
		settle_all(deaths, count, ACCOUNT_UNMOVED);
		return true;
	}
	if (count > 0 && moved == count + look->dying && look->missing == 0) {
		ledger->accounted += count;
		settle_all(deaths, count, ACCOUNT_PROVEN);
		return true;
	}
	if (look->dying > 0 && !look->last)
		return false;
	ledger->accounted = look->counter;
	settle_by_rank(deaths, count, moved);
	if (moved > count + look->dying)
		*strays = (int)(moved - count - look->dying);
	return true;
}
