/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_BOARD_H
#define OOMLAB_WATCH_BOARD_H

/*
 * The watch's hold on the scoreboard: mapped when it is there, mapped anew when
 * a master has put another in its place. Thread-safe.
 */
#include <pthread.h>

#include "readings/headroom.h"
#include "scoreboard/scoreboard.h"

#define BOARD_SILENT_MS 3000 /* a heartbeat older than this is no life */

struct board_map; /* one mapping, counted */

struct board {
	pthread_mutex_t lock;
	const char *run;
	struct board_map *map; /* NULL: none */
	int64_t looked_ms;     /* when the file was last looked at */
};

enum board_master {
	BOARD_GONE,   /* the lock is free: no master lives */
	BOARD_SILENT, /* one lives, but its heartbeat is old */
	BOARD_ALIVE,
	BOARD_UNKNOWN /* the lock could not be asked */
};

/* run is borrowed. */
void board_open(struct board *board, const char *run);
void board_close(struct board *board);

/* The scoreboard as it is now, valid until it is given back; NULL with errno:
 * ENOENT when there is none, EPROTO when it is of another version. */
const struct scoreboard *board_take(struct board *board);
void board_give(struct board *board, const struct scoreboard *taken);

/* Has the master read everything afresh, and waits for it: up to 250 ms, less
 * where no master answers. Then the header's readings are of now, or the last
 * that there are; at_ms tells. */
void board_refresh(const struct board *board, const struct scoreboard *taken);

/* taken may be NULL: then a living master is BOARD_SILENT. */
enum board_master board_master(
	const struct board *board, const struct scoreboard *taken);

/* A copy of the header: consistent if its writer lives, else what there is, but
 * nothing in it leads beyond an array. */
void board_read_header(
	const struct scoreboard *taken, struct scoreboard_header *out);

/* The binding limit and the headroom by the readings of such a copy; names is
 * load's cgroup without any open file. Where nothing was read yet the host's
 * figures become -1 in header. */
void board_limit(struct scoreboard_header *header, struct cgroup *names,
	struct limit *out);

/* A copy of a slot: consistent if its writer lives; what there is if the writer
 * died in mid-write, for that may be all that is left of a load. */
void board_read_slot(
	const struct scoreboard *taken, int slot, struct scoreboard_slot *out);

/* Whether a slot of that stage has a load or an answer under way. */
bool board_busy(enum slot_stage stage);

/* Whether it takes one of the pool's places; who only answers does not. */
bool board_has_place(enum slot_stage stage);

/* How many places are taken at this moment. */
int board_places_taken(const struct scoreboard *taken);

#endif
