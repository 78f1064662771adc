/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_POSTMORTEM_H
#define OOMLAB_WATCH_POSTMORTEM_H

/*
 * The answer to a load's request whose connection broke: nginx hands it over
 * with OOMLAB_POSTMORTEM set, its id, and UPSTREAM_CONNECT_TIME, which is "-"
 * or empty when load could not be connected to, and UPSTREAM_RESPONSE_TIME, in
 * seconds, if it has it.
 */
#include "http/exchange.h"

#define POSTMORTEM_WAIT_MS 5000 /* a master without a page left moves slowly */

/* As a route's handler: answers x and returns 0, or -1 with x->problem. Waits
 * while a master lives that may still record the death. */
int postmortem_answer(struct http_exchange *x);

#endif
