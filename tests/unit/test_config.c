/* SPDX-License-Identifier: MIT */
/*
 * Settings: flag before environment before default; what is not allowed is
 * refused whole.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

static int clear_environment(void **state)
{
	(void)state;
	return clearenv();
}

static int read_with(struct config *config, const char *flag, const char *value)
{
	char *argv[] = {"load", (char *)(uintptr_t)flag,
		(char *)(uintptr_t)value, NULL};

	memset(config, 0, sizeof(*config));
	return config_read(config, flag ? 3 : 1, argv);
}

static void defaults_are_the_documented_ones(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_with(&config, NULL, NULL), 1);
	assert_int_equal(config.port, 5000);
	assert_int_equal(config.limit_bytes, (int64_t)2 << 30);
	assert_int_equal(config.spare, 2);
	assert_int_equal(config.max, 100);
	assert_int_equal(config.max_hold_ms, 3600000);
	assert_int_equal(config.keep_ms, 86400000);
	assert_true(config.guard_host);
	assert_string_equal(config.token, "");
}

static void a_flag_beats_the_environment(void **state)
{
	struct config config;

	(void)state;
	setenv("OOMLAB_MAX", "7", 1);
	assert_int_equal(read_with(&config, NULL, NULL), 1);
	assert_int_equal(config.max, 7);
	assert_int_equal(read_with(&config, "--max", "9"), 3);
	assert_int_equal(config.max, 9);
	assert_int_equal(read_with(&config, "--max-hold", "2h"), 3);
	assert_int_equal(config.max, 7);
	assert_int_equal(config.max_hold_ms, 7200000);
}

static void an_empty_variable_is_the_default(void **state)
{
	struct config config;

	(void)state;
	setenv("OOMLAB_MAX", "", 1);
	assert_int_equal(read_with(&config, NULL, NULL), 1);
	assert_int_equal(config.max, 100);
}

static const struct {
	const char *flag, *value;
} refused[] = {
	{"--max", "0"},
	{"--max", "257"},
	{"--max", "4x"},
	{"--port", "65536"},
	{"--limit", "2Q"},
	{"--limit", "1M"},
	{"--guard", "on"},
	{"--max-hold", "-1s"},
	{"--maximum", "4"},
	{"--m", "4"},
	{"--token-file", "/nonexistent"},
};

static void what_is_not_allowed_is_refused(void **state)
{
	struct config config;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (read_with(&config, refused[i].flag, refused[i].value) != -1)
			fail_msg("%s %s was taken", refused[i].flag,
				refused[i].value);
	}
}

static void no_limit_is_none(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_with(&config, "--limit", "none"), 3);
	assert_int_equal(config.limit_bytes, INT64_MAX);
}

static void a_token_is_never_printed(void **state)
{
	struct config config;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(read_with(&config, "--token", "s3cret"), 3);
	assert_int_equal(config_print(&config, NULL, out), 0);
	assert_int_equal(config_print(&config, "token", out), -1);
	fclose(out);
	assert_null(strstr(text, "s3cret"));
	assert_non_null(strstr(text, "OOMLAB_MAX=100\n"));
	free(text);
}

#define CLEAN(test) cmocka_unit_test_setup(test, clear_environment)

int main(void)
{
	const struct CMUnitTest list[] = {
		CLEAN(defaults_are_the_documented_ones),
		CLEAN(a_flag_beats_the_environment),
		CLEAN(an_empty_variable_is_the_default),
		CLEAN(what_is_not_allowed_is_refused),
		CLEAN(no_limit_is_none),
		CLEAN(a_token_is_never_printed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
