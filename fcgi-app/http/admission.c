/* SPDX-License-Identifier: MIT */
/*
 * Browsers tell on themselves: Sec-Fetch-Site and Origin cannot be forged by
 * a page, and curl sends neither. So whoever sends none passes, and a page of
 * another site does not, not even with an <img> on a GET.
 */
#include "http/admission.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* A header's value, NULL when it is absent: nginx may send such a one as "". */
static const char *header(const struct http_exchange *x, const char *name)
{
	const char *value = http_param(x, name);

	return value && value[0] ? value : NULL;
}

/* The length of a host[:port] without the port that its scheme implies. */
static size_t host_length(const char *host, const char *port)
{
	size_t length = strlen(host), tail = strlen(port);

	if (length > tail && strcmp(host + length - tail, port) == 0)
		return length - tail;
	return length;
}

/* "http://localhost:5000" against "localhost:5000"; "null" is nobody's. */
static bool origin_is_host(const char *origin, const char *host)
{
	const char *mark = strstr(origin, "://");
	const char *port =
		strncasecmp(origin, "https:", 6) == 0 ? ":443" : ":80";
	size_t length;

	if (!mark || !host)
		return false;
	length = host_length(host, port);
	return host_length(mark + 3, port) == length &&
	       strncasecmp(mark + 3, host, length) == 0;
}

static bool is_prefetch(const char *purpose)
{
	return purpose && strcasestr(purpose, "prefetch");
}

/* As long for any wrong token as for the right one of the same length. */
static bool same_secret(const char *secret, const char *given)
{
	size_t length = strlen(secret), came = strlen(given);
	unsigned char differs = length != came;

	for (size_t i = 0; i < length; i++)
		differs |=
			(unsigned char)(secret[i] ^ given[came ? i % came : 0]);
	return !differs;
}

static bool bearer_is(const char *authorization, const char *token)
{
	static const char scheme[] = "Bearer ";

	if (!authorization ||
		strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0)
		return false;
	authorization += sizeof(scheme) - 1;
	return same_secret(token, authorization + strspn(authorization, " "));
}

/* Why a browser's request is not to be served, or NULL. */
static const char *foreign(const struct http_exchange *x)
{
	const char *site = header(x, "HTTP_SEC_FETCH_SITE");
	const char *origin = header(x, "HTTP_ORIGIN");

	if (site && strcasecmp(site, "same-origin") != 0 &&
		strcasecmp(site, "none") != 0)
		return "it comes from a page of another site (Sec-Fetch-Site)";
	if (origin && !origin_is_host(origin, header(x, "HTTP_HOST")))
		return "its Origin is not this host";
	if (is_prefetch(header(x, "HTTP_SEC_PURPOSE")) ||
		is_prefetch(header(x, "HTTP_PURPOSE")))
		return "it is a prefetch, which nobody has asked for yet";
	return NULL;
}

int http_admit(struct http_exchange *x, const struct http_rules *rules)
{
	const char *why = foreign(x);
	const char *authorization = header(x, "HTTP_AUTHORIZATION");

	if (why)
		return http_problem(
			&x->problem, 403, "The request is refused: %s", why);
	if (!rules->token || !rules->token[0] ||
		bearer_is(authorization, rules->token))
		return 0;
	http_problem(&x->problem, 401, "%s; send Authorization: Bearer TOKEN",
		authorization ? "That token is not the one that is set here"
			      : "A token is asked for here");
	strcpy(x->problem.authenticate, "Bearer");
	return -1;
}
