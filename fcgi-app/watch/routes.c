/* SPDX-License-Identifier: MIT */
/*
 * The watch's routes, a row each, in the order of /help. A new one is a row
 * here and a handler.
 */
#include "watch/watch.h"

#include "watch/handlers.h"

/* clang-format off */
const struct route watch_routes[] = {
	{"/loads", "GET", "", 0, loads_list,
		"loads under way and the last 1,024 that ended"},
	{"/loads", "DELETE", "", ROUTE_CHANGES, release_loads,
		"release all loads under way"},
	{"/loads/ID", "GET", "", 0, loads_show, "one load, live"},
	{"/loads/ID", "DELETE", "", ROUTE_CHANGES, release_load,
		"release it: 204 once its memory is free"},
	{"/forecast", "GET",
		"size kind for rate first leave fill touch score within dies "
		"format",
		0, forecast_show,
		"what /hold with these would meet; takes no memory"},
	{"/status", "GET", "", 0, status_show,
		"warnings, workers, pool, limits, what can be read"},
	{"/events", "GET", "since verdict outcome limit before format=csv",
		0, events_list,
		"ends worth keeping, newest first; also as csv"},
	{"/events/ID", "GET", "", 0, events_show, "one post-mortem"},
	{"/memory", "GET", "from to step format=csv", 0, memory_show,
		"samples of host, cgroup and workers; the last 5 minutes"},
	{"/explain", "GET POST", "", 0, explain_show,
		"a kernel log (body of a POST, or its field log), explained"},
	{"/healthz", "GET", "", 0, health_alive, "alive"},
	{"/readyz", "GET", "", 0, health_ready,
		"able to take a load, or 503 and why not"},
	{"/help", "GET", "", 0, help_show, "this list"},
	{0},
};
/* clang-format on */
