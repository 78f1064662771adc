/* SPDX-License-Identifier: MIT */
/*
 * nginx's own errors in our words. nginx sees only that something is too large
 * or a Host foreign; what is allowed stands here, so that its configuration
 * need not hold sentences. A row an error.
 */
#include "watch/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/postmortem.h"
#include "watch/state.h"

#define COPY(to, from) (void)snprintf(to, sizeof(to), "%s", from)

static const struct gate_error {
	int status;
	const char *detail;
	const char *parameter, *allowed; /* "": nothing in particular */
	const char *got;		 /* the FastCGI parameter that has it */
	int retry_after_s;
} errors[] = {
	{400,
		"The request could not be read: its line or a header is "
		"malformed or too long",
		"", "", NULL, 0},
	{403, "This may not be asked", "", "", NULL, 0},
	{404, "There is nothing here; /help lists what there is", "", "", NULL,
		0},
	{405, "This method is not for this path; /help lists what is", "", "",
		NULL, 0},
	{408, "The request did not come to its end in time", "", "", NULL, 0},
	{413, "The body is too large; nothing was run", "body",
		"at most 1 MiB (1048576 bytes); 8 MiB for /explain",
		"HTTP_CONTENT_LENGTH", 0},
	{414, "The query is too long; nothing was run", "query",
		"at most 4 KiB (4096 bytes)", "REQUEST_URI", 0},
	{421, "The service is not called by this name", "Host",
		"localhost, an IP address, or a name in OOMLAB_HOSTS",
		"HTTP_HOST", 0},
	{500, "nginx could not serve this", "", "", NULL, 0},
	{501, "nginx does not know this transfer coding", "", "", NULL, 0},
	{502, "Nobody answers there", "", "", NULL, 1},
	{503, "Too much at once, or load is just starting; nothing was run", "",
		"", NULL, 1},
	{504, "No answer came in time", "", "", NULL, 0},
	{505, "This version of HTTP is not spoken here", "", "", NULL, 0},
	{0},
};

/* A status without a row is nginx's word for a bad request of its own kind
 * (494 to 497), or something that nobody has thought of. */
static const struct gate_error *find(int status)
{
	const struct gate_error *row = errors;

	while (row->status && row->status != status)
		row++;
	if (row->status)
		return row;
	return status >= 400 && status < 500 ? &errors[0] : find(500);
}

static void name_input(const struct http_exchange *x,
	const struct gate_error *row, struct http_problem *problem)
{
	const char *hosts = watch_of(x)->config->hosts;
	const char *got = row->got ? http_param(x, row->got) : NULL;

	COPY(problem->parameter, row->parameter);
	http_show(got ? got : "", problem->got, sizeof(problem->got));
	if (strcmp(row->parameter, "Host") == 0 && *hosts)
		(void)snprintf(problem->allowed, sizeof(problem->allowed),
			"%s (%.128s)", row->allowed, hosts);
	else
		COPY(problem->allowed, row->allowed);
}

static int answer_error(struct http_exchange *x, const char *text)
{
	const struct gate_error *row = find(atoi(text));

	http_problem(&x->problem, row->status, "%s", row->detail);
	if (row->parameter[0])
		name_input(x, row, &x->problem);
	x->problem.retry_after_s = row->retry_after_s;
	if (row->status == 503)
		COPY(x->problem.outcome, load_outcome_words[OUTCOME_BUSY]);
	return -1;
}

bool gate_answer(struct http_exchange *x, int *result)
{
	const char *error = http_param(x, "OOMLAB_ERROR");
	const char *broken = http_param(x, "OOMLAB_POSTMORTEM");

	if (error && *error)
		*result = answer_error(x, error);
	else if (broken && *broken)
		*result = postmortem_answer(x);
	else
		return false;
	return true;
}
