/* SPDX-License-Identifier: MIT */
/*
 * Workers by their slots and by the master's samples of them. A slot is copied
 * only when somebody is in it: most of the 288 are free.
 */
#include "watch/workers.h"

#include <string.h>

#include "watch/board.h"

static bool fill(
	const struct scoreboard *board, int slot, struct status_worker *worker)
{
	struct scoreboard_slot copy;

	if (atomic_load(&board->slots[slot].stage) == SLOT_FREE)
		return false;
	board_read_slot(board, slot, &copy);
	if (copy.stage <= SLOT_FREE || copy.stage >= SLOT_DEAD || copy.pid <= 0)
		return false; /* no pid: is being forked at this moment */
	*worker = (struct status_worker){
		.slot = slot, .pid = copy.pid, .state = copy.stage};
	if (board_busy((enum slot_stage)copy.stage))
		memcpy(worker->load, copy.load.id, sizeof(worker->load));
	worker->rss_bytes =
		atomic_load(&board->samples[slot].at_ms) > 0
			? atomic_load(&board->samples[slot].rss_bytes)
			: -1;
	return true;
}

int workers_list(const struct scoreboard *board, struct status_worker *out)
{
	int count = 0;

	for (int i = 0; i < SCOREBOARD_SLOTS; i++)
		count += fill(board, i, &out[count]);
	return count;
}
