/* SPDX-License-Identifier: MIT */
/*
 * What the master reads, and when it may believe it. The order matters to the
 * ledger: counters first, then who is dying, for the kernel counts a kill
 * before it sends the signal. Strangers are processes that share the cgroup
 * with load (a shell in the container, a test's bystander): one that has left
 * may be the victim that a counter tells of.
 */
#include "load/sampler.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readings/file.h"
#include "readings/process.h"

int sampler_open(struct sampler *sampler, const char *root)
{
	memset(sampler, 0, sizeof(*sampler));
	sampler->procs_fd = -1;
	if (meminfo_open(&sampler->host, root) < 0)
		return -1;
	if (cgroup_open(&sampler->cgroup, root) < 0)
		return -1;
	if (sampler->cgroup.version != 0)
		sampler->procs_fd =
			open(sampler->cgroup.procs_path, O_RDONLY | O_CLOEXEC);
	return 0;
}

void sampler_read(
	const struct sampler *sampler, struct scoreboard_readings *out)
{
	out->at_ms = scoreboard_now_ms();
	out->count = sampler->cgroup.count;
	for (int i = 0; i < sampler->cgroup.count; i++)
		cgroup_read(&sampler->cgroup, i, &out->levels[i]);
	meminfo_read(&sampler->host, &out->host);
	out->host_oom_kills = meminfo_oom_kills(&sampler->host);
}

void sampler_workers(struct pool *pool, int64_t now_ms)
{
	for (int i = 0; i < pool->high; i++) {
		struct pool_worker *worker = &pool->workers[i];
		struct scoreboard_sample *sample = &pool->board->samples[i];
		int64_t rss_bytes = -1;

		if (worker->pid > 0 && worker->statm_fd >= 0)
			rss_bytes = process_statm_rss(worker->statm_fd);
		if (rss_bytes > 0) {
			worker->last_sample_ms = now_ms;
			worker->last_rss_bytes = rss_bytes;
		}
		atomic_store(&sample->rss_bytes, rss_bytes);
		atomic_store(&sample->at_ms, now_ms);
	}
}

int sampler_dying(const struct pool *pool)
{
	int dying = 0;

	for (int i = 0; i < pool->high; i++) {
		const struct pool_worker *worker = &pool->workers[i];
		struct process_status status;

		if (worker->pid == 0 || worker->condemned ||
			process_status_read_fd(worker->status_fd, &status) < 0)
			continue;
		dying += status.sigkill_pending || status.state == 'Z' ||
			 status.state == 'X';
	}
	return dying;
}

/* A pid of 0 stands for a process of another pid namespace: it cannot be told
 * apart from others of that kind, so it is left out. */
static void list_strangers(
	int procs_fd, const struct pool *pool, struct strangers *out)
{
	char text[16384];
	char *at = text;

	out->count = 0;
	if (procs_fd < 0 || file_read_fd(procs_fd, text, sizeof(text)) < 0)
		return;
	while (*at && out->count < SAMPLER_STRANGERS) {
		char *end;
		pid_t pid = (pid_t)strtol(at, &end, 10);

		if (end == at)
			break;
		at = end + strspn(end, "\n");
		if (pid > 0 && pid != getpid() && pool_find(pool, pid) < 0)
			out->pid[out->count++] = pid;
	}
}

void sampler_know_strangers(struct sampler *sampler, const struct pool *pool)
{
	list_strangers(sampler->procs_fd, pool, &sampler->strangers);
}

static bool is_among(const struct strangers *strangers, pid_t pid)
{
	for (int i = 0; i < strangers->count; i++) {
		if (strangers->pid[i] == pid)
			return true;
	}
	return false;
}

int sampler_missing(const struct sampler *sampler, const struct pool *pool)
{
	struct strangers now;
	int missing = 0;

	if (sampler->strangers.count == 0)
		return 0;
	list_strangers(sampler->procs_fd, pool, &now);
	for (int i = 0; i < sampler->strangers.count; i++)
		missing += !is_among(&now, sampler->strangers.pid[i]);
	return missing;
}
