/* SPDX-License-Identifier: MIT */
/*
 * sar's table, to the letter. The lines that are expected of a host are those
 * that sysstat 12.6.1 printed for a /proc/meminfo with these very figures;
 * tests/http/test_sar_capture.py asks the real one anew.
 */
#include "views/sar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "evidence/verdict.h"

#define AT_MS	INT64_C(1769898601000) /* 2026-01-31 22:30:01 UTC */
#define KB(n)	((int64_t)(n)*1024)
#define BEGIN	"22:30:01   "
#define AVERAGE "Average:   "
#define HEAD                                                                   \
	" kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached"         \
	"  kbcommit   %commit  kbactive   kbinact   kbdirty\n"

static const struct sar_machine machine = {"6.1.0-1-amd64", "lab", "x86_64", 2};
static const struct sar_kills none;

/* As captured: no MemAvailable, no swap. */
static struct sample captured(void)
{
	struct sample sample;

	sample_clear(&sample);
	sample.at_ms = AT_MS;
	sample.host.memory.total_bytes = KB(1000000);
	sample.host.memory.free_bytes = KB(40000);
	sample.host.memory.buffers_bytes = KB(3000);
	sample.host.memory.cached_bytes = KB(70000);
	sample.host.memory.active_bytes = KB(11000);
	sample.host.memory.inactive_bytes = KB(12000);
	sample.host.memory.dirty_bytes = KB(123);
	sample.host.memory.slab_bytes = KB(5000);
	sample.host.memory.committed_bytes = KB(900000);
	sample.host.memory.swap_total_bytes = 0;
	return sample;
}

/* The figures of the last line of out, behind its time. */
static void assert_last(char *out, size_t length, const char *expected)
{
	char *line;

	assert_int_equal(out[length - 1], '\n');
	out[length - 1] = '\0';
	line = strrchr(out, '\n');
	assert_string_equal((line ? line + 1 : out) + strlen(BEGIN), expected);
}

static void assert_row(
	enum sar_of of, const struct sample *sample, const char *expected)
{
	struct sar_table table;
	char out[SAR_BYTES];

	sar_open(&table, of, &machine, AT_MS - 1000);
	assert_last(out, sar_row(&table, sample, &none, out), expected);
}

static void the_banner_is_sars(void **state)
{
	char out[SAR_BYTES];
	size_t length = sar_banner(&machine, AT_MS, out);

	(void)state;
	assert_int_equal(length, strlen(out));
	assert_string_equal(out,
		"Linux 6.1.0-1-amd64 (lab) \t01/31/26 \t_x86_64_\t(2 CPU)\n");
}

static void the_first_head_shows_when_the_interval_began(void **state)
{
	struct sample sample = captured();
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	sar_row(&table, &sample, &none, out);
	assert_memory_equal(out, "\n22:30:00   " HEAD BEGIN,
		strlen("\n22:30:00   " HEAD BEGIN));
}

static void what_is_absent_is_a_dash(void **state)
{
	struct sample sample = captured();

	(void)state;
	assert_row(SAR_HOST, &sample,
		"     40000         -    882000     88.20      3000     70000"
		"    900000     90.00     11000     12000       123");
	sample_clear(&sample);
	assert_row(SAR_HOST, &sample,
		"         -         -         -         -         -         -"
		"         -         -         -         -         -");
}

static void nothing_is_a_nought(void **state)
{
	struct sample sample = captured();

	(void)state;
	sample.host.memory.total_bytes = 0;
	sample.host.memory.available_bytes = 0;
	assert_row(SAR_HOST, &sample,
		"     40000         0         0      0.00      3000     70000"
		"    900000      0.00     11000     12000       123");
}

static void swap_counts_for_what_is_committed(void **state)
{
	struct sample sample = captured();

	(void)state;
	sample.host.memory.available_bytes = KB(1);
	sample.host.memory.swap_total_bytes = KB(333);
	assert_row(SAR_HOST, &sample,
		"     40000         1    882000     88.20      3000     70000"
		"    900000     89.97     11000     12000       123");
}

/* 24 TiB: ten digits and more move what is behind them. */
static void a_wide_figure_moves_the_rest(void **state)
{
	struct sample sample = captured();

	(void)state;
	sample.host.memory.total_bytes = KB(25769803776);
	sample.host.memory.free_bytes = KB(24769803776);
	sample.host.memory.available_bytes = KB(25000000000);
	sample.host.memory.committed_bytes = KB(123456789012);
	assert_row(SAR_HOST, &sample,
		" 24769803776 25000000000 999922000      3.88      3000     "
		"70000 123456789012    479.08     11000     12000       123");
}

static void an_average_is_of_the_columns_as_they_are(void **state)
{
	struct sample sample = captured();
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sample.host.memory.available_bytes = KB(5);
	sample.host.memory.free_bytes = KB(999999);
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	assert_last(out, sar_row(&table, &sample, &none, out),
		"    999999         5         0      0.00      3000     70000"
		"    900000     90.00     11000     12000       123");
	assert_last(out, sar_average(&table, out),
		"    999999         5    -77999     -7.80      3000     70000"
		"    900000     90.00     11000     12000       123");
	assert_int_equal(sar_average(&table, out), 0);
}

static void an_average_leaves_out_what_is_absent(void **state)
{
	struct sample sample = captured();
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	sar_row(&table, &sample, &none, out);
	sample.host.memory.available_bytes = KB(7);
	sample.host.memory.dirty_bytes = KB(124); /* 123.5: to the even */
	sample.host.memory.buffers_bytes = KB(3001);
	sar_row(&table, &sample, &none, out);
	assert_last(out, sar_average(&table, out),
		"     40000         7    882000     88.20      3000     70000"
		"    900000     90.00     11000     12000       124");
}

static void heads_are_repeated(void **state)
{
	struct sample sample = captured();
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	for (int i = 0; i <= 2 * SAR_HEADS; i++) {
		bool has_head = i % SAR_HEADS == 0;

		sar_row(&table, &sample, &none, out);
		assert_int_equal(strstr(out, HEAD) != NULL, has_head);
		if (i > 0 && has_head)
			assert_memory_equal(out, "\n" BEGIN " kbmem",
				strlen("\n" BEGIN " kbmem"));
	}
}

static void a_boot_begins_anew(void **state)
{
	struct sample sample = captured();
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	sample.host.oom_kills = 3;
	sar_row(&table, &sample, &none, out);
	sample.host.oom_kills = FIELD_ABSENT; /* could not be read */
	sar_row(&table, &sample, &none, out);
	assert_null(strstr(out, "RESTART"));
	sample.host.psi.some_us = 5;
	sar_row(&table, &sample, &none, out);
	sample.host.psi.some_us = 4;
	sample.at_ms += 1000;
	sar_row(&table, &sample, &none, out);
	assert_null(strstr(out, "RESTART"));
	sample.host.psi.some_us = 3;
	sample.at_ms += 59000;
	sar_row(&table, &sample, &none, out);
	assert_memory_equal(out, AVERAGE, strlen(AVERAGE));
	assert_non_null(strstr(out, "123\n\n22:31:01     LINUX RESTART\t"
				    "(2 CPU)\n\n22:31:01   " HEAD "22:31:01 "));
}

static void a_kill_stands_behind_its_line(void **state)
{
	struct sample_kill kill = {"0123456789abcdef0123456789abcdef",
		AT_MS - 518, VERDICT_CGROUP_OOM,
		"/events/0123456789abcdef0123456789abcdef"};
	struct sample sample = captured();
	struct sar_kills kills = {0};
	struct sar_table table;
	char out[SAR_BYTES];

	(void)state;
	sar_open(&table, SAR_HOST, &machine, AT_MS - 1000);
	sar_add_kill(&kills, &kill);
	sar_row(&table, &sample, &kills, out);
	assert_non_null(strstr(out,
		"       123  <- OOM kill: cgroup-oom at 22:30:00.482 "
		"/events/0123456789abcdef0123456789abcdef\n"));
	kills.first.verdict = VERDICT_SIGNAL;
	sar_add_kill(&kills, &kill);
	sar_add_kill(&kills, &kill);
	sar_row(&table, &sample, &kills, out);
	assert_non_null(strstr(out,
		"  <- killed: signal at 22:30:00.482 "
		"/events/0123456789abcdef0123456789abcdef (+2 more)\n"));
}

static void a_cgroups_columns(void **state)
{
	struct sample sample = captured();

	(void)state;
	sample.cgroup.limit_bytes = KB(2000);
	sample.cgroup.usage_bytes = KB(1500);
	sample.cgroup.headroom_bytes = KB(600);
	sample.cgroup.file_bytes = KB(300);
	sample.cgroup.working_set_bytes = KB(1400);
	sample.cgroup.inactive_file_bytes = KB(100);
	assert_row(SAR_CGROUP, &sample,
		"       500       600      1200     60.00         -       300"
		"         -         -      1400       100         -");
	sample.cgroup.limit_bytes = INT64_MAX;
	assert_row(SAR_CGROUP, &sample,
		"         -       600      1200         -         -       300"
		"         -         -      1400       100         -");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_banner_is_sars),
		cmocka_unit_test(the_first_head_shows_when_the_interval_began),
		cmocka_unit_test(what_is_absent_is_a_dash),
		cmocka_unit_test(nothing_is_a_nought),
		cmocka_unit_test(swap_counts_for_what_is_committed),
		cmocka_unit_test(a_wide_figure_moves_the_rest),
		cmocka_unit_test(an_average_is_of_the_columns_as_they_are),
		cmocka_unit_test(an_average_leaves_out_what_is_absent),
		cmocka_unit_test(heads_are_repeated),
		cmocka_unit_test(a_boot_begins_anew),
		cmocka_unit_test(a_kill_stands_behind_its_line),
		cmocka_unit_test(a_cgroups_columns),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
