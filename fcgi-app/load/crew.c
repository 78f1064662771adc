/* SPDX-License-Identifier: MIT */
/*
 * A step is cut into as many parts as there are threads; who is free takes
 * the next one, the last one done rings. Stacks are small: an idle worker
 * keeps what glibc caches of them.
 */
#include "load/crew.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "load/spec.h"

#define STACK_BYTES ((size_t)64 << 10)
#define SLICE_NS    UINT64_C(100000000) /* the longest that may be set */

/* sched_setattr(2)'s first form, which this C library has no name for. */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

static void ring(int fd, uint64_t times)
{
	(void)!write(fd, &times, sizeof(times));
}

static int64_t part_edge(const struct crew *crew, int part)
{
	int64_t whole = crew->to - crew->from;

	return crew->from + whole * part / crew->count;
}

/* Slice by slice, so that progress is told and a stop is heeded. */
static int grow_range(struct crew *crew, int64_t from, int64_t to)
{
	const struct ballast_kind *kind = crew->ballast->spec->kind;
	int64_t slice = crew->slice_bytes;

	while (from < to && !atomic_load(&crew->stop)) {
		int64_t next = to - from < slice ? to : from + slice;

		if (kind->grow(crew->ballast, from, next) < 0)
			return -1;
		__atomic_fetch_add(crew->grown, next - from, __ATOMIC_RELAXED);
		from = next;
		if (crew->after_slice)
			slice = crew->after_slice(crew->context);
	}
	return 0;
}

static void do_part(struct crew *crew)
{
	int part = atomic_fetch_add(&crew->next, 1);

	if (grow_range(crew, part_edge(crew, part), part_edge(crew, part + 1)) <
		0) {
		atomic_store(&crew->fault, errno);
		atomic_store(&crew->stop, true);
	}
	if (atomic_fetch_sub(&crew->left, 1) == 1)
		ring(crew->done_fd, 1);
}

/* A crew yields to whoever answers: by its nice value, and by a long slice,
 * for a thread that wakes with a shorter one need not wait for the end of it
 * (Linux 6.12, PREEMPT_SHORT in kernel/sched/features.h; before, the slice is
 * passed over). For this thread alone: sched_setattr(2). */
static void yield_to_others(int niceness)
{
	struct scheduling attributes = {
		.size = sizeof(attributes),
		.policy = SCHED_OTHER,
		.nice = niceness,
		.runtime_ns = SLICE_NS,
	};

	(void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

static void *work(void *context)
{
	struct crew *crew = context;
	uint64_t one;

	yield_to_others(crew->niceness);
	for (;;) {
		if (read(crew->start_fd, &one, sizeof(one)) < 0)
			continue; /* EINTR */
		if (atomic_load(&crew->dismissed))
			return NULL;
		do_part(crew);
	}
}

static int start_threads(struct crew *crew, int count)
{
	pthread_attr_t attributes;
	int fault = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	while (crew->count < count && fault == 0) {
		fault = pthread_create(
			&crew->threads[crew->count], &attributes, work, crew);
		crew->count += fault == 0;
	}
	pthread_attr_destroy(&attributes);
	errno = fault;
	return crew->count > 0 ? 0 : -1;
}

int crew_open(struct crew *crew, struct ballast *ballast, int count,
	int niceness, int64_t slice_bytes, int64_t *grown)
{
	int saved;

	*crew = (struct crew){
		.after_slice = crew->after_slice, .context = crew->context};
	crew->ballast = ballast;
	crew->niceness = niceness;
	crew->slice_bytes = slice_bytes;
	crew->grown = grown;
	crew->start_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
	crew->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (crew->start_fd >= 0 && crew->done_fd >= 0 &&
		start_threads(crew, count < CREW_MAX ? count : CREW_MAX) == 0)
		return 0;
	saved = errno;
	crew_close(crew);
	errno = saved;
	return -1;
}

void crew_begin(struct crew *crew, int64_t from, int64_t to)
{
	crew->from = from;
	crew->to = to;
	atomic_store(&crew->next, 0);
	atomic_store(&crew->fault, 0);
	atomic_store(&crew->left, crew->count);
	atomic_store(&crew->stop, false);
	ring(crew->start_fd, (uint64_t)crew->count);
}

void crew_stop(struct crew *crew)
{
	atomic_store(&crew->stop, true);
}

void crew_wait(const struct crew *crew)
{
	struct pollfd fd = {.fd = crew->done_fd, .events = POLLIN};

	while (poll(&fd, 1, -1) < 1)
		; /* EINTR */
}

int crew_end(struct crew *crew)
{
	uint64_t rung;

	(void)!read(crew->done_fd, &rung, sizeof(rung));
	errno = atomic_load(&crew->fault);
	return errno ? -1 : 0;
}

void crew_close(struct crew *crew)
{
	if (crew->count == 0 && crew->start_fd == 0)
		return; /* never opened */
	atomic_store(&crew->dismissed, true);
	ring(crew->start_fd, (uint64_t)crew->count);
	for (int i = 0; i < crew->count; i++)
		pthread_join(crew->threads[i], NULL);
	if (crew->start_fd >= 0)
		close(crew->start_fd);
	if (crew->done_fd >= 0)
		close(crew->done_fd);
	memset(crew, 0, sizeof(*crew));
	crew->start_fd = crew->done_fd = -1;
}
