/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_SCOREBOARD_CONTROL_H
#define OOMLAB_SCOREBOARD_CONTROL_H

/*
 * What the watch may tell the master: one datagram on a socket beside the
 * scoreboard, unix(7). Nobody but the master signals or orders a worker, so a
 * pid namespace between the two is no matter. There is no answer: what came
 * of it is read from the ring.
 */
#define CONTROL_SOCKET "control.sock" /* in OOMLAB_RUN */

enum control_kind {
	CONTROL_RELEASE = 1, /* end the load id as `released` */
	CONTROL_READ,	     /* read everything afresh and publish it */
};

struct control_message {
	unsigned layout; /* SCOREBOARD_LAYOUT */
	int kind;	 /* enum control_kind */
	char id[33];
};

/* The master's end: bound, non-blocking, mode 0660. -1 with errno. */
int control_open(const char *directory);

/* 1 and *out; 0 when nothing is there; what is not of this layout is passed
 * over in silence. Never blocks. */
int control_receive(int fd, struct control_message *out);

/* Sends one, id may be "". The master's queue holds but a few (unix(7),
 * max_dgram_qlen): room in it is waited for, up to wait_ms, 0 not at all. 0,
 * or -1 with errno (ENOENT, ECONNREFUSED: no master; EAGAIN: no room in time).
 * Any thread. */
int control_send(const char *directory, enum control_kind kind, const char *id,
	int wait_ms);

#endif
