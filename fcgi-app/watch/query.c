/* SPDX-License-Identifier: MIT */
/*
 * The list's filter and order for what is in memory; archive.c says the same
 * to the database in its own language.
 */
#include "watch/query.h"

#include <string.h>

void query_open(struct query *query)
{
	*query = (struct query){.verdict = QUERY_ANY, .outcome = QUERY_ANY};
}

int query_order(const struct event_row *a, const struct event_row *b)
{
	if (a->at_ms != b->at_ms)
		return a->at_ms > b->at_ms ? -1 : 1;
	return strcmp(b->id, a->id);
}

static bool is_behind(const struct query *query, const struct event_row *row)
{
	if (query->before_id[0] == '\0')
		return true;
	if (row->at_ms != query->before_ms)
		return row->at_ms < query->before_ms;
	return strcmp(row->id, query->before_id) < 0;
}

bool query_has(const struct query *query, const struct event_row *row)
{
	return row->at_ms >= query->since_ms &&
	       (query->verdict == QUERY_ANY ||
		       query->verdict == row->verdict) &&
	       (query->outcome == QUERY_ANY ||
		       query->outcome == row->outcome) &&
	       is_behind(query, row);
}
