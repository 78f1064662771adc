/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_WATCH_OPENAPI_H
#define OOMLAB_WATCH_OPENAPI_H

/*
 * The OpenAPI document (OpenAPI Specification 3.1.0) of the routes of a config.
 */
#include "config.h"

struct openapi_document {
	char *text; /* JSON; NULL before it is made */
	size_t length;
};

/* Makes it; free(document->text). 0, or -1 with ENOMEM. */
int openapi_make(
	const struct config *config, struct openapi_document *document);

#endif
