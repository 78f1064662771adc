/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_HANDLERS_H
#define OOMLAB_WATCH_HANDLERS_H

/*
 * The handlers that the rows of watch/routes.c name. Each answers x and returns
 * 0, or returns -1 with x->problem filled and nothing sent; all may run in any
 * thread, and need heap.
 */
#include "http/exchange.h"

int health_alive(struct http_exchange *x); /* needs nothing but the process */
int health_ready(struct http_exchange *x);
int status_show(struct http_exchange *x);
int loads_list(struct http_exchange *x);
int loads_show(struct http_exchange *x);
int release_load(struct http_exchange *x);
int release_loads(struct http_exchange *x);
int forecast_show(struct http_exchange *x);
int events_list(struct http_exchange *x);
int events_show(struct http_exchange *x);
int sar_show(struct http_exchange *x);
int explain_show(struct http_exchange *x);
int memory_show(struct http_exchange *x);
int metrics_show(struct http_exchange *x); /* text, whatever is asked for */
int help_show(struct http_exchange *x);
int openapi_show(struct http_exchange *x);

#endif
