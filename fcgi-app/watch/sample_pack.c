/* SPDX-License-Identifier: MIT */
/*
 * Figures as LEB128 (DWARF 5, section 7.6), 7 bits a byte: 0 is unknown, 1 no
 * limit, and what is left is the figure plus 2. How many figures there are
 * stands before them, so that what a later version added is passed over.
 */
#include "watch/sample_pack.h"

#include <string.h>

#define UNKNOWN	 0
#define NO_LIMIT 1
#define SHIFT	 2 /* from a figure to its code */
#define ID_BYTES 16

#define HOST(member)   offsetof(struct sample, host.member)
#define CGROUP(member) offsetof(struct sample, cgroup.member)

/* In the order in which they are written: to be added to at the end alone. */
static const size_t figures[] = {
	HOST(memory.total_bytes),
	HOST(memory.free_bytes),
	HOST(memory.available_bytes),
	HOST(memory.buffers_bytes),
	HOST(memory.cached_bytes),
	HOST(memory.active_bytes),
	HOST(memory.inactive_bytes),
	HOST(memory.dirty_bytes),
	HOST(memory.anon_bytes),
	HOST(memory.shmem_bytes),
	HOST(memory.slab_bytes),
	HOST(memory.slab_reclaimable_bytes),
	HOST(memory.kernel_stack_bytes),
	HOST(memory.page_tables_bytes),
	HOST(memory.vmalloc_used_bytes),
	HOST(memory.commit_limit_bytes),
	HOST(memory.committed_bytes),
	HOST(memory.swap_total_bytes),
	HOST(memory.swap_free_bytes),
	HOST(oom_kills),
	HOST(psi.some_us),
	HOST(psi.full_us),
	CGROUP(limit_bytes),
	CGROUP(usage_bytes),
	CGROUP(peak_bytes),
	CGROUP(working_set_bytes),
	CGROUP(headroom_bytes),
	CGROUP(anon_bytes),
	CGROUP(file_bytes),
	CGROUP(shmem_bytes),
	CGROUP(kernel_bytes),
	CGROUP(slab_bytes),
	CGROUP(swap_bytes),
	CGROUP(inactive_file_bytes),
	CGROUP(oom_kills),
	CGROUP(psi.some_us),
	CGROUP(psi.full_us),
};

enum { FIGURES = sizeof(figures) / sizeof(figures[0]) };

_Static_assert(
	FIGURES == (sizeof(struct sample_host) + sizeof(struct sample_cgroup)) /
			   sizeof(int64_t),
	"every figure of a sample is kept");

static unsigned char *put(unsigned char *to, uint64_t code)
{
	for (; code > 0x7f; code >>= 7)
		*to++ = (unsigned char)(code | 0x80);
	*to++ = (unsigned char)code;
	return to;
}

static unsigned char *put_figure(unsigned char *to, int64_t figure)
{
	if (figure == INT64_MAX)
		return put(to, NO_LIMIT);
	return put(to, figure < 0 ? UNKNOWN : (uint64_t)figure + SHIFT);
}

static int hex(char digit)
{
	return digit >= 'a' ? digit - 'a' + 10 : digit - '0';
}

static unsigned char *put_id(unsigned char *to, const char *id)
{
	*to++ = id[0] != '\0';
	for (int i = 0; id[0] && i < ID_BYTES; i++)
		*to++ = (unsigned char)(hex(id[2 * i]) << 4 |
					hex(id[2 * i + 1]));
	return to;
}

size_t sample_pack(const struct sample *sample, unsigned char *out)
{
	unsigned char *to = put(out, FIGURES);

	for (int i = 0; i < FIGURES; i++) {
		int64_t figure;

		memcpy(&figure, (const char *)sample + figures[i],
			sizeof(figure));
		to = put_figure(to, figure);
	}
	to = put_figure(to, sample->worker_count);
	for (int32_t i = 0; i < sample->worker_count; i++) {
		const struct status_worker *worker = &sample->workers[i];

		to = put_figure(to, worker->slot);
		to = put_figure(to, worker->pid);
		to = put_figure(to, worker->state);
		to = put_figure(to, worker->rss_bytes);
		to = put_id(to, worker->load);
	}
	return (size_t)(to - out);
}

/* What is left to read; past its end all is UNKNOWN. */
struct input {
	const unsigned char *at, *end;
};

static uint64_t take(struct input *in)
{
	uint64_t code = 0;

	for (int shift = 0; in->at < in->end && shift < 64; shift += 7) {
		unsigned char byte = *in->at++;

		code |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return code;
	}
	return UNKNOWN;
}

static int64_t take_figure(struct input *in)
{
	uint64_t code = take(in);

	if (code == NO_LIMIT)
		return INT64_MAX;
	return code < SHIFT || code - SHIFT > INT64_MAX
		       ? FIELD_ABSENT
		       : (int64_t)(code - SHIFT);
}

static void take_id(struct input *in, char *id)
{
	static const char digits[] = "0123456789abcdef";

	memset(id, 0, 2 * ID_BYTES + 1);
	if (in->end - in->at < 1 || !*in->at++ || in->end - in->at < ID_BYTES)
		return;
	for (int i = 0; i < ID_BYTES; i++) {
		id[2 * i] = digits[*in->at >> 4];
		id[2 * i + 1] = digits[*in->at++ & 0xf];
	}
}

static void take_worker(struct input *in, struct status_worker *worker)
{
	int64_t state;

	worker->slot = take_figure(in);
	worker->pid = take_figure(in);
	state = take_figure(in);
	worker->state =
		state < 0 || state > SLOT_DEAD ? SLOT_FREE : (int32_t)state;
	worker->rss_bytes = take_figure(in);
	take_id(in, worker->load);
}

void sample_unpack(const unsigned char *bytes, size_t size,
	struct status_worker *workers, struct sample *out)
{
	struct input in = {bytes, bytes + size};
	uint64_t count = take(&in);
	int64_t worker_count;

	sample_clear(out);
	for (uint64_t i = 0; i < count && in.at < in.end; i++) {
		int64_t figure = take_figure(&in);

		if (i < FIGURES)
			memcpy((char *)out + figures[i], &figure,
				sizeof(figure));
	}
	out->workers = workers;
	worker_count = take_figure(&in);
	if (worker_count < 0 || worker_count > SCOREBOARD_SLOTS)
		return;
	out->worker_count = (int32_t)worker_count;
	for (int32_t i = 0; i < out->worker_count; i++)
		take_worker(&in, &workers[i]);
}
