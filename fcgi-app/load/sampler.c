/* SPDX-License-Identifier: MIT */
/*
 * What the master reads, and when it may believe it. The order matters to the
 * ledger: counters first, then who is dying, for the kernel counts a kill
 * before it sends the signal. Strangers are processes that share the cgroup
 * with load (a shell in the container, a test's bystander): one that has left
 * may be the victim that a counter tells of.
 */
#include "load/sampler.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readings/file.h"
#include "readings/headroom.h"
#include "readings/process.h"

#define FASTEST_BYTES_PER_MS ((int64_t)16 << 20) /* growth, 16 GB/s */
#define AROUND_MS	     1000		 /* before a death */
#define LOOK_LEAST_MS	     3
#define LOOK_MOST_MS	     100

int sampler_open(struct sampler *sampler, const char *root)
{
	memset(sampler, 0, sizeof(*sampler));
	if (meminfo_open(&sampler->host, root) < 0)
		return -1;
	return cgroup_open(&sampler->cgroup, root);
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
	meminfo_pressure(&sampler->host, &out->host_pressure);
}

int64_t sampler_limit(const struct scoreboard_readings *readings)
{
	int64_t tightest = readings->host.total_bytes;

	for (int i = 0; i < readings->count; i++) {
		int64_t limit = headroom_limit_of_level(&readings->levels[i]);

		if (limit < tightest)
			tightest = limit;
	}
	return tightest;
}

static void note_usage(struct sampler *sampler, int level, int64_t bytes)
{
	if (bytes > sampler->most_usage_bytes[level])
		sampler->most_usage_bytes[level] = bytes;
}

/* The least of the last second or so. */
static void note_host(struct sampler *sampler, int64_t available_bytes)
{
	int64_t now_ms = scoreboard_now_ms();

	if (available_bytes < 0)
		return;
	if (available_bytes == 0)
		available_bytes = 1; /* 0 is that nobody looked */
	if (sampler->host_least_bytes > 0 &&
		available_bytes >= sampler->host_least_bytes &&
		now_ms - sampler->host_least_ms < AROUND_MS)
		return;
	sampler->host_least_bytes = available_bytes;
	sampler->host_least_ms = now_ms;
}

void sampler_note_usage(
	struct sampler *sampler, const struct scoreboard_readings *readings)
{
	for (int i = 0; i < readings->count; i++)
		note_usage(sampler, i, readings->levels[i].usage_bytes);
	note_host(sampler, readings->host.available_bytes);
}

void sampler_forget_usage(struct sampler *sampler)
{
	memcpy(sampler->older_usage_bytes, sampler->most_usage_bytes,
		sizeof(sampler->older_usage_bytes));
	sampler->forgotten_ms = scoreboard_now_ms();
	memset(sampler->most_usage_bytes, 0, sizeof(sampler->most_usage_bytes));
}

static void take_most(
	int64_t out[CGROUP_LEVELS], const int64_t seen[CGROUP_LEVELS])
{
	for (int i = 0; i < CGROUP_LEVELS; i++) {
		if (seen[i] > out[i])
			out[i] = seen[i];
	}
}

void sampler_most_usage(const struct sampler *sampler, const struct pool *pool,
	int64_t died_ms, int64_t out[CGROUP_LEVELS])
{
	memcpy(out, sampler->most_usage_bytes,
		sizeof(sampler->most_usage_bytes));
	if (died_ms - sampler->forgotten_ms < AROUND_MS)
		take_most(out, sampler->older_usage_bytes);
	for (int i = 0; i < pool->high; i++) {
		const struct scoreboard_slot *slot = &pool->board->slots[i];
		int64_t seen[CGROUP_LEVELS];

		if (died_ms - atomic_load(&slot->usage_ms) >= AROUND_MS)
			continue;
		for (int level = 0; level < CGROUP_LEVELS; level++)
			seen[level] = atomic_load(&slot->usage_bytes[level]);
		take_most(out, seen);
	}
}

int64_t sampler_host_least(const struct sampler *sampler, int64_t died_ms)
{
	return died_ms - sampler->host_least_ms < AROUND_MS
		       ? sampler->host_least_bytes
		       : 0;
}

/* How long until what is free of a limit can be taken, at the most. */
static int wait_for(int64_t free_bytes)
{
	int64_t wait_ms = free_bytes / FASTEST_BYTES_PER_MS;

	if (wait_ms < LOOK_LEAST_MS)
		return LOOK_LEAST_MS;
	return wait_ms < LOOK_MOST_MS ? (int)wait_ms : LOOK_MOST_MS;
}

int sampler_look_at_usage(
	struct sampler *sampler, const struct scoreboard_readings *readings)
{
	struct meminfo host;
	int soonest;

	meminfo_read(&sampler->host, &host);
	note_host(sampler, host.available_bytes);
	soonest = wait_for(host.available_bytes);
	for (int i = 0; i < readings->count; i++) {
		int64_t usage = cgroup_usage(&sampler->cgroup, i);
		int64_t limit = headroom_limit_of_level(&readings->levels[i]);
		int wait = wait_for(limit - usage);

		note_usage(sampler, i, usage);
		if (wait < soonest)
			soonest = wait;
	}
	return soonest;
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

/* The file is opened afresh: v1 answers a kept descriptor from a list that is
 * up to a second old (kernel/cgroup/cgroup-v1.c, cgroup_pidlist_start), in
 * which workers that were reaped since would look like strangers. A pid of 0
 * stands for a process of another pid namespace: it cannot be told apart from
 * others of that kind, so it is left out. */
void sampler_know_strangers(struct sampler *sampler, const struct pool *pool)
{
	struct strangers *strangers = &sampler->strangers;
	char text[16384];
	char *at = text;
	int fd = open(sampler->cgroup.procs_path, O_RDONLY | O_CLOEXEC);

	strangers->count = 0;
	if (fd < 0)
		return;
	if (file_read_fd(fd, text, sizeof(text)) < 0)
		text[0] = '\0';
	close(fd);
	while (*at && strangers->count < SAMPLER_STRANGERS) {
		char *end;
		pid_t pid = (pid_t)strtol(at, &end, 10);

		if (end == at)
			break;
		at = end + strspn(end, "\n");
		if (pid > 0 && pid != getpid() && pool_find(pool, pid) < 0)
			strangers->pid[strangers->count++] = pid;
	}
}

int sampler_missing(const struct sampler *sampler)
{
	int missing = 0;

	for (int i = 0; i < sampler->strangers.count; i++)
		missing += kill(sampler->strangers.pid[i], 0) < 0 &&
			   errno == ESRCH;
	return missing;
}
