/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_MEMORY_H
#define OOMLAB_VIEWS_MEMORY_H

/*
 * GET /memory: samples one after the other, as JSON ({samples: [...]}), as CSV
 * (RFC 4180) or as a table for a terminal. There may be thousands, so nothing
 * is kept of them: they go to a sink as they come.
 */
#include "views/sample.h"
#include "views/sink.h"
#include "views/view.h"

enum memory_format { MEMORY_JSON, MEMORY_CSV, MEMORY_TEXT };

/* Its media type, with the charset where one belongs. */
const char *memory_type(enum memory_format format);

/* What the whole looks like, for the OpenAPI document: nobody fills it. */
extern const struct view memory_view;

/* What comes before the first sample, each of them, and what comes last. */
void memory_begin(enum memory_format format, struct sink *sink);
void memory_add(enum memory_format format, const struct sample *sample,
	struct sink *sink);
void memory_end(enum memory_format format, struct sink *sink);

#endif
