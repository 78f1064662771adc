/* SPDX-License-Identifier: MIT */
/*
 * The command. It reads by large pieces and prints each event as it comes out.
 * JSON has two lists, which both may grow as long as the log: the first is
 * written as it comes, the second waits in a temporary file, so that memory
 * stays what it is. The order of an object's members means nothing (RFC 8259).
 */
#include "evidence/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "evidence/oomlog.h"
#include "views/explain.h"
#include "views/json.h"

#define PIECE_BYTES (256 * 1024)

struct explain {
	struct oomlog log;
	struct explain_event event;
	char piece[PIECE_BYTES];
	bool json;
	FILE *later; /* the incomplete reports of a JSON answer */
	int64_t kills, incomplete;
	int error; /* errno of what could not be written */
};

static void print_json(struct explain *explain, const struct field *rows,
	FILE *out, bool first)
{
	size_t length;
	char *text;

	if (json_render(rows, &explain->event, &text, &length) < 0) {
		explain->error = errno;
		return;
	}
	if (!first)
		putc(',', out);
	fwrite(text, 1, length - 1, out); /* without its newline */
	free(text);
}

static void take(void *context, const struct oomlog_event *event)
{
	struct explain *explain = context;
	bool kill = event->kind == OOMLOG_KILL;
	int64_t number = kill ? ++explain->kills : ++explain->incomplete;

	explain_event_set(&explain->event, event);
	if (!explain->json) {
		explain_event_print(
			event, explain->kills + explain->incomplete, stdout);
		return;
	}
	if (!kill && !explain->later)
		explain->later = tmpfile();
	if (!kill && !explain->later)
		explain->error = errno;
	else
		print_json(explain,
			kill ? explain_kill_fields : explain_incomplete_fields,
			kill ? stdout : explain->later, number == 1);
}

/* 0, or -1 with errno. */
static int read_all(struct explain *explain, int fd)
{
	ssize_t count;

	while ((count = read(fd, explain->piece, PIECE_BYTES)) != 0) {
		if (count > 0)
			oomlog_feed(
				&explain->log, explain->piece, (size_t)count);
		else if (errno != EINTR)
			return -1;
	}
	oomlog_finish(&explain->log);
	return 0;
}

static void copy_later(struct explain *explain)
{
	size_t count;

	if (!explain->later)
		return;
	rewind(explain->later);
	while ((count = fread(explain->piece, 1, PIECE_BYTES, explain->later)))
		fwrite(explain->piece, 1, count, stdout);
	if (ferror(explain->later))
		explain->error = EIO;
	fclose(explain->later);
}

static void end_json(struct explain *explain)
{
	static const struct field kernel[] = {
		FIELD_ROW(struct oomlog, kernel, "kernel", FIELD_TEXT),
		FIELD_ROW(struct oomlog, no_killable, "no_killable",
			FIELD_INTEGER),
		FIELD_END};
	size_t length;
	char *text;

	fputs("],\"incomplete_reports\":[", stdout);
	copy_later(explain);
	putchar(']');
	if (json_render(kernel, &explain->log, &text, &length) < 0) {
		explain->error = errno;
		return;
	}
	text[0] = ','; /* its brace: the members go on */
	fwrite(text, 1, length, stdout);
	free(text);
}

static void end_text(struct explain *explain)
{
	char finding[160];

	explain_finding(explain->kills, explain->incomplete,
		explain->log.no_killable, finding, sizeof(finding));
	explain_end_print(finding, explain->log.kernel, stdout);
}

static int run(struct explain *explain, int fd, const char *name)
{
	if (explain->json)
		fputs("{\"kills\":[", stdout);
	oomlog_open(&explain->log, OOMLOG_HELD, take, explain);
	if (read_all(explain, fd) < 0) {
		fprintf(stderr, "oomlab explain: %s: %s\n", name,
			strerror(errno));
		return 1;
	}
	if (explain->json)
		end_json(explain);
	else
		end_text(explain);
	if (fflush(stdout) != 0 || ferror(stdout))
		explain->error = errno ? errno : EIO;
	if (!explain->error)
		return 0;
	fprintf(stderr, "oomlab explain: %s\n", strerror(explain->error));
	return 1;
}

static int usage(const char *got)
{
	fprintf(stderr,
		"oomlab explain: got %s; usage: oomlab explain "
		"[--format text|json] FILE|-\n",
		got);
	return 2;
}

/* "--format json", "--format=json": the index behind it, or -1 for an option
 * that is wrong. */
static int option_read(int argc, char **argv, bool *json)
{
	const char *value;
	int next = 2;

	if (argc < 2 || argv[1][0] != '-' || !argv[1][1])
		return 1;
	if (strcmp(argv[1], "--") == 0)
		return 2;
	if (strncmp(argv[1], "--format=", 9) == 0) {
		value = argv[1] + 9;
	} else if (strcmp(argv[1], "--format") == 0 && argc > 2) {
		value = argv[2];
		next = 3;
	} else {
		return -1;
	}
	*json = strcmp(value, "json") == 0;
	return *json || strcmp(value, "text") == 0 ? next : -1;
}

int explain_main(int argc, char **argv)
{
	struct explain *explain;
	bool json = false;
	int at = option_read(argc, argv, &json), fd = STDIN_FILENO, status;

	if (at < 0)
		return usage(argv[1]);
	if (at + 1 != argc)
		return usage(at < argc ? "more than one file" : "no file");
	if (strcmp(argv[at], "-") != 0)
		fd = open(argv[at], O_RDONLY | O_CLOEXEC);
	explain = fd < 0 ? NULL : calloc(1, sizeof(*explain));
	if (!explain) {
		fprintf(stderr, "oomlab explain: %s: %s\n", argv[at],
			strerror(errno));
		return 1;
	}
	explain->json = json;
	status = run(explain, fd, argv[at]);
	free(explain);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}
