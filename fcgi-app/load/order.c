/* SPDX-License-Identifier: MIT */
/*
 * The master's words to one worker. A pipe rather than a signal: a message
 * carries which load it is about, so one that comes late cannot hit the next.
 */
#include "load/order.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

_Static_assert(sizeof(struct order) <= PIPE_BUF, "an order is written whole");

int order_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC | O_NONBLOCK);
}

int order_send(
	int fd, enum order_kind kind, uint32_t serial, const char *reason)
{
	struct order order = {.kind = kind, .serial = serial};

	snprintf(order.reason, sizeof(order.reason), "%s", reason);
	return write(fd, &order, sizeof(order)) == (ssize_t)sizeof(order) ? 0
									  : -1;
}

int order_read(int fd, struct order *out)
{
	ssize_t got = read(fd, out, sizeof(*out));

	if (got == (ssize_t)sizeof(*out))
		return 1;
	return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}
