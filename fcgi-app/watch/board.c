/* SPDX-License-Identifier: MIT */
/*
 * The mapping is counted, because a thread may be waiting on the bell of the
 * old scoreboard while another finds that it has been replaced. Every page is
 * touched when it is mapped: it is tmpfs and there anyway, and the watch's
 * resident memory is then the same before and after a storm.
 */
#include "watch/board.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scoreboard/control.h"

#define LOOK_EVERY_MS	1000
#define REFRESH_WAIT_MS 250 /* for a master that is busy with a storm */

struct board_map {
	const struct scoreboard *board;
	dev_t device;
	ino_t inode;
	int users;		 /* the struct board itself is one */
	struct board_map *older; /* replaced, but still in use */
};

static int file_stat(const struct board *board, struct stat *st)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", board->run,
		    SCOREBOARD_FILE) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return stat(path, st);
}

static void touch_pages(const struct scoreboard *board)
{
	const volatile char *at = (const volatile char *)board;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < sizeof(*board); i += page)
		(void)at[i];
}

static struct board_map *map_new(const struct board *board)
{
	struct board_map *map;
	struct stat st;

	if (file_stat(board, &st) < 0)
		return NULL;
	map = calloc(1, sizeof(*map));
	if (!map)
		return NULL;
	/* Replaced between stat and open: found out at the next look. */
	map->board = scoreboard_map(board->run);
	if (!map->board) {
		free(map);
		return NULL;
	}
	map->device = st.st_dev;
	map->inode = st.st_ino;
	map->users = 1;
	touch_pages(map->board);
	return map;
}

/* The lock is held. */
static void drop(struct board *board, struct board_map *map)
{
	struct board_map **at = &board->map;

	if (--map->users > 0)
		return;
	while (*at && *at != map)
		at = &(*at)->older;
	if (*at)
		*at = map->older;
	scoreboard_unmap(map->board);
	free(map);
}

/* Puts a fresh mapping before the others; they stay listed until their last
 * user gives them back. */
static void replace(struct board *board)
{
	struct board_map *fresh = map_new(board), *old = board->map;

	if (!fresh)
		return;
	fresh->older = old;
	board->map = fresh;
	if (old)
		drop(board, old);
}

/* Whether the newest mapping still is the file under the name. */
static bool is_current(const struct board *board)
{
	struct stat st;

	return board->map && file_stat(board, &st) == 0 &&
	       st.st_dev == board->map->device &&
	       st.st_ino == board->map->inode;
}

void board_open(struct board *board, const char *run)
{
	*board = (struct board){.run = run};
	pthread_mutex_init(&board->lock, NULL);
}

void board_close(struct board *board)
{
	while (board->map)
		drop(board, board->map);
	pthread_mutex_destroy(&board->lock);
}

const struct scoreboard *board_take(struct board *board)
{
	const struct scoreboard *taken = NULL;
	int64_t now_ms = scoreboard_now_us() / 1000;
	int fault = ENOENT;

	pthread_mutex_lock(&board->lock);
	if (!board->map || now_ms - board->looked_ms >= LOOK_EVERY_MS) {
		board->looked_ms = now_ms;
		errno = ENOENT;
		if (!is_current(board))
			replace(board);
		fault = errno;
	}
	if (board->map) {
		board->map->users++;
		taken = board->map->board;
	}
	pthread_mutex_unlock(&board->lock);
	errno = fault;
	return taken;
}

void board_give(struct board *board, const struct scoreboard *taken)
{
	struct board_map *map;

	if (!taken)
		return;
	pthread_mutex_lock(&board->lock);
	for (map = board->map; map; map = map->older) {
		if (map->board == taken) {
			drop(board, map);
			break;
		}
	}
	pthread_mutex_unlock(&board->lock);
}

void board_refresh(const struct board *board, const struct scoreboard *taken)
{
	int64_t asked_ms = scoreboard_now_ms(), left_ms = REFRESH_WAIT_MS;
	uint32_t bell = atomic_load(&taken->header.ring_bell);

	/* Without room in its queue it has been asked by others already. */
	if (control_send(board->run, CONTROL_READ, "", 0) < 0 &&
		errno != EAGAIN)
		return;
	while (taken->header.now.at_ms < asked_ms && left_ms > 0) {
		bell = scoreboard_wait(taken, bell, (int)left_ms);
		left_ms = asked_ms + REFRESH_WAIT_MS - scoreboard_now_ms();
	}
}

enum board_master board_master(
	const struct board *board, const struct scoreboard *taken)
{
	int lives = scoreboard_master_lives(board->run);
	int64_t beat_ms;

	if (lives <= 0)
		return lives == 0 ? BOARD_GONE : BOARD_UNKNOWN;
	if (!taken)
		return BOARD_SILENT;
	beat_ms = atomic_load(&taken->header.heartbeat_ms);
	return scoreboard_now_ms() - beat_ms < BOARD_SILENT_MS ? BOARD_ALIVE
							       : BOARD_SILENT;
}

void board_read_header(
	const struct scoreboard *taken, struct scoreboard_header *out)
{
	if (!scoreboard_read_header(taken, out))
		*out = taken->header; /* its writer died over it */
	if (out->now.count < 0 || out->now.count > CGROUP_LEVELS)
		out->now.count = 0;
}

void board_limit(struct scoreboard_header *header, struct cgroup *names,
	struct limit *out)
{
	memset(names, 0, sizeof(*names));
	names->version = header->cgroup_version;
	names->count = header->now.count;
	names->ancestors_visible = header->ancestors_visible != 0;
	for (int i = 0; i < header->now.count; i++) {
		struct cgroup_level *level = &names->levels[i];

		memcpy(level->path, header->levels[i].path,
			sizeof(level->path));
		memcpy(level->source, header->levels[i].source,
			sizeof(level->source));
	}
	if (header->now.at_ms == 0) /* never read: zeros are no figures */
		memset(&header->now.host, 0xff, sizeof(header->now.host));
	headroom_reckon(names, header->now.levels, &header->now.host, out);
}

void board_read_slot(
	const struct scoreboard *taken, int slot, struct scoreboard_slot *out)
{
	if (scoreboard_read_slot(taken, slot, out))
		return;
	*out = taken->slots[slot];
	out->load.id[sizeof(out->load.id) - 1] = '\0';
}

bool board_busy(enum slot_stage stage)
{
	return stage >= SLOT_ASKING && stage <= SLOT_ANSWERING;
}

bool board_has_place(enum slot_stage stage)
{
	return stage >= SLOT_ASKING && stage <= SLOT_ENDED;
}

int board_places_taken(const struct scoreboard *taken)
{
	int count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		count += board_has_place(
			(enum slot_stage)atomic_load(&taken->slots[i].stage));
	return count;
}
