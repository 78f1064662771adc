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

/* How long its line is worth waiting for: as sure as it is that there is one. */
static int wait_for(const struct scoreboard_death *death)
{
	if (death->account == ACCOUNT_PROVEN)
		return SURE_MS;
	return death->account == ACCOUNT_UNMOVED ? 0 : UNSURE_MS;
}

/* A SIGKILL, or nobody knows; all else is no OOM killer's. */
static bool may_be_logged(const struct scoreboard_death *death)
{
	return !death->reaped ||
	       (WIFSIGNALED(death->wait_status) &&
		       WTERMSIG(death->wait_status) == SIGKILL);
}

void event_log_join(struct event *event, const char *id, int64_t at_ms,
	struct kernel_log *log)
{
	const struct scoreboard_record *record = &event->record;
	struct kernel_log_search search = {
		.pid = record->load.worker.pid,
		.at_ms = at_ms,
		.wait_ms = wait_for(&record->death),
		.host_only = record->death.account != ACCOUNT_PROVEN,
	};
	char name[16] = WORKER_IDLE_NAME;

	if (!log || log->fd < 0)
		return;
	event->log.state = KERNEL_LOG_UNASKED;
	if (!may_be_logged(&record->death))
		return;
	(void)snprintf(search.id, sizeof(search.id), "%s", id);
	if (record->load.id[0])
		(void)snprintf(name, sizeof(name), WORKER_NAME_PREFIX "%.8s",
			record->load.id);
	if (record->kind != RECORD_BYSTANDER)
		search.comm = name;
	kernel_log_find(log, &search, &event->log);
}
