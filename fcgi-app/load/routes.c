/* SPDX-License-Identifier: MIT */
/*
 * The routes that take memory, a row each. What they do is: say what is asked
 * (spec), carry it out (grow), tell of it (reply).
 */
#include "load/load.h"

#include "load/grow.h"
#include "load/reply.h"

static int page(struct http_exchange *x)
{
	struct worker *worker = x->context;
	struct load_spec spec;

	spec_of_page(&x->params, &spec);
	return reply_page(x, &worker->slot->load, grow_run(worker, x, &spec));
}

const struct route load_routes[] = {
	{"/", "GET", "rows columns format", ROUTE_LOAD, page,
		"the ancestor's page: builds rows x columns, shows RSS, frees"},
	{0},
};
