/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_JSON_H
#define OOMLAB_VIEWS_JSON_H

/*
 * A filled struct as JSON (RFC 8259), by its rows and in their order:
 * integers exact, seconds as numbers, what is absent null. Text that is not
 * UTF-8 (RFC 3629) has its faulty bytes replaced by U+FFFD.
 */
#include "views/fields.h"

/* One object and a newline; free(*body). 0, or -1 with ENOMEM. */
int json_render(const struct field *rows, const void *data, char **body,
	size_t *length);

#endif
