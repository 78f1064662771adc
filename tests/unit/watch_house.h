/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_WATCH_HOUSE_H
#define OOMLAB_TESTS_WATCH_HOUSE_H

/*
 * A watch without threads before a scoreboard in a temporary directory, and a
 * child process that holds the master's lock there, or not. Include after
 * cmocka.h.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "watch/state.h"
#include "watch/watch.h"

struct house {
	char run[64];
	struct config config;
	struct watch watch;
	struct scoreboard *board; /* the master's, to write to */
	pid_t master;		  /* 0: none lives */
};

static struct house house;

/* A living master: the lock is a process's, so it takes one. */
static inline void house_master_starts(void)
{
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	house.master = fork();
	if (house.master == 0) {
		if (scoreboard_lock(house.run) == 0)
			(void)!write(ready[1], "x", 1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	atomic_store(&house.board->header.heartbeat_ms, scoreboard_now_ms());
}

static inline void house_master_dies(void)
{
	if (house.master <= 0)
		return;
	kill(house.master, SIGKILL);
	waitpid(house.master, NULL, 0);
	house.master = 0;
}

static inline int house_open(void **state)
{
	struct scoreboard_header *header;

	(void)state;
	memset(&house, 0, sizeof(house));
	strcpy(house.run, "/tmp/oomlab-test-XXXXXX");
	if (!mkdtemp(house.run))
		return -1;
	strcpy(house.config.run, house.run);
	strcpy(house.config.hosts, "oom.example");
	house.config.watch_routes = watch_routes;
	house.watch.config = &house.config;
	house.watch.stop_fd = eventfd(0, EFD_CLOEXEC);
	board_open(&house.watch.board, house.config.run);
	pthread_mutex_init(&house.watch.collector.lock, NULL);
	house.watch.kernel_log.fd = -1;
	meter_open(&house.watch.meter);
	house.board = scoreboard_create(house.run);
	if (!house.board)
		return -1;
	header = &house.board->header;
	header->cgroup_version = 1;
	header->level_count = 1;
	header->started_at_ms = scoreboard_now_ms() - 60000;
	strcpy(header->levels[0].path, "/lab");
	strcpy(header->levels[0].source, "/sys/fs/cgroup/memory/lab/"
					 "memory.limit_in_bytes");
	header->now.at_ms = scoreboard_now_ms();
	header->now.count = 1;
	memset(&header->now.levels[0], 0xff, sizeof(header->now.levels[0]));
	header->now.levels[0].limit_bytes = INT64_C(2) << 30;
	header->now.levels[0].usage_bytes = INT64_C(1) << 30;
	header->now.host.total_bytes = INT64_C(16) << 30;
	header->now.host.available_bytes = INT64_C(9) << 30;
	header->pool.max = 4;
	header->guard_host = 1;
	return store_open(&house.watch.store, NULL);
}

static inline int house_close(void **state)
{
	char command[128];

	(void)state;
	house_master_dies();
	store_close(&house.watch.store);
	board_close(&house.watch.board);
	scoreboard_unmap(house.board);
	close(house.watch.stop_fd);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", house.run);
	return system(command);
}

/* What a worker would have written: id may be NULL for an idle one. */
static inline void house_slot(int slot, enum slot_stage stage, const char *id)
{
	struct scoreboard_slot *at = &house.board->slots[slot];

	scoreboard_begin(&at->version);
	load_report_clear(&at->load);
	if (id)
		strcpy(at->load.id, id);
	at->load.requested_bytes = INT64_C(900) << 20;
	at->load.resident_bytes = INT64_C(300) << 20;
	at->load.state = LOAD_GROWING;
	at->load.started_at_ms = scoreboard_now_ms();
	at->pid = 100 + slot;
	atomic_store(&at->stage, (int32_t)stage);
	scoreboard_end(&at->version);
}

#define HOUSE(test) \
	cmocka_unit_test_setup_teardown(test, house_open, house_close)

#endif
