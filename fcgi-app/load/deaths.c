/* SPDX-License-Identifier: MIT */
/*
 * Deaths, from wait status to ring. A SIGKILL is not judged at once: the OOM
 * killer's victims take 5 to 45 ms to go, and a `kill -9` reaped in between
 * would look like one of them. So a death waits in its slot until the ledger
 * can tell, at most SETTLE_MOST_MS, for a client is waiting too.
 */
#include "load/deaths.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "load/elsewhere.h"
#include "load/publish.h"

#define SETTLE_MOST_MS 600 /* of the 1 s in which the client shall know */
#define SETTLE_LOOKS   3   /* at least, however long that takes */
#define SNAPSHOT_TRIES 5
#define OOM_WAIT_MS    2000 /* for the kill that follows an OOM */
#define STRAY_WAIT_MS  300  /* before an unexplained kill is a bystander's */

static bool by_sigkill(const struct scoreboard_death *death)
{
	return death->reaped && WIFSIGNALED(death->wait_status) &&
	       WTERMSIG(death->wait_status) == SIGKILL;
}

static bool is_suspect(const struct pool *pool, int slot)
{
	const struct scoreboard_death *death = &pool->board->slots[slot].death;

	return pool_stage(pool, slot) == SLOT_DEAD && by_sigkill(death) &&
	       !death->ended_by_master;
}

/* A death that is none: it was told to go, and went. */
static bool went_home(const struct pool_worker *worker, enum slot_stage stage,
	int wait_status)
{
	return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0 &&
	       (worker->retiring || stage == SLOT_IDLE);
}

bool deaths_under_way(enum slot_stage stage)
{
	return stage >= SLOT_ASKING && stage <= SLOT_ANSWERING;
}

static void note(struct master *master, int slot, int wait_status)
{
	struct pool_worker *worker = &master->pool.workers[slot];
	struct scoreboard_slot *at = &master->board->slots[slot];
	enum slot_stage stage = pool_stage(&master->pool, slot);

	if (went_home(worker, stage, wait_status)) {
		pool_forget(&master->pool, slot, scoreboard_now_ms());
		pool_free(&master->pool, slot);
		return;
	}
	scoreboard_begin(&at->version);
	at->death = (struct scoreboard_death){
		.died_at_ms = scoreboard_now_ms(),
		.reaped = 1,
		.wait_status = wait_status,
		.busy = deaths_under_way(stage),
		.ended_by_master = worker->condemned,
		.account = ACCOUNT_UNREADABLE,
		.sample_at_ms = worker->last_sample_ms,
		.sample_rss_bytes = worker->last_rss_bytes,
	};
	at->since_ms = at->death.died_at_ms;
	atomic_store_explicit(&at->stage, SLOT_DEAD, memory_order_release);
	scoreboard_end(&at->version);
	master->sigkills += is_suspect(&master->pool, slot);
	pool_forget(&master->pool, slot, at->death.died_at_ms);
}

void deaths_reap(struct master *master)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		int slot = pool_find(&master->pool, pid);

		if (slot >= 0)
			note(master, slot, status);
	}
}

static bool was_oom(const struct scoreboard_death *death)
{
	return death->account == ACCOUNT_PROVEN ||
	       death->account == ACCOUNT_LIKELY;
}

void deaths_bury(struct master *master, int slot)
{
	const struct scoreboard_death *death =
		&master->board->slots[slot].death;
	struct load_report load = master->board->slots[slot].load;

	if (!death->busy) { /* the slot still has the load before */
		load_report_clear(&load);
		load.worker = (struct load_worker){
			slot, master->board->slots[slot].pid};
	} else {
		if (!death->ended_by_master)
			load.outcome = OUTCOME_KILLED;
		load.ended_at_ms = death->died_at_ms;
		load.state = LOAD_ENDED;
		load_report_set_event(&load);
		master->loads[load.outcome]++;
		master->ended_ms = scoreboard_now_ms();
	}
	publish_record(master, RECORD_DEATH, &load, death);
	if (was_oom(death)) {
		pool_note_pressure(&master->pool, scoreboard_now_ms());
		master->dies |= load.dies_container != 0;
	}
	pool_free(&master->pool, slot);
}

static void settle_slot(
	struct master *master, int slot, enum oom_account account, int dying)
{
	struct scoreboard_death *death = &master->board->slots[slot].death;

	death->account = account;
	death->dying = dying;
	death->growing = pool_growing(&master->pool) + 1;
	sampler_most_usage(&master->sampler, &master->pool, death->died_at_ms,
		death->most_usage_bytes);
	death->host_least_bytes =
		sampler_host_least(&master->sampler, death->died_at_ms);
	death->before = master->settled;
	death->after = master->now;
	deaths_bury(master, slot);
}

/* What the kernel would choose by: resident bytes and oom_score_adj, whose
 * 1000 stands for the whole limit. An idle worker's report is of the load
 * before. */
static int64_t badness_of(const struct master *master, int slot)
{
	const struct scoreboard_slot *at = &master->board->slots[slot];
	int64_t bytes = at->death.busy ? at->load.resident_bytes : 0;
	int64_t limit = sampler_limit(&master->now);

	if (bytes < at->death.sample_rss_bytes)
		bytes = at->death.sample_rss_bytes;
	return (bytes > 0 ? bytes : 0) +
	       (at->death.busy ? limit / 1000 * at->load.oom_score_adj : 0);
}

/* The slots that await the ledger; *oldest_ms is when the first one died. */
static int gather(const struct master *master, int *slots,
	struct ledger_death *deaths, int64_t *oldest_ms)
{
	int count = 0;

	*oldest_ms = INT64_MAX;
	for (int i = 0; i < master->pool.high; i++) {
		int64_t died_at_ms = master->board->slots[i].death.died_at_ms;

		if (!is_suspect(&master->pool, i))
			continue;
		if (died_at_ms < *oldest_ms)
			*oldest_ms = died_at_ms;
		slots[count] = i;
		deaths[count++].badness = badness_of(master, i);
	}
	return count;
}

/* Deaths that no counter has to explain: crashes, exits, other signals, and
 * what the master did itself. */
static void settle_plain(struct master *master)
{
	for (int i = 0; i < master->pool.high; i++) {
		if (pool_stage(&master->pool, i) == SLOT_DEAD &&
			!is_suspect(&master->pool, i))
			settle_slot(master, i, ACCOUNT_UNMOVED, 0);
	}
}

static int64_t counter_of(const struct master *master)
{
	return master->now.count > 0 ? master->now.levels[0].oom_kill : -1;
}

/* v2 counts an OOM before the kernel prints its report, and the kill after it:
 * a reading from in between must not become what the next death is compared
 * with, or its own OOM would seem not to have happened. Which kill belongs to
 * which OOM cannot be told by numbers: each thread that meets the limit counts
 * an OOM of its own, of which one kills. So while a load is under way, the last
 * OOM is waited for, and only so long, for some end without a kill. */
static bool oom_without_kill(struct master *master)
{
	const struct scoreboard_readings *now = &master->now;
	const struct scoreboard_readings *then = &master->settled;
	int64_t ooms = 0, kills = 0;

	if (counter_of(master) < 0) {
		/* All that counts is the machine: whose it was is not known. */
		ooms = now->host_oom_kills - then->host_oom_kills;
	} else {
		kills = now->levels[0].oom_kill - then->levels[0].oom_kill;
		for (int i = 0; i < now->count; i++)
			ooms += now->levels[i].oom - then->levels[i].oom;
	}
	if (ooms != master->ooms_seen)
		master->oom_since_ms = now->at_ms;
	master->ooms_seen = ooms;
	return ooms > kills &&
	       (pool_busy(&master->pool) > 0 || counter_of(master) < 0) &&
	       now->at_ms - master->oom_since_ms < OOM_WAIT_MS;
}

/* Everything is explained: this is what the next death is compared with. */
static void settle_readings(struct master *master, bool some_died)
{
	master->stray_since_ms = 0;
	master->looks = 0;
	if (counter_of(master) != master->ledger.accounted ||
		oom_without_kill(master))
		return;
	master->ooms_seen = 0;
	elsewhere_settle(master, some_died);
	sampler_forget_usage(&master->sampler);
}

/* A kill was counted and nobody of ours has died of it, or is dying: wait a
 * little all the same, then say that it was a bystander. */
static bool look_for_strays(
	struct master *master, const struct ledger_look *look)
{
	int64_t now_ms = scoreboard_now_ms();
	int strays;

	if (look->dying > 0 || master->stray_since_ms == 0)
		master->stray_since_ms = now_ms;
	if (now_ms - master->stray_since_ms < STRAY_WAIT_MS)
		return true;
	ledger_settle(&master->ledger, look, NULL, 0, &strays);
	if (strays > 0)
		deaths_record_other(master, RECORD_BYSTANDER, ACCOUNT_PROVEN);
	settle_readings(master, false);
	return false;
}

/* Counter and dying as of one moment: if the counter moved while we looked who
 * is dying, the two do not belong together. */
static void look_at_dying(struct master *master, struct ledger_look *look)
{
	for (int i = 0; i < SNAPSHOT_TRIES; i++) {
		struct cgroup_reading *own = &master->now.levels[0];

		look->counter = counter_of(master);
		look->dying = sampler_dying(&master->pool);
		look->missing = sampler_missing(&master->sampler);
		cgroup_read(&master->sampler.cgroup, 0, own);
		if (counter_of(master) == look->counter)
			return;
	}
}

bool deaths_settle(struct master *master)
{
	struct ledger_death *deaths = master->suspects;
	int *slots = master->suspect_slots;
	struct ledger_look look;
	int64_t oldest_ms;
	int count, strays;

	settle_plain(master);
	sampler_read(&master->sampler, &master->now);
	sampler_note_usage(&master->sampler, &master->now);
	count = gather(master, slots, deaths, &oldest_ms);
	look = (struct ledger_look){.counter = counter_of(master)};
	if (count == 0 && look.counter <= master->ledger.accounted) {
		settle_readings(master, false);
		return false;
	}
	look_at_dying(master, &look);
	if (count == 0)
		return look_for_strays(master, &look);
	look.last = ++master->looks >= SETTLE_LOOKS &&
		    scoreboard_now_ms() - oldest_ms >= SETTLE_MOST_MS;
	if (!ledger_settle(&master->ledger, &look, deaths, count, &strays))
		return true;
	for (int i = 0; i < count; i++)
		settle_slot(master, slots[i],
			(enum oom_account)deaths[i].account, look.dying);
	if (strays > 0)
		deaths_record_other(master, RECORD_BYSTANDER, ACCOUNT_PROVEN);
	settle_readings(master, true);
	return false;
}

void deaths_record_other(
	struct master *master, enum record_kind kind, enum oom_account account)
{
	struct load_report nothing;
	struct scoreboard_death death = {
		.died_at_ms = scoreboard_now_ms(),
		.account = account,
		.host_least_bytes = sampler_host_least(
			&master->sampler, scoreboard_now_ms()),
		.before = master->settled,
		.after = master->now,
	};

	load_report_clear(&nothing);
	publish_record(master, kind, &nothing, &death);
}
