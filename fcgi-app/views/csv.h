/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_CSV_H
#define OOMLAB_VIEWS_CSV_H

/*
 * A list of a filled struct as CSV (RFC 4180): a line of names, a line an
 * element, CRLF. Values are bare, as in JSON: bytes without a unit, times
 * RFC 3339; what is absent is empty. Text that a spreadsheet would take for a
 * formula gets an apostrophe before it (OWASP, "CSV Injection").
 */
#include "views/fields.h"

/* list is the name of a FIELD_LIST among rows, whose elements' own rows are
 * plain values. free(*body). 0, or -1 with ENOMEM. */
int csv_render(const struct field *rows, const char *list, const void *data,
	char **body, size_t *length);

#endif
