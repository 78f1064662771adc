/* SPDX-License-Identifier: MIT */
/*
 * Amounts as people write them, by one scanner for all: digits, perhaps a
 * point and digits, then a unit out of a table. strtod() would do half of it
 * and let in "nan", "0x10", "1e30", blanks and the locale's comma, so the
 * scanner is our own, and it reckons in integers: 0.1G is exact to the byte.
 */
#include "http/quantity.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

/* Digits behind the point that count; further ones are less than a byte of
 * a TiB, and 10^15 x 2^40 still fits the 127 bits it is reckoned in. */
#define DECIMALS 15

struct unit {
	const char *suffix;
	int64_t factor;
};

static const struct unit quantity_units[] = {
	{"", 1},
	{"K", INT64_C(1) << 10},
	{"M", INT64_C(1) << 20},
	{"G", INT64_C(1) << 30},
	{"T", INT64_C(1) << 40},
	{"Ki", INT64_C(1) << 10},
	{"Mi", INT64_C(1) << 20},
	{"Gi", INT64_C(1) << 30},
	{"Ti", INT64_C(1) << 40},
	{"KiB", INT64_C(1) << 10},
	{"MiB", INT64_C(1) << 20},
	{"GiB", INT64_C(1) << 30},
	{"TiB", INT64_C(1) << 40},
	{"KB", INT64_C(1000)},
	{"MB", INT64_C(1000000)},
	{"GB", INT64_C(1000000000)},
	{"TB", INT64_C(1000000000000)},
	{NULL, 0},
};

static const struct unit duration_units[] = {
	{"", 1000},
	{"ms", 1},
	{"s", 1000},
	{"m", 60 * 1000},
	{"h", 60 * 60 * 1000},
	{NULL, 0},
};

static const struct unit percent_units[] = {
	{"%", 1000},
	{NULL, 0},
};

/* The factor of exactly that suffix, whatever its case, or 0. */
static int64_t unit_factor(
	const struct unit *units, const char *suffix, size_t length)
{
	for (; units->suffix; units++)
		if (strlen(units->suffix) == length &&
			strncasecmp(units->suffix, suffix, length) == 0)
			return units->factor;
	return 0;
}

/* Digits to a number; -1 with ERANGE. */
static int digits_value(const char *digits, size_t count, int64_t *out)
{
	int64_t value = 0;

	for (size_t i = 0; i < count; i++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(
				value, digits[i] - '0', &value)) {
			errno = ERANGE;
			return -1;
		}
	}
	*out = value;
	return 0;
}

/* The digits behind a point, times factor, rounded down. */
static int64_t digits_fraction(const char *digits, size_t count, int64_t factor)
{
	__int128 value = 0, scale = 1;

	if (count > DECIMALS)
		count = DECIMALS;
	for (size_t i = 0; i < count; i++) {
		value = value * 10 + (digits[i] - '0');
		scale *= 10;
	}
	return (int64_t)(value * factor / scale);
}

/* The first length characters of text, as digits[.digits]unit. Whether it is
 * such a thing at all is told before whether it is too large. */
static int amount_parse(
	const char *text, size_t length, const struct unit *units, int64_t *out)
{
	size_t whole = strspn(text, DIGITS), decimals = 0, end;
	int64_t factor, value;

	if (whole > length)
		whole = length;
	end = whole;
	if (whole > 0 && end < length && text[end] == '.') {
		decimals = strspn(text + end + 1, DIGITS);
		end += 1 + decimals;
	}
	factor = end <= length ? unit_factor(units, text + end, length - end)
			       : 0;
	if (whole == 0 || factor == 0 || (end > whole && decimals == 0)) {
		errno = EINVAL;
		return -1;
	}
	if (digits_value(text, whole, &value) < 0)
		return -1;
	if (__builtin_mul_overflow(value, factor, &value) ||
		__builtin_add_overflow(value,
			digits_fraction(text + whole + 1, decimals, factor),
			&value)) {
		errno = ERANGE;
		return -1;
	}
	*out = value;
	return 0;
}

int quantity_parse(const char *text, int64_t *bytes)
{
	return amount_parse(text, strlen(text), quantity_units, bytes);
}

int rate_parse(const char *text, int64_t *bytes_per_second)
{
	size_t length = strlen(text);

	if (length > 2 && strcmp(text + length - 2, "/s") == 0)
		length -= 2;
	return amount_parse(text, length, quantity_units, bytes_per_second);
}

int duration_parse(const char *text, int64_t *ms)
{
	return amount_parse(text, strlen(text), duration_units, ms);
}

int percent_parse(const char *text, int64_t *millipercent)
{
	return amount_parse(text, strlen(text), percent_units, millipercent);
}

int integer_parse(const char *text, int64_t *out)
{
	const char *digits = text + (*text == '-' || *text == '+');
	size_t count = strspn(digits, DIGITS);
	int64_t value;

	if (count == 0 || digits[count] != '\0') {
		errno = EINVAL;
		return -1;
	}
	if (digits_value(digits, count, &value) < 0)
		return -1;
	*out = *text == '-' ? -value : value;
	return 0;
}
