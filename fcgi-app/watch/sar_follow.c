/* SPDX-License-Identifier: MIT */
/*
 * A line a step as time goes on. A kill is recorded up to 600 ms after it fell,
 * so a line is held back for a moment: then the mark stands where it belongs. A
 * follower takes one of the threads that answer for minutes, so there are few
 * places, and whoever hangs up gives his back at once.
 */
#include "watch/sar_run.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>

#include "watch/sample_reader.h"
#include "watch/state.h"

#define PLACES	     8
#define HELD_BACK_MS 700  /* a line, for the sake of a kill's mark */
#define JITTER_MS    50	  /* by which a sample may miss its second */
#define LOOK_MS	     1000 /* one look in so long, if there is no shorter step */
#define SAMPLED_MS   100  /* nor more often than there are samples */
#define GRACE_MS     2000 /* for a last sample that does not come */
#define RETRY_S	     10

/* One follower: where he is, and until when he stays. */
struct follower {
	struct sar_run run;
	struct watch *watch;
	int64_t read_ms;   /* samples up to then were looked at */
	int64_t last_step; /* the last that gets a line */
};

/* The next look: when a step's sample may be shown. */
static int64_t next_look_ms(const struct follower *follower, int64_t now_ms)
{
	int64_t late_ms = HELD_BACK_MS + JITTER_MS;
	int64_t every_ms = follower->run.step_ms;

	if (every_ms > LOOK_MS)
		every_ms = LOOK_MS;
	if (every_ms < SAMPLED_MS)
		every_ms = SAMPLED_MS;
	return ((now_ms - late_ms) / every_ms + 1) * every_ms + late_ms;
}

/* Until then; false when the watch is to end or the client has hung up. */
static bool wait_until(const struct follower *follower, int64_t until_ms)
{
	struct pollfd fds[] = {
		{.fd = follower->watch->stop_fd, .events = POLLIN},
		{.fd = follower->run.x->fcgi->ipcFd, .events = POLLRDHUP},
	};

	for (;;) {
		int64_t left_ms = until_ms - scoreboard_now_ms();
		int count;

		if (left_ms <= 0)
			return true;
		/* A clock that was set back must not make it long. */
		if (left_ms > LOOK_MS)
			left_ms = LOOK_MS;
		count = poll(fds, 2, (int)left_ms);
		if (count > 0 || (count < 0 && errno != EINTR))
			return false;
	}
}

/* The first sample of the step that now is in; without one, now. */
static int64_t begin_ms(struct store *store, int64_t step_ms, int64_t now_ms)
{
	struct sample_query query = {
		.from_ms = now_ms / step_ms * step_ms, .to_ms = now_ms};
	struct sample_reader *reader = sample_reader_open(store, &query);
	const struct sample *first = reader ? sample_reader_next(reader) : NULL;
	int64_t at_ms = first ? first->at_ms : now_ms;

	sample_reader_close(reader);
	return at_ms;
}

/* What there is to show by now. Without memory for it: at the next look. */
static void look(struct follower *follower, int64_t now_ms)
{
	struct sar_run *run = &follower->run;
	struct sample_query query = {.from_ms = follower->read_ms + 1,
		.to_ms = now_ms - HELD_BACK_MS};
	struct sample_reader *reader =
		sample_reader_open(&follower->watch->store, &query);
	const struct sample *sample;

	if (!reader)
		return;
	sar_marks_look(&run->marks, query.to_ms);
	while (!run->failed && run->step < follower->last_step &&
		(sample = sample_reader_next(reader))) {
		if (sample->at_ms / run->step_ms > follower->last_step)
			break;
		sar_run_sample(run, sample);
		follower->read_ms = sample->at_ms;
	}
	sample_reader_close(reader);
	if (!run->failed)
		run->failed = http_flush(run->x) < 0;
}

static void follow(struct follower *follower)
{
	const struct sar_run *run = &follower->run;
	int64_t end_ms = (follower->last_step + 1) * run->step_ms +
			 HELD_BACK_MS + GRACE_MS;
	int64_t now_ms = scoreboard_now_ms();

	while (!run->failed && run->step < follower->last_step &&
		now_ms < end_ms &&
		wait_until(follower, next_look_ms(follower, now_ms))) {
		now_ms = scoreboard_now_ms();
		look(follower, now_ms);
	}
}

static void serve(struct http_exchange *x, enum sar_of of, int64_t step_ms,
	int64_t follow_ms)
{
	struct follower follower = {.watch = watch_of(x)};
	int64_t now_ms = scoreboard_now_ms();

	follower.read_ms = begin_ms(&follower.watch->store, step_ms, now_ms);
	follower.last_step = now_ms / step_ms + follow_ms / step_ms;
	if (http_begin(x, 200, SAR_TYPE) < 0)
		return;
	sar_run_begin(&follower.run, x, of, step_ms, follower.read_ms);
	if (http_flush(x) == 0)
		follow(&follower);
	sar_run_end(&follower.run);
}

static bool take_place(_Atomic int *followers)
{
	int taken = atomic_load(followers);

	while (taken < PLACES) {
		if (atomic_compare_exchange_weak(followers, &taken, taken + 1))
			return true;
	}
	return false;
}

int sar_follow(struct http_exchange *x, enum sar_of of, int64_t step_ms,
	int64_t follow_ms)
{
	_Atomic int *followers = &watch_of(x)->followers;

	if (strcmp(x->method, "HEAD") == 0) {
		if (http_begin(x, 200, SAR_TYPE) == 0)
			(void)http_flush(x);
		return 0;
	}
	if (!take_place(followers)) {
		http_problem(&x->problem, 503,
			"%d are following already, and no more can", PLACES);
		x->problem.retry_after_s = RETRY_S;
		return -1;
	}
	serve(x, of, step_ms, follow_ms);
	atomic_fetch_sub(followers, 1);
	return 0;
}
