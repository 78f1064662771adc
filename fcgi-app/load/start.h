/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_START_H
#define OOMLAB_LOAD_START_H

/*
 * From a config to a master that can run. load/ only.
 */
#include "load/master.h"

/* 0, or -1 after a line on stderr that says what is missing. */
int start_all(struct master *master);

#endif
