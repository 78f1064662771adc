/* SPDX-License-Identifier: MIT */
/*
 * GET /forecast: the parameters of /hold, answered from what load's master
 * reads for it at that moment. The watch may live in another cgroup, so nothing of its own is
 * read but what the kernel has for both: the service's user and his quotas.
 */
#include "watch/handlers.h"

#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "http/load_params.h"
#include "readings/file.h"
#include "views/forecast.h"
#include "watch/state.h"

#define PIPE_QUOTA "/proc/sys/fs/pipe-user-pages-soft"

/* One look at load, and what is made of it. */
struct look {
	struct scoreboard_header header;
	struct cgroup cgroup; /* names alone: no file of it is open */
	struct forecast_worker workers[SCOREBOARD_SLOTS + 1];
	struct forecast_facts facts;
	struct limit limit;
	struct forecast_ask ask;
	struct forecast_report report;
};

static int64_t value_of(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->integer;
}

static bool is_given(const struct http_exchange *x, const char *name)
{
	return params_value(&x->params, name)->given;
}

static void add_load(
	const struct scoreboard_slot *slot, struct forecast_worker *worker)
{
	const struct load_report *load = &slot->load;

	(void)snprintf(worker->name, sizeof(worker->name),
		WORKER_NAME_PREFIX "%.8s", load->id);
	(void)snprintf(worker->kind, sizeof(worker->kind), "%s", load->kind);
	worker->score = (int32_t)load->oom_score_adj;
	worker->dies_container = load->dies_container;
	if (load->resident_bytes > 0)
		worker->held_bytes = load->resident_bytes;
	if (slot->stage <= SLOT_GROWING &&
		load->requested_bytes > worker->held_bytes)
		worker->yet_bytes = load->requested_bytes - worker->held_bytes;
}

/* Whoever is dead, or on the way, is nobody's victim any more. */
static void look_at_slot(
	const struct scoreboard *board, int at, struct look *look)
{
	struct forecast_worker *worker =
		&look->workers[look->facts.worker_count];
	struct scoreboard_slot slot;

	if (atomic_load(&board->slots[at].stage) == SLOT_FREE)
		return;
	board_read_slot(board, at, &slot);
	if (slot.stage <= SLOT_FREE || slot.stage >= SLOT_DEAD)
		return;
	*worker = (struct forecast_worker){.name = WORKER_IDLE_NAME,
		.pid = slot.pid,
		.rss_bytes = -1,
		.score = WORKER_IDLE_SCORE};
	if (atomic_load(&board->samples[at].at_ms) > 0)
		worker->rss_bytes = atomic_load(&board->samples[at].rss_bytes);
	if (slot.stage >= SLOT_ASKING && slot.stage <= SLOT_RELEASING)
		add_load(&slot, worker);
	look->facts.worker_count++;
}

/* The master is not sampled; at 0 it is the last that anybody would choose. */
static void add_master(struct look *look)
{
	struct forecast_worker *master =
		&look->workers[look->facts.worker_count++];

	*master = (struct forecast_worker){.name = MASTER_NAME,
		.pid = look->header.master_pid,
		.rss_bytes = -1};
}

/* As load's guard_decide() would: what may be promised, less what has been. */
static int64_t guard_bytes(const struct scoreboard_header *header)
{
	int64_t allows = header->pool.guard_allows_bytes;

	if (!header->guard_host || allows == INT64_MAX)
		return INT64_MAX;
	allows -= header->pool.promised_bytes;
	return allows > 0 ? allows : 0;
}

static int64_t locked_quota(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
		limit.rlim_cur == RLIM_INFINITY)
		return -1;
	return (int64_t)limit.rlim_cur;
}

/* pipe(7): pages, for all pipes of an unprivileged user; 0 is no limit. */
static int64_t pipe_quota(const char *root)
{
	int fd = file_open(root, PIPE_QUOTA);
	int64_t pages = -1;
	ssize_t length;
	char text[32];

	if (fd < 0)
		return -1;
	length = file_read_fd(fd, text, sizeof(text));
	if (length > 0)
		pages = file_number(text, text + length);
	close(fd);
	return pages > 0 ? pages * sysconf(_SC_PAGESIZE) : -1;
}

/* Load runs as the same user; a privileged one has none. */
static int64_t quota(const char *kind, const struct config *config)
{
	if (geteuid() == 0)
		return -1;
	if (strcmp(kind, "locked") == 0)
		return locked_quota();
	return strcmp(kind, "pipe") == 0 ? pipe_quota(config->root) : -1;
}

static bool on_tmpfs(const char *directory)
{
	struct statfs fs;

	return statfs(directory, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

static void look_at_load(const struct watch *watch,
	const struct scoreboard *board, struct look *look)
{
	struct forecast_facts *facts = &look->facts;
	enum board_master master = board_master(&watch->board, board);

	board_refresh(&watch->board, board);
	board_read_header(board, &look->header);
	board_limit(&look->header, &look->cgroup, &look->limit);
	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		look_at_slot(board, i, look);
	add_master(look);
	facts->cgroup = &look->cgroup;
	facts->levels = look->header.now.levels;
	facts->host = &look->header.now.host;
	facts->workers = look->workers;
	facts->page_bytes = sysconf(_SC_PAGESIZE);
	facts->guard_bytes = guard_bytes(&look->header);
	facts->scratch_is_tmpfs = on_tmpfs(watch->config->scratch);
	facts->has_place = board_places_taken(board) < look->header.pool.max;
	facts->is_alive = master != BOARD_GONE;
}

/* Without within there is always time enough for the rate. */
static int64_t reach(const struct http_exchange *x)
{
	__int128 bytes;

	if (!is_given(x, "rate") || !is_given(x, "within"))
		return INT64_MAX;
	bytes = (__int128)value_of(x, "rate") * value_of(x, "within") / 1000;
	bytes += is_given(x, "first") ? value_of(x, "first") : 0;
	return bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX;
}

static int read_ask(struct http_exchange *x, const struct limit *limit,
	struct forecast_ask *ask)
{
	int64_t most_ms = watch_of(x)->config->max_hold_ms, hold_ms;

	ask->kind = params_word(&x->params, "kind");
	ask->score = (int32_t)value_of(x, "score");
	ask->reach_bytes = reach(x);
	ask->dies_container = value_of(x, "dies") == DIES_CONTAINER;
	ask->leave_bytes = -1;
	if (load_params_share(x, "size", limit->bytes, &ask->bytes) < 0 ||
		load_params_hold(x, 0, most_ms, &hold_ms) < 0)
		return -1;
	return is_given(x, "leave") ? load_params_share(x, "leave",
					      limit->bytes, &ask->leave_bytes)
				    : 0;
}

static int answer(struct http_exchange *x, struct look *look)
{
	if (read_ask(x, &look->limit, &look->ask) < 0)
		return -1;
	look->facts.quota_bytes = quota(look->ask.kind, watch_of(x)->config);
	forecast_make(&look->facts, &look->ask, &look->report.forecast);
	forecast_report_lists(&look->report);
	return view_send(x, 200, &forecast_view, &look->report);
}

int forecast_show(struct http_exchange *x)
{
	struct watch *watch = watch_of(x);
	const struct scoreboard *board = board_take(&watch->board);
	struct look *look;
	int result;

	if (!board)
		return http_problem(&x->problem, 503,
			"load has not been started yet: there is no "
			"scoreboard");
	look = calloc(1, sizeof(*look));
	if (look)
		look_at_load(watch, board, look);
	board_give(&watch->board, board);
	if (!look)
		return http_problem(
			&x->problem, 500, "No memory for the forecast");
	result = answer(x, look);
	free(look);
	return result;
}
