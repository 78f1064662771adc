/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_ELSEWHERE_H
#define OOMLAB_LOAD_ELSEWHERE_H

/*
 * OOM kills on this machine that were none of this cgroup's, while a load grew:
 * somebody may have died in its place. The master's thread only.
 */
#include "load/master.h"

#define KILLS_UNKNOWN INT64_MIN /* of kills_elsewhere, at the start */

/* Keeps in mind that a load grows and that the host is low: to be called at
 * every turn, for a look waits while the dead are settled and memory comes
 * back, and by then the load that grew may be gone itself. */
void elsewhere_note(struct master *master);

/* To be called when everything was just read. */
void elsewhere_look(struct master *master);

/* What was read last becomes what the next death is compared with, but for the
 * marks of systemd-oomd's: those stay as they were for two seconds, or until
 * they have explained a death. */
void elsewhere_settle(struct master *master, bool some_died);

#endif
