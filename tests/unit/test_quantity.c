/* SPDX-License-Identifier: MIT */
/*
 * Amounts are read as docs/API.md says ("Parameters of a load"), and all that
 * it refuses is refused, without touching what was there.
 */
#include "http/quantity.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UNTOUCHED INT64_C(-4242)

typedef int parse(const char *text, int64_t *out);

struct amount {
	parse *parse;
	const char *text;
	int64_t value; /* or UNTOUCHED */
	int error;     /* then errno */
};

static const struct amount read_cases[] = {
	{quantity_parse, "256M", 268435456, 0},
	{quantity_parse, "256MiB", 268435456, 0},
	{quantity_parse, "256Mi", 268435456, 0},
	{quantity_parse, "256m", 268435456, 0},
	{quantity_parse, "256mib", 268435456, 0},
	{quantity_parse, "256MB", 256000000, 0},
	{quantity_parse, "0", 0, 0}, /* bounds are the parameter's affair */
	{quantity_parse, "007", 7, 0},
	{quantity_parse, "1.5G", 1610612736, 0},
	{quantity_parse, "0.1GB", 100000000, 0}, /* a double would be off */
	{quantity_parse, "0.3K", 307, 0},
	{quantity_parse, "1.0000000000000000000000001K", 1024, 0},
	{quantity_parse, "2T", INT64_C(2) << 40, 0},
	{quantity_parse, "2TB", INT64_C(2000000000000), 0},
	{quantity_parse, "1KB", 1000, 0},
	{quantity_parse, "9223372036854775807", INT64_MAX, 0},
	{quantity_parse, "8388607.9999999999999999T", INT64_MAX, 0},
	{rate_parse, "50M/s", 52428800, 0},
	{rate_parse, "50M", 52428800, 0},
	{rate_parse, "1.5KB/s", 1500, 0},
	{duration_parse, "30", 30000, 0},
	{duration_parse, "1.5", 1500, 0},
	{duration_parse, "500ms", 500, 0},
	{duration_parse, "30s", 30000, 0},
	{duration_parse, "5m", 300000, 0},
	{duration_parse, "1h", 3600000, 0},
	{duration_parse, "0", 0, 0},
	{percent_parse, "50%", 50000, 0},
	{percent_parse, "12.5%", 12500, 0},
	{percent_parse, "10001%", 10001000, 0},
	{integer_parse, "-1000", -1000, 0},
	{integer_parse, "+7", 7, 0},
	{integer_parse, "0", 0, 0},
	{integer_parse, "-9223372036854775807", -INT64_MAX, 0},
};

static const struct amount refused_cases[] = {
	{quantity_parse, "", UNTOUCHED, EINVAL},
	{quantity_parse, "-1", UNTOUCHED, EINVAL},
	{quantity_parse, "+1", UNTOUCHED, EINVAL},
	{quantity_parse, "10001%", UNTOUCHED, EINVAL},
	{quantity_parse, "10%%", UNTOUCHED, EINVAL},
	{quantity_parse, "1e30", UNTOUCHED, EINVAL},
	{quantity_parse, "18446744073709551617", UNTOUCHED, ERANGE},
	{quantity_parse, "9223372036854775808", UNTOUCHED, ERANGE},
	{quantity_parse, "8388608T", UNTOUCHED, ERANGE},
	{quantity_parse, "nan", UNTOUCHED, EINVAL},
	{quantity_parse, "inf", UNTOUCHED, EINVAL},
	{quantity_parse, "0x10", UNTOUCHED, EINVAL},
	{quantity_parse, "1.2.3", UNTOUCHED, EINVAL},
	{quantity_parse, "5Q", UNTOUCHED, EINVAL},
	{quantity_parse, "99999999999999999999Q", UNTOUCHED, EINVAL},
	{quantity_parse, "M", UNTOUCHED, EINVAL},
	{quantity_parse, ".5M", UNTOUCHED, EINVAL},
	{quantity_parse, "5.M", UNTOUCHED, EINVAL},
	{quantity_parse, "5.", UNTOUCHED, EINVAL},
	{quantity_parse, "1,5M", UNTOUCHED, EINVAL},
	{quantity_parse, " 5", UNTOUCHED, EINVAL},
	{quantity_parse, "5 M", UNTOUCHED, EINVAL},
	{quantity_parse, "5M ", UNTOUCHED, EINVAL},
	{quantity_parse, "5MiBB", UNTOUCHED, EINVAL},
	{quantity_parse, "5B", UNTOUCHED, EINVAL},
	{quantity_parse, "5M/s", UNTOUCHED, EINVAL},
	{rate_parse, "/s", UNTOUCHED, EINVAL},
	{rate_parse, "5M/m", UNTOUCHED, EINVAL},
	{rate_parse, "5.5.5/s", UNTOUCHED, EINVAL},
	{rate_parse, "5./s", UNTOUCHED, EINVAL},
	{duration_parse, "", UNTOUCHED, EINVAL},
	{duration_parse, "1d", UNTOUCHED, EINVAL},
	{duration_parse, "-1s", UNTOUCHED, EINVAL},
	{duration_parse, "1h30m", UNTOUCHED, EINVAL},
	{duration_parse, "9223372036854775807", UNTOUCHED, ERANGE},
	{percent_parse, "%", UNTOUCHED, EINVAL},
	{percent_parse, "50", UNTOUCHED, EINVAL},
	{percent_parse, "10%%", UNTOUCHED, EINVAL},
	{percent_parse, "18446744073709551617%", UNTOUCHED, ERANGE},
	{integer_parse, "", UNTOUCHED, EINVAL},
	{integer_parse, "-", UNTOUCHED, EINVAL},
	{integer_parse, "--1", UNTOUCHED, EINVAL},
	{integer_parse, "1.0", UNTOUCHED, EINVAL},
	{integer_parse, "1K", UNTOUCHED, EINVAL},
	{integer_parse, "18446744073709551617", UNTOUCHED, ERANGE},
};

/* From memory of its very own length, so that a sanitizer sees a step
 * beyond. */
static void check(const struct amount *c)
{
	int64_t out = UNTOUCHED;
	char *text = strdup(c->text);
	int result;

	errno = 0;
	result = c->parse(text, &out);
	if (result != (c->error ? -1 : 0) || out != c->value ||
		errno != c->error)
		fail_msg("\"%s\": %d, %" PRId64 ", errno %d; expected %" PRId64
			 ", errno %d",
			c->text, result, out, errno, c->value, c->error);
	free(text);
}

static void amounts_are_read_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(read_cases) / sizeof(read_cases[0]); i++)
		check(&read_cases[i]);
}

static void what_is_no_amount_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused_cases) / sizeof(refused_cases[0]);
		i++)
		check(&refused_cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_read_to_the_byte),
		cmocka_unit_test(what_is_no_amount_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
