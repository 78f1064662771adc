/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_REPLY_H
#define OOMLAB_LOAD_REPLY_H

/*
 * What the client of a load reads when its worker has lived. Needs heap: the
 * memory is free again by then, or not taken yet.
 */
#include "http/exchange.h"
#include "views/load_report.h"

/* GET /: the page when the memory was there or was released early, else a
 * problem with the outcome's status. 0, or -1 with x->problem filled. */
int reply_page(struct http_exchange *x, const struct load_report *report,
	enum load_outcome outcome);

/* /hold: the load. */
int reply_load(struct http_exchange *x, const struct load_report *report,
	enum load_outcome outcome);

/* POST /loads: 202, where to look for it; the load has not begun to grow. */
int reply_accepted(
	struct http_exchange *x, const struct load_report *report);

#endif
