/* SPDX-License-Identifier: MIT */
/*
 * The socket between watch and master. A datagram is whole or not there, and
 * a full queue is the sender's matter: the master never waits for anybody.
 */
#include "scoreboard/control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "scoreboard/scoreboard.h"

static int address_of(const char *directory, struct sockaddr_un *out)
{
	int length;

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	length = snprintf(out->sun_path, sizeof(out->sun_path),
		"%s/" CONTROL_SOCKET, directory);
	if (length < (int)sizeof(out->sun_path))
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int give_up(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

int control_open(const char *directory)
{
	struct sockaddr_un address;
	int fd;

	if (address_of(directory, &address) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(address.sun_path); /* the lock says that nobody else has it */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		chmod(address.sun_path, 0660) < 0)
		return give_up(fd);
	return fd;
}

int control_receive(int fd, struct control_message *out)
{
	ssize_t length;

	while ((length = recv(fd, out, sizeof(*out), MSG_DONTWAIT)) >= 0) {
		if (length == (ssize_t)sizeof(*out) &&
			out->layout == SCOREBOARD_LAYOUT) {
			out->id[sizeof(out->id) - 1] = '\0';
			return 1;
		}
	}
	return 0;
}

int control_send(const char *directory, enum control_kind kind, const char *id,
	int wait_ms)
{
	struct timeval wait = {
		.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
	struct control_message message = {
		.layout = SCOREBOARD_LAYOUT, .kind = (int)kind};
	struct sockaddr_un address;
	ssize_t sent;
	int fd;

	snprintf(message.id, sizeof(message.id), "%s", id);
	if (address_of(directory, &address) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	sent = sendto(fd, &message, sizeof(message),
		wait_ms > 0 ? 0 : MSG_DONTWAIT, (struct sockaddr *)&address,
		sizeof(address));
	if (sent < 0)
		return give_up(fd);
	close(fd);
	return 0;
}
