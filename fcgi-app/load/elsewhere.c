/* SPDX-License-Identifier: MIT */
/*
 * /proc/vmstat counts every OOM kill of the machine, those inside other
 * containers too, so on its own it makes no bystander. With a load that grows
 * and a host that is nearly out of memory one is likely; without the second
 * only the kernel log can tell, which the watch may read.
 */
#include "load/elsewhere.h"

#include "load/deaths.h"
#include "readings/headroom.h"

#define LATELY_MS 1000
#define MARK_MS	  2000 /* from systemd-oomd's mark to the last death */

/* Where the own cgroup counts none (the root's does not) every SIGKILL that a
 * worker died of is taken for one, so as not to call it somebody else's. */
static int64_t elsewhere(const struct master *master)
{
	const struct scoreboard_readings *now = &master->now;
	int64_t own = now->count > 0 ? now->levels[0].oom_kill : -1;

	return now->host_oom_kills - (own < 0 ? master->sigkills : own);
}

static bool host_is_low(const struct master *master)
{
	int64_t least = sampler_host_least(&master->sampler, master->now.at_ms);

	return least > 0 &&
	       least < headroom_host_low(master->now.host.total_bytes);
}

/* A load grows, or was full a moment ago. */
static bool grew_lately(const struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		enum slot_stage stage = pool_stage(&master->pool, i);
		int64_t since_ms = master->board->slots[i].since_ms;

		if (stage == SLOT_GROWING ||
			(stage == SLOT_HOLDING &&
				master->now.at_ms - since_ms < LATELY_MS))
			return true;
	}
	return false;
}

void elsewhere_note(struct master *master)
{
	master->grew = master->grew || grew_lately(master);
	master->was_low = master->was_low || host_is_low(master);
}

/* The machine's count moves before the cgroup's and both are read one after the
 * other, so what is seen once may be a kill of ours: it has to be there at the
 * next look as well. */
void elsewhere_look(struct master *master)
{
	int64_t kills = elsewhere(master), seen = master->kills_seen;
	bool known = master->kills_elsewhere != KILLS_UNKNOWN;

	if (master->now.host_oom_kills < 0 || sampler_dying(&master->pool) > 0)
		return;
	master->kills_seen = kills;
	if (kills != master->kills_elsewhere && seen != kills)
		return;
	if (known && kills > master->kills_elsewhere && master->grew)
		deaths_record_other(master, RECORD_BYSTANDER,
			master->was_low ? ACCOUNT_LIKELY : ACCOUNT_UNLIKELY);
	master->kills_elsewhere = kills;
	master->grew = master->was_low = false;
	elsewhere_note(master);
}

/* systemd-oomd marks a cgroup just before it kills there, so a reading from in
 * between must not become what the deaths are compared with. */
void elsewhere_settle(struct master *master, bool some_died)
{
	struct cgroup_reading *then = master->settled.levels;
	const struct cgroup_reading *now = master->now.levels;
	int64_t marks[CGROUP_LEVELS];
	bool moved = false;

	for (int i = 0; i < master->now.count; i++) {
		marks[i] = then[i].oomd_kills;
		moved |= now[i].oomd_kills != marks[i];
	}
	if (!moved || some_died)
		master->marked_ms = 0;
	else if (master->marked_ms == 0)
		master->marked_ms = master->now.at_ms;
	master->settled = master->now;
	if (master->marked_ms == 0 ||
		master->now.at_ms - master->marked_ms >= MARK_MS)
		return;
	for (int i = 0; i < master->now.count; i++)
		then[i].oomd_kills = marks[i];
}
