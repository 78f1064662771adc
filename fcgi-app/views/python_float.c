/* SPDX-License-Identifier: MIT */
/*
 * Shortest round trip by trial: 17 significant digits always read back the
 * same (IEEE 754 binary64), fewer often do, and the first that do are
 * Python's (float_repr_style 'short', the documentation of sys).
 */
#include "views/python_float.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 17

/* Significant digits needed to read value back; *exponent of its first. */
static int digits_needed(double value, int *exponent)
{
	char text[40];
	int digits = 0;

	do
		(void)snprintf(text, sizeof(text), "%.*e", digits++, value);
	while (digits < DIGITS_MAX && strtod(text, NULL) != value);
	*exponent = atoi(strchr(text, 'e') + 1);
	return digits;
}

int views_python_float(double value, char *out, size_t size)
{
	double magnitude = fabs(value);
	int digits, exponent, decimals, length;

	if (!(magnitude < 1e16) || (magnitude > 0 && magnitude < 1e-4)) {
		errno = ERANGE;
		return -1;
	}
	digits = digits_needed(value, &exponent);
	decimals = digits - 1 - exponent;
	length =
		snprintf(out, size, "%.*f", decimals > 1 ? decimals : 1, value);
	if (length < 0 || (size_t)length >= size) {
		errno = ERANGE;
		return -1;
	}
	return 0;
}
