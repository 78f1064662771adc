/* SPDX-License-Identifier: MIT */
/*
 * The master's words to one worker. An order says which load it is about, so
 * that one that comes late cannot hit the next.
 */
#include "load/order.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct order_box *order_boxes(int count)
{
	struct order_box *boxes = mmap(NULL, sizeof(*boxes) * (size_t)count,
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (boxes == MAP_FAILED)
		return NULL;
	for (int i = 0; i < count; i++) {
		boxes[i].bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (boxes[i].bell_fd < 0)
			return NULL;
	}
	return boxes;
}

void order_clear(struct order_box *box)
{
	order_take(box);
	box->serial = 0;
	atomic_store(&box->release_serial, 0);
}

void order_send(struct order_box *box, enum order_kind kind, uint32_t serial,
	const char *reason)
{
	const uint64_t one = 1;

	if (kind & ORDER_ANSWERS) {
		box->serial = serial;
		snprintf(box->reason, sizeof(box->reason), "%s",
			reason ? reason : "");
	} else if (kind == ORDER_RELEASE) {
		atomic_store(&box->release_serial, serial);
	}
	atomic_fetch_or(&box->waiting, (uint32_t)kind);
	(void)!write(box->bell_fd, &one, sizeof(one));
}

uint32_t order_take(struct order_box *box)
{
	uint64_t rung;

	(void)!read(box->bell_fd, &rung, sizeof(rung));
	return atomic_exchange(&box->waiting, ORDER_NONE);
}
