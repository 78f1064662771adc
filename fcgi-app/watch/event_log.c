/* SPDX-License-Identifier: MIT */
/*
 * A worker under load is named after its request, so its line is found by name
 * across pid namespaces; a bystander is whoever is none of ours.
 */
#include "watch/event_log.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#define SURE_MS	  1000
#define UNSURE_MS 100
#define APART_MS  5000 /* a line and its death, for want of a better bound */
#define AHEAD_MS  1000 /* clocks, and the first moment of a load */

/* How long its line is worth waiting for: as sure as it is that there is one. */
static int wait_for(const struct scoreboard_death *death)
{
	return death->account == ACCOUNT_PROVEN ? SURE_MS : UNSURE_MS;
}

/* A SIGKILL, or nobody knows; all else is no OOM killer's, nor is what no
 * counter counted. */
static bool may_be_logged(const struct scoreboard_death *death)
{
	if (!death->reaped)
		return true;
	return WIFSIGNALED(death->wait_status) &&
	       WTERMSIG(death->wait_status) == SIGKILL &&
	       death->account != ACCOUNT_UNMOVED;
}

/* A worker under load is named after its request alone, so its line may have
 * been read at any time since it began; when it died may be known badly, if
 * another master or nobody reaped it. */
static void look_for_load(
	const struct load_report *load, struct kernel_log_search *search)
{
	search->to_ms = INT64_MAX;
	if (load->started_at_ms > 0)
		search->from_ms = load->started_at_ms - AHEAD_MS;
}

void event_log_join(struct event *event, const char *id, int64_t at_ms,
	const struct event_sources *sources)
{
	const struct scoreboard_record *record = &event->record;
	const struct scoreboard_death *death = &record->death;
	struct kernel_log_search search = {
		.from_ms = at_ms - APART_MS,
		.to_ms = at_ms + APART_MS,
		.until_ms = sources->may_wait ? at_ms + wait_for(death) : 0,
		.host_only = death->account != ACCOUNT_PROVEN,
	};
	char name[16] = WORKER_IDLE_NAME;

	if (!sources->log || sources->log->fd < 0)
		return;
	event->log.state = KERNEL_LOG_UNASKED;
	if (!may_be_logged(death))
		return;
	(void)snprintf(search.id, sizeof(search.id), "%s", id);
	if (record->kind != RECORD_BYSTANDER)
		search.comm = name;
	if (record->load.id[0]) {
		(void)snprintf(name, sizeof(name), WORKER_NAME_PREFIX "%.8s",
			record->load.id);
		look_for_load(&record->load, &search);
	} else if (search.comm) {
		search.pid = record->load.worker.pid; /* others are idle too */
	}
	kernel_log_find(sources->log, &search, &event->log);
	/* In another pid namespace its line cannot be told from others'. */
	if (search.pid != 0 && event->log.state == KERNEL_LOG_SILENT)
		event->log.state = KERNEL_LOG_UNASKED;
}
