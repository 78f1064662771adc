/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_JSON_STREAM_H
#define OOMLAB_VIEWS_JSON_STREAM_H

/*
 * A filled struct as one JSON object (RFC 8259), straight to a sink:
 * views/json.h without a tree in memory, for what is repeated by the thousand.
 * Texts are to be ASCII.
 */
#include "views/fields.h"
#include "views/sink.h"

void json_stream(const struct field *rows, const void *data, struct sink *sink);

#endif
