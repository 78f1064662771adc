/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339, section 5.6, read by hand: strptime() lets blanks and signs in,
 * skips what it likes and knows neither fractions nor "+02:00" for sure.
 */
#include "http/time.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#define DIGITS "0123456789"

/* A shape: 0 is a digit, anything else itself. */
static bool has_shape(const char *text, const char *shape)
{
	for (; *shape; text++, shape++) {
		if (*shape == '0' ? *text < '0' || *text > '9'
				  : *text != *shape)
			return false;
	}
	return true;
}

static int number_at(const char *text, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* What timegm() would carry over (the 31st of April) is no date. A leap second
 * is one, and is the second after. */
static bool date_parse(const char *text, int64_t *seconds)
{
	struct tm tm = {.tm_year = number_at(text, 4) - 1900,
		.tm_mon = number_at(text + 5, 2) - 1,
		.tm_mday = number_at(text + 8, 2),
		.tm_hour = number_at(text + 11, 2),
		.tm_min = number_at(text + 14, 2)};
	int second = number_at(text + 17, 2);
	struct tm given = tm;

	*seconds = timegm(&tm) + second;
	return tm.tm_year == given.tm_year && tm.tm_mon == given.tm_mon &&
	       tm.tm_mday == given.tm_mday && tm.tm_hour == given.tm_hour &&
	       tm.tm_min == given.tm_min && second <= 60;
}

/* Z, or hours and minutes east. */
static bool offset_parse(const char *text, int64_t *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
		return true;
	if (strlen(text) != 6 || (*text != '+' && *text != '-') ||
		!has_shape(text + 1, "00:00"))
		return false;
	hours = number_at(text + 1, 2);
	minutes = number_at(text + 4, 2);
	*seconds = (hours * 60 + minutes) * 60;
	if (*text == '-')
		*seconds = -*seconds;
	return hours < 24 && minutes < 60;
}

/* Up to three digits of however many. */
static int fraction_ms(const char *digits, size_t count)
{
	int ms = 0, scale = 100;

	for (size_t i = 0; i < count && i < 3; i++, scale /= 10)
		ms += (digits[i] - '0') * scale;
	return ms;
}

int time_parse(const char *text, int64_t *ms)
{
	int64_t seconds, offset, value;
	size_t length = strlen("0000-00-00T00:00:00"), digits = 0;
	int fraction = 0;

	errno = EINVAL;
	if (!has_shape(text, "0000-00-00T00:00:00") &&
		!has_shape(text, "0000-00-00t00:00:00"))
		return -1;
	if (text[length] == '.') {
		digits = strspn(text + length + 1, DIGITS);
		fraction = fraction_ms(text + length + 1, digits);
		if (digits++ == 0)
			return -1;
	}
	if (!date_parse(text, &seconds) ||
		!offset_parse(text + length + digits, &offset))
		return -1;
	value = (seconds - offset) * 1000 + fraction;
	if (value < 0)
		return -1;
	*ms = value;
	return 0;
}
