/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_LOAD_H
#define OOMLAB_LOAD_LOAD_H

/*
 * What dies: `oomlab load`. The rest of the program sees only this.
 */
#include "config.h"
#include "http/route.h"

/* Runs the master on the listening socket at descriptor 0 (spawn-fcgi's)
 * until SIGTERM or SIGINT has drained it. The exit status: 0, or 1 after a
 * line on stderr when it could not start. */
int load_main(const struct config *config);

/* The routes that a worker answers, ended by a NULL path. */
extern const struct route load_routes[];

#endif
