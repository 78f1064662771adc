/* SPDX-License-Identifier: MIT */
/*
 * forecast_make() says when a load would be killed, who would be chosen, and
 * says nothing where that cannot be told.
 */
#include "evidence/forecast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "forecast_cases.h"
#include "http/params.h"
#include "views/fields.h"

static void list_warnings(char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < house.out.warnings_count; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
			i ? " " : "", house.out.warnings[i].code);
}

static void every_situation_has_its_forecast(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char warnings[256];

		print_message("  %s\n", cases[i].why);
		plain();
		if (cases[i].arrange)
			cases[i].arrange();
		forecast_make(&house.facts, &house.ask, &house.out);
		list_warnings(warnings, sizeof(warnings));
		assert_int_equal(house.out.fits, cases[i].fits);
		assert_int_equal(
			house.out.kill_at_bytes, cases[i].kill_at_bytes);
		assert_string_equal(house.out.victims[0].name, cases[i].victim);
		assert_string_equal(warnings, cases[i].warnings);
		assert_int_equal(house.out.requested_bytes, house.ask.bytes);
	}
}

static void badness_is_the_kernels(void **state)
{
	const struct forecast_victim *victims = house.out.victims;
	int64_t thousandth = 512 * M / PAGE / 1000;
	int64_t kill_at = MAPPED(350 * M);

	(void)state;
	plain();
	beside_a_holder();
	forecast_make(&house.facts, &house.ask, &house.out);
	assert_int_equal(house.out.victims_count, 4);
	assert_true(victims[0].pid == FIELD_ABSENT);
	assert_int_equal(victims[0].rss_bytes, kill_at);
	assert_int_equal(victims[0].badness,
		kill_at / PAGE + kill_at * 8 / PAGE / PAGE + 1000 * thousandth);
	assert_string_equal(victims[1].name, HOLDER);
	assert_int_equal(
		victims[1].badness, 150 * M / PAGE + 75 + 1000 * thousandth);
	assert_string_equal(victims[2].name, "oomlab:idle");
	assert_int_equal(
		victims[2].badness, 4 * M / PAGE + 2 + 500 * thousandth);
	/* Not sampled, so not known; and last all the same. */
	assert_string_equal(victims[3].name, "oomlab");
	assert_true(victims[3].badness == FIELD_ABSENT);
}

/* mem_cgroup_get_max(): what swap there is weighs in. */
static void swap_weighs_in_the_score(void **state)
{
	(void)state;
	plain();
	swap_is_not_enough();
	forecast_make(&house.facts, &house.ask, &house.out);
	assert_int_equal(house.out.victims[1].badness,
		4 * M / PAGE + 2 + 500 * (612 * M / PAGE / 1000));
}

static void the_likeliest_are_kept(void **state)
{
	(void)state;
	plain();
	for (int i = 0; i < 12; i++)
		add_worker(HOLDER, (i + 1) * M, 1000);
	forecast_make(&house.facts, &house.ask, &house.out);
	assert_int_equal(house.out.victims_count, FORECAST_VICTIMS);
	assert_string_equal(house.out.victims[0].name, SELF);
	for (int i = 1; i < FORECAST_VICTIMS; i++)
		assert_int_equal(house.out.victims[i].rss_bytes, (13 - i) * M);
}

static void every_kind_is_known(void **state)
{
	const struct param *kind = params_find("kind");

	(void)state;
	for (const char *const *word = kind->words; *word; word++)
		assert_true(forecast_knows(*word));
	assert_false(forecast_knows(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_situation_has_its_forecast),
		cmocka_unit_test(badness_is_the_kernels),
		cmocka_unit_test(swap_weighs_in_the_score),
		cmocka_unit_test(the_likeliest_are_kept),
		cmocka_unit_test(every_kind_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
