/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SERVE_H
#define OOMLAB_WATCH_SERVE_H

/*
 * The threads that answer.
 */
#include "watch/state.h"

/* Who answers where: one such struct for each group of threads, shared. */
struct serve_group {
	struct watch *watch;
	int listen_fd; /* non-blocking */
	int timeout_s; /* for what comes from and goes to a client */
	pthread_mutex_t turn; /* one of the group waits, the others sleep */
};

/* pthread_create(3)'s; group is a struct serve_group. Ends with the watch. */
void *serve_run(void *group);

#endif
