/* SPDX-License-Identifier: MIT */
/*
 * Templates escape what they show and are laid out as they read; broken ones
 * are told at the start; a struct's rows become their markers.
 */
#include "views/template.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "views/view.h"

/* Puts a template into a directory of its own and loads it from there. */
static int load_text(const char *name, const char *text)
{
	char directory[] = "/tmp/oomlab-test-XXXXXX", path[64];
	FILE *file;
	int result;

	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	result = template_load(directory, name);
	unlink(path);
	rmdir(directory);
	return result;
}

static void assert_expands(const char *name, const char *expected)
{
	struct template_dictionary *dictionary = template_dictionary_new();
	size_t length;
	char *out;

	template_set(dictionary, "x", "<b>&\"");
	template_show(dictionary, "SHOWN");
	for (int i = 0; i < 2; i++)
		template_set(template_add(dictionary, "rows"), "n",
			i ? "two" : "one");
	assert_int_equal(template_expand(name, dictionary, &out, &length), 0);
	assert_string_equal(out, expected);
	assert_int_equal(length, strlen(expected));
	free(out);
	template_dictionary_free(dictionary);
}

static void html_is_escaped_and_laid_out(void **state)
{
	(void)state;
	assert_int_equal(
		load_text("a.tpl", "{{! Filled by\n     nobody. }}\n"
				   "{{%AUTOESCAPE context=\"HTML\"}}\n"
				   "<p title=\"{{x}}\">{{x}}</p>\n\n"
				   "  {{#rows}}\n<i>{{n}}</i>\n  {{/rows}}\n"),
		0);
	assert_expands("a.tpl",
		"<p title=\"&lt;b&gt;&amp;&quot;\">&lt;b&gt;&amp;&quot;</p>\n\n"
		"<i>one</i>\n<i>two</i>\n");
}

static void text_is_as_it_is(void **state)
{
	(void)state;
	assert_int_equal(load_text("a.txt.tpl",
				 "{{! A comment. }}\nx: {{x}}\n\n"
				 "{{#SHOWN}}{{! and so }}\nshown\n{{/SHOWN}}\n"
				 "{{#HIDDEN}}\nhidden\n{{/HIDDEN}}\n"
				 "n:{{#rows}} {{n}}{{/rows}}\nend"),
		0);
	assert_expands("a.txt.tpl", "x: <b>&\"\n\nshown\nn: one two\nend");
	/* A later one of that name takes its place. */
	assert_int_equal(load_text("a.txt.tpl", "new {{x}}\n"), 0);
	assert_expands("a.txt.tpl", "new <b>&\"\n");
}

static void an_include_is_another_template(void **state)
{
	(void)state;
	assert_int_equal(load_text("b.tpl", "{{%AUTOESCAPE context=\"HTML\"}}\n"
					    "<p>\n  {{>PART}}\n{{x}}</p>\n"),
		0);
	assert_int_equal(template_whole("b.tpl"), -1);
	assert_int_equal(load_text("part.tpl",
				 "{{%AUTOESCAPE context=\"HTML\"}}\n"
				 "<i{{#AT_b}} id=\"b\"{{/AT_b}}"
				 "{{#AT_c}} id=\"c\"{{/AT_c}}>{{x}}</i>\n"),
		0);
	assert_int_equal(template_whole("b.tpl"), 0);
	assert_expands(
		"b.tpl", "<p>\n<i id=\"b\"></i>\n&lt;b&gt;&amp;&quot;</p>\n");
}

static void a_bad_template_is_refused(void **state)
{
	struct template_dictionary *dictionary = template_dictionary_new();
	size_t length;
	char *out;

	(void)state;
	assert_int_equal(load_text("raw.tpl", "<p>{{x}}</p>\n"), -1);
	assert_int_equal(load_text("b.txt.tpl", "{{#open}}\n"), -1);
	assert_int_equal(load_text("c.txt.tpl", "{{open\n"), -1);
	assert_int_equal(template_load("templates", "nowhere.tpl"), -1);
	assert_int_equal(views_load("/nowhere"), -1);
	errno = 0;
	assert_int_equal(
		template_expand("raw.tpl", dictionary, &out, &length), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(template_expand("a.tpl", NULL, &out, &length), -1);
	template_dictionary_free(dictionary);
	template_dictionary_free(NULL);
}

struct level {
	char path[16];
	int64_t bytes;
};

struct report {
	struct level limit, none;
	const void *levels;
	const void *names;
	int32_t level_count, name_count;
};

static const struct field level_fields[] = {
	FIELD_ROW(struct level, path, "path", FIELD_TEXT),
	FIELD_ROW(struct level, bytes, "bytes", FIELD_BYTES),
	FIELD_END,
};

static const struct field report_fields[] = {
	FIELD_ROW(struct report, limit, "limit", FIELD_OBJECT,
		.rows = level_fields),
	FIELD_ROW(struct report, none, "none", FIELD_OBJECT,
		.rows = level_fields, .optional = true),
	FIELD_ROW(struct report, levels, "levels", FIELD_LIST,
		.rows = level_fields, .stride = sizeof(struct level),
		.count_offset = offsetof(struct report, level_count)),
	FIELD_ROW(struct report, names, "names", FIELD_LIST, .stride = 2,
		.count_offset = offsetof(struct report, name_count)),
	FIELD_END,
};

static void rows_become_markers(void **state)
{
	static const struct level levels[] = {{"/a", 1024}, {"", -1}};
	static const struct view view = {
		.fields = report_fields, .text = "d.txt.tpl"};
	const struct report report = {
		{"/lab", 2048}, {"", -1}, levels, NULL, 2, 0};
	size_t length;
	char *body;

	(void)state;
	assert_int_equal(
		load_text("d.txt.tpl",
			"{{limit_path}} {{limit_bytes}} {{limit_bytes_plain}}"
			"{{#HAVE_limit}} limit{{/HAVE_limit}}"
			"{{#NO_limit}} WRONG{{/NO_limit}}"
			"{{#HAVE_none}} WRONG{{/HAVE_none}}"
			"{{#NO_none}} none{{/NO_none}}"
			"{{#NO_none_path}} {{none_path}}{{/NO_none_path}}\n"
			"{{#levels}}\n{{#HAVE_path}}{{path}}{{/HAVE_path}}"
			"{{#NO_path}}unknown{{/NO_path}} {{bytes}}\n"
			"{{/levels}}\n"
			"{{#HAVE_levels}}levels{{/HAVE_levels}}"
			"{{#names}} {{names}}{{/names}}"
			"{{#NO_names}} no names{{/NO_names}}\n"),
		0);
	assert_int_equal(
		view_render(HTTP_HTML, &view, &report, &body, &length), 0);
	assert_string_equal(body,
		"/lab 2.0 KiB 2048 limit none -\n/a 1.0 KiB\nunknown -\n"
		"levels no names\n");
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_is_escaped_and_laid_out),
		cmocka_unit_test(text_is_as_it_is),
		cmocka_unit_test(an_include_is_another_template),
		cmocka_unit_test(a_bad_template_is_refused),
		cmocka_unit_test(rows_become_markers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
