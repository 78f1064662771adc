/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_PYTHON_FLOAT_H
#define OOMLAB_VIEWS_PYTHON_FLOAT_H

/*
 * A float as Python's str() prints it, for the ancestor's page did.
 */
#include <stddef.h>

/* The shortest decimal that reads back the same, with at least one digit
 * behind the point ("1105.0", "1105.00390625"). 0, or -1 with ERANGE for what
 * Python prints by an exponent or a word (below 1e-4, from 1e16 on, inf, nan)
 * and for what size does not hold (32 always does). Thread-safe. */
int views_python_float(double value, char *out, size_t size);

#endif
