/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_WATCH_H
#define OOMLAB_WATCH_WATCH_H

/*
 * What tells: `oomlab watch`. The rest of the program sees only this.
 */
#include "config.h"
#include "http/route.h"

#define WATCH_HEALTH_SOCKET "health.sock" /* in OOMLAB_RUN */

/* Answers on the listening socket at descriptor 0 (spawn-fcgi's), and health
 * on a socket of its own, until SIGTERM or SIGINT. The exit status: 0, or 1
 * after a line on stderr when it could not start. */
int watch_main(const struct config *config);

/* The routes that the watch answers, ended by a NULL path. */
extern const struct route watch_routes[];

#endif
