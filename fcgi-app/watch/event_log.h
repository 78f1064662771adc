/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_EVENT_LOG_H
#define OOMLAB_WATCH_EVENT_LOG_H

/*
 * An event and its line in the kernel log.
 */
#include "watch/event.h"
#include "watch/kernel_log.h"

/* Fills event->log for a death or a bystander of that id, about at_ms. */
void event_log_join(struct event *event, const char *id, int64_t at_ms,
	const struct event_sources *sources);

#endif
