/* SPDX-License-Identifier: MIT */
/*
 * The watch's routes, a row each, in the order of /help. A new one is a row
 * here and a handler.
 */
#include "watch/watch.h"

#include "views/events.h"
#include "views/explain.h"
#include "views/forecast.h"
#include "views/help.h"
#include "views/loads.h"
#include "views/memory.h"
#include "views/postmortem.h"
#include "views/released.h"
#include "views/status.h"
#include "watch/handlers.h"

/* clang-format off */
#define ANSWERS(name, ...) \
	static const struct route_answer name[] = {__VA_ARGS__, {0}}
#define UNREACHED {503, NULL, NULL, "load's master cannot be reached"}

ANSWERS(list_answers,
	{200, &loads_view, NULL, "under way, then newest first"});
ANSWERS(load_answers,
	{200, &load_view, NULL, "as it is now"},
	{404, NULL, NULL, "no load of that id, or it ended too long ago"});
ANSWERS(release_all_answers,
	{200, &released_view, NULL, "how many ended because of it"},
	UNREACHED);
ANSWERS(release_answers,
	{204, NULL, NULL, "its memory is free"},
	{404, NULL, NULL, "no load of that id"},
	{410, NULL, NULL, "it has ended already"},
	UNREACHED,
	{504, NULL, NULL, "it has not ended in time"});
ANSWERS(forecast_answers,
	{200, &forecast_view, NULL, "what it would meet"},
	{422, NULL, NULL, "a percentage of a limit that is unknown"});
ANSWERS(status_answers, {200, &status_view, NULL, "as it is now"});
ANSWERS(events_answers,
	{200, &events_view, NULL, "newest first; next, and Link, have the rest"});
ANSWERS(event_answers,
	{200, &event_view, NULL, "its post-mortem"},
	{404, NULL, NULL, "no event of that id, or it was too long ago"});
ANSWERS(memory_answers,
	{200, &memory_view, NULL, "oldest first; 400 beyond 5,000 of them"});
ANSWERS(sar_answers,
	{200, NULL, "text/plain", "as sysstat's sar -r prints it"},
	{503, NULL, NULL, "eight are following already"});
ANSWERS(explain_answers, {200, &explain_view, NULL, "what the log tells"});
ANSWERS(metrics_answers,
	{200, NULL, "text/plain; version=0.0.4",
		"its text format, whatever format says"});
ANSWERS(health_answers,
	{200, NULL, "application/json", "alive"},
	{200, NULL, "text/plain", "alive"});
ANSWERS(ready_answers,
	{200, NULL, "application/json", "able to take a load"},
	{200, NULL, "text/plain", "able to take a load"},
	{503, NULL, NULL, "why not"});
ANSWERS(help_answers, {200, &help_view, NULL, "all that there is to ask"});
ANSWERS(openapi_answers,
	{200, NULL, "application/json", "this document, whatever format says"});

const struct route watch_routes[] = {
	{"/loads", "GET", "state", 0, loads_list,
		"loads under way and the last 1,024 that ended", list_answers},
	{"/loads", "DELETE", "", ROUTE_CHANGES, release_loads,
		"release all loads under way", release_all_answers},
	{"/loads/ID", "GET", "", 0, loads_show, "one load, live", load_answers},
	{"/loads/ID", "DELETE", "", ROUTE_CHANGES, release_load,
		"release it: 204 once its memory is free", release_answers},
	{"/forecast", "GET",
		"size kind for rate first leave fill touch score within dies "
		"format",
		0, forecast_show,
		"what /hold with these would meet; takes no memory",
		forecast_answers},
	{"/status", "GET", "", 0, status_show,
		"warnings, workers, pool, limits, what can be read",
		status_answers},
	{"/events", "GET", "since verdict outcome limit before format=csv",
		0, events_list,
		"ends worth keeping, newest first; also as csv",
		events_answers},
	{"/events/ID", "GET", "", 0, events_show, "one post-mortem",
		event_answers},
	{"/memory", "GET", "from to step format=csv", 0, memory_show,
		"samples of host, cgroup and workers; the last 5 minutes",
		memory_answers},
	{"/sar", "GET", "of count from to step follow", 0, sar_show,
		"memory as sar -r shows it; the last 20 s, or as it goes on",
		sar_answers},
	{"/explain", "GET POST", "", ROUTE_TEXT, explain_show,
		"a kernel log (body of a POST, or its field log), explained",
		explain_answers},
	{"/metrics", "GET", "", 0, metrics_show,
		"figures for Prometheus, in its text format",
		metrics_answers},
	{"/healthz", "GET", "", 0, health_alive, "alive", health_answers},
	{"/readyz", "GET", "", 0, health_ready,
		"able to take a load, or 503 and why not", ready_answers},
	{"/help", "GET", "", 0, help_show, "this list", help_answers},
	{"/openapi.json", "GET", "", 0, openapi_show,
		"the same for programs: OpenAPI 3.1", openapi_answers},
	{0},
};
/* clang-format on */
