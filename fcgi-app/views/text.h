/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_TEXT_H
#define OOMLAB_VIEWS_TEXT_H

/*
 * A filled struct as aligned "name: value" lines for a terminal, by its rows:
 * an object's fields as object.field, a list as a block of "- " entries, what
 * is absent as "-". Control characters are shown as \xNN.
 */
#include "views/fields.h"

/* free(*body). 0, or -1 with ENOMEM. */
int text_render(const struct field *rows, const void *data, char **body,
	size_t *length);

#endif
