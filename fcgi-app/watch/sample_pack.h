/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_SAMPLE_PACK_H
#define OOMLAB_WATCH_SAMPLE_PACK_H

/*
 * A sample as bytes: 150 of them with two workers, where the struct takes 500.
 * A later version reads what an earlier one wrote, and the other way round:
 * figures are only ever added at the end of the list. Kills are not in it, for
 * they are events. Pure.
 */
#include "scoreboard/scoreboard.h"
#include "views/sample.h"

#define SAMPLE_PACK_MAX 16384 /* of SCOREBOARD_SLOTS workers */

/* at_ms is left out. Returns how many bytes it took of SAMPLE_PACK_MAX. */
size_t sample_pack(const struct sample *sample, unsigned char *out);

/* Fills out but for at_ms and kills; workers has room for SCOREBOARD_SLOTS, and
 * out points to it. Whatever bytes come: what they do not tell is unknown. */
void sample_unpack(const unsigned char *bytes, size_t size,
	struct status_worker *workers, struct sample *out);

#endif
