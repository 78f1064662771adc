/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_SCHEMA_H
#define OOMLAB_VIEWS_SCHEMA_H

/*
 * What the JSON of rows looks like, as JSON Schema (2020-12): made from the
 * rows that views/json.h prints by, so it cannot say anything else. A value may
 * be null, an object never is; what is optional is not required. More members
 * than these are allowed.
 */
#include "views/fields.h"
#include "views/tree.h"

/* Fills schema, an empty object, with that of an object by rows. */
void schema_fill(struct tree *tree, cJSON *schema, const struct field *rows);

#endif
