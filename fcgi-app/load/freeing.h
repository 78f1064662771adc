/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_FREEING_H
#define OOMLAB_LOAD_FREEING_H

/*
 * What the cgroup holds when no load is under way, and whether the memory of
 * one that has died is still on its way back. The master's thread only.
 */
#include "load/master.h"

/* To be called at a tick when no load is under way and everything was just
 * read: what is held now, and who lives here, is what later readings are
 * compared with. Does nothing shortly after a load's end. */
void freeing_know_quiet(struct master *master);

/* Whether a death is to wait with being told: its memory is not back yet, and
 * nobody grows who would take it again. Never for longer than 300 ms. Reads
 * the usage, where there is such a death. */
bool freeing_under_way(const struct master *master);

#endif
