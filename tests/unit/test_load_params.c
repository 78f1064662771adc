/* SPDX-License-Identifier: MIT */
/*
 * The parameters of a load as docs/API.md has them: its amounts are its bytes,
 * and what it refuses is refused by name, wherever it comes from.
 */
#include "http/params.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "posted.h"

#define KiB INT64_C(1024)
#define MiB (KiB * 1024)
#define GiB (MiB * 1024)
#define TiB (GiB * 1024)

static const struct {
	const char *query, *name;
	int64_t value;
} taken[] = {
	{"size=256M", "size", 268435456},
	{"size=256MiB", "size", 268435456},
	{"size=256m", "size", 268435456},
	{"size=256Mi", "size", 268435456},
	{"size=256MB", "size", 256000000},
	{"size=1K", "size", KiB},
	{"size=1kib", "size", KiB},
	{"size=1KB", "size", 1000},
	{"size=1G", "size", GiB},
	{"size=1.5GiB", "size", GiB * 3 / 2},
	{"size=1Gi", "size", GiB},
	{"size=2GB", "size", 2000000000},
	{"size=1T", "size", TiB},
	{"size=1TiB", "size", TiB},
	{"size=1TB", "size", 1000000000000},
	{"size=1", "size", 1},
	{"size=9223372036854775807", "size", INT64_MAX},
	{"size=50%", "size", 50000}, /* thousandths of a percent */
	{"size=50%&for=1s", "size", 50000},
	{"size=50%25&for=1s", "size", 50000},
	{"size=100%", "size", 100000},
	{"size=10000%", "size", 10000000},
	{"size=0.001%", "size", 1},
	{"size=1&for=0", "for", 0},
	{"size=1&for=500ms", "for", 500},
	{"size=1&for=30", "for", 30000},
	{"size=1&for=5m", "for", 300000},
	{"size=1&for=24h", "for", 86400000},
	{"size=1", "for", -1},
	{"size=1&rate=50M/s", "rate", 50 * MiB},
	{"size=1&rate=50M", "rate", 50 * MiB},
	{"size=1", "rate", -1},
	{"size=1&first=100M", "first", 100 * MiB},
	{"size=1", "first", 0},
	{"size=1&leave=32M", "leave", 32 * MiB},
	{"size=1&leave=5%", "leave", 5000},
	{"size=1", "leave", -1},
	{"size=1&touch=10ms", "touch", 10},
	{"size=1&score=-1000", "score", -1000},
	{"size=1", "score", 1000},
	{"size=1&within=1ms", "within", 1},
	{"size=1", "within", -1},
	{"size=1", "fill", FILL_ZERO},
	{"size=1&fill=random", "fill", FILL_RANDOM},
	{"size=1", "dies", DIES_WORKER},
	{"size=1&dies=container", "dies", DIES_CONTAINER},
};

static const struct {
	const char *name, *value; /* value NULL: the name alone */
} refused[] = {
	{"size", "0"},
	{"size", "-1"},
	{"size", "10001%"},
	{"size", "10%%"},
	{"size", "1e30"},
	{"size", "18446744073709551617"},
	{"size", "nan"},
	{"size", "0x10"},
	{"size", "1.2.3"},
	{"size", "5Q"},
	{"size", ""},
	{"size", NULL},
	{"size", "0%"},
	{"size", "%"},
	{"size", "+1M"},
	{"size", "1 M"},
	{"size", "inf"},
	{"size", "1,5M"},
	{"size", "M"},
	{"size", "9223372036854775808"},
	{"size", "8388608T"},
	{"kind", "swap"},
	{"kind", "Anon"},
	{"kind", ""},
	{"for", "-1"},
	{"for", "86400001ms"},
	{"for", "25h"},
	{"for", "1d"},
	{"for", "1e3"},
	{"for", "9223372036854775807h"},
	{"for", "9223372036854775808ms"},
	{"for", "2562047788016h"},
	{"rate", "0"},
	{"rate", "50%"},
	{"rate", "50M/m"},
	{"rate", "/s"},
	{"rate", "9999999999G/s"},
	{"first", "-1"},
	{"first", "50%"},
	{"leave", "0"},
	{"leave", "0%"},
	{"leave", "10001%"},
	{"fill", "ones"},
	{"touch", "0"},
	{"touch", "9ms"},
	{"score", "1001"},
	{"score", "-1001"},
	{"score", "1.5"},
	{"score", "99999999999999999999"},
	{"within", "0"},
	{"within", "0.0001"},
	{"dies", "pod"},
	{"rows", "5"},
	{"Size", "1M"},
	{"siz", "1M"},
	{"sizes", "1M"},
	{"megabytes", "1"},
};

static void amounts_are_their_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct posted posted = {
			.method = "GET", .query = taken[i].query};
		struct http_exchange x;
		int64_t value;

		if (posted_route(&posted, &x) != 0)
			fail_msg("%s: %s", taken[i].query, x.problem.detail);
		value = params_value(&x.params, taken[i].name)->integer;
		if (value != taken[i].value)
			fail_msg("%s: %s is %" PRId64, taken[i].query,
				taken[i].name, value);
	}
}

/* The same in a query and in a form. */
static void what_is_refused_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const char *value = refused[i].value ? refused[i].value : "";
		char text[96];
		struct posted query = {.method = "GET", .query = text};
		struct posted form = {.type = POSTED_FORM, .body = text};
		bool plus = value[0] == '+';

		(void)snprintf(text, sizeof(text), "%s%s%s%s", refused[i].name,
			refused[i].value ? "=" : "", plus ? "%2b" : "",
			value + plus);
		posted_refused(&query, 400, refused[i].name, value, "", value);
		posted_refused(&form, 400, refused[i].name, value, "", value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_their_bytes),
		cmocka_unit_test(what_is_refused_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
