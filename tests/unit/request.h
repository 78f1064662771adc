/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_TESTS_REQUEST_H
#define OOMLAB_TESTS_REQUEST_H

/*
 * A request as nginx would hand it over, without nginx: FastCGI's records
 * through a real libfcgi on a socket of its own, and what was answered, taken
 * out of its records again. Include after cmocka.h.
 */
#include <fcgiapp.h>
#include <fastcgi.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST_ID "0123456789abcdef0123456789abcdef"

struct request {
	FCGX_Request fcgi;
	int listener, client;
};

/* One record of request 1; length below 65536. */
static inline void request_record(
	int fd, int type, const void *content, size_t length)
{
	const FCGI_Header head = {.version = FCGI_VERSION_1,
		.type = (unsigned char)type,
		.requestIdB0 = 1,
		.contentLengthB1 = (unsigned char)(length >> 8),
		.contentLengthB0 = (unsigned char)length};

	assert_int_equal(send(fd, &head, sizeof(head), 0), sizeof(head));
	assert_int_equal(send(fd, content, length, 0), length);
}

/* "NAME=value" of fewer than 128 bytes each. */
static inline void request_param(int fd, const char *pair)
{
	const char *value = strchr(pair, '=') + 1;
	size_t name = (size_t)(value - pair) - 1, rest = strlen(value);
	char content[258] = {(char)name, (char)rest};

	assert_true(name < 128 && rest < 128);
	memcpy(content + 2, pair, name);
	memcpy(content + 2 + name, value, rest);
	request_record(fd, FCGI_PARAMS, content, 2 + name + rest);
}

/* params is NULL-ended; the body is of fewer than 65536 bytes. */
static inline void request_open_body(struct request *request,
	const char *const *params, const char *body, size_t body_length)
{
	const FCGI_BeginRequestBody begin = {.roleB0 = FCGI_RESPONDER};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t length = sizeof(address.sun_family); /* a name is made up */

	assert_int_equal(FCGX_Init(), 0);
	request->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	request->client = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(request->listener, (void *)&address, length), 0);
	assert_int_equal(listen(request->listener, 1), 0);
	length = sizeof(address);
	assert_int_equal(
		getsockname(request->listener, (void *)&address, &length), 0);
	assert_int_equal(connect(request->client, (void *)&address, length), 0);
	request_record(
		request->client, FCGI_BEGIN_REQUEST, &begin, sizeof(begin));
	for (; *params; params++)
		request_param(request->client, *params);
	request_record(request->client, FCGI_PARAMS, "", 0);
	if (body_length > 0)
		request_record(request->client, FCGI_STDIN, body, body_length);
	request_record(request->client, FCGI_STDIN, "", 0);
	assert_int_equal(
		FCGX_InitRequest(&request->fcgi, request->listener, 0), 0);
	assert_int_equal(FCGX_Accept_r(&request->fcgi), 0);
}

static inline void request_open(
	struct request *request, const char *const *params)
{
	request_open_body(request, params, "", 0);
}

/* Finishes it and puts its answer into out. Reads only then: what a socket
 * does not hold (some 200 KB) would block the writer. */
static inline void request_close(
	struct request *request, char *out, size_t size)
{
	char padding[256];
	FCGI_Header head;
	size_t used = 0;

	/* Nothing more comes: libfcgi would wait for that, for two seconds. */
	(void)shutdown(request->client, SHUT_WR);
	FCGX_Finish_r(&request->fcgi);
	while (recv(request->client, &head, sizeof(head), MSG_WAITALL) ==
		sizeof(head)) {
		size_t length = (size_t)(head.contentLengthB1 << 8 |
					 head.contentLengthB0);

		if (head.type != FCGI_STDOUT)
			break; /* the end is told, no more comes */
		assert_true(used + length < size);
		assert_int_equal(length ? recv(request->client, out + used,
						  length, MSG_WAITALL)
					: 0,
			length);
		used += length;
		if (head.paddingLength)
			(void)!recv(request->client, padding,
				head.paddingLength, MSG_WAITALL);
	}
	out[used] = '\0';
	close(request->client);
	close(request->listener);
}

#endif
