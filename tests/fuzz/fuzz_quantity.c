/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's target of quantities, rates, durations, percentages, integers:
 * each takes the text or refuses it, and what it refuses leaves no trace.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int (*const parsers[])(const char *text, int64_t *out) = {quantity_parse,
	rate_parse, duration_parse, percent_parse, integer_parse};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t untouched = INT64_C(-0x123456789abcdef);
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++) {
		int64_t out = untouched;
		int result = parsers[i](text, &out);

		if (result == 0 && i != 4 && out < 0)
			abort(); /* only an integer may have a sign */
		if (result != 0 &&
			(result != -1 || out != untouched ||
				(errno != EINVAL && errno != ERANGE)))
			abort();
	}
	free(text);
	return 0;
}
