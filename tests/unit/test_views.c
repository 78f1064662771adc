/* SPDX-License-Identifier: MIT */
/*
 * What stands in templates/ says which view fills it and asks for no marker
 * that its view does not fill; and the first page is the ancestor's.
 */
#include "views/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "views/events.h"
#include "views/explain.h"
#include "views/failed_load.h"
#include "views/forecast.h"
#include "views/help.h"
#include "views/loads.h"
#include "views/page.h"
#include "views/postmortem.h"
#include "views/status.h"

/* Every view that has a template; a new one is a row. */
static const struct view *const views[] = {
	&page_view,
	&problem_view,
	&load_view,
	&loads_view,
	&events_view,
	&status_view,
	&postmortem_view,
	&postmortem_html_view,
	&postmortem_text_view,
	&failed_load_view,
	&forecast_view,
	&explain_view,
	&explain_page_view,
	&help_view,
	&manual_view,
};

/* Whether rows give a marker of that name, as views/dictionary.h says. */
static bool rows_fill(
	const struct field *rows, const char *prefix, const char *name)
{
	for (const struct field *row = rows; row->name; row++) {
		char own[128], inner[256];

		(void)snprintf(own, sizeof(own), "%s%s", prefix, row->name);
		(void)snprintf(inner, sizeof(inner), "%s_", own);
		if (strcmp(name, own) == 0 ||
			(strncmp(name, own, strlen(own)) == 0 &&
				strcmp(name + strlen(own), "_plain") == 0))
			return true;
		if (row->rows && rows_fill(row->rows,
					 row->type == FIELD_LIST ? ""
					 : row->name[0]		 ? inner
								 : prefix,
					 name))
			return true;
	}
	return false;
}

static bool has_template(const struct view *view, const char *name)
{
	return (view->html && strcmp(view->html, name) == 0) ||
	       (view->text && strcmp(view->text, name) == 0);
}

/* Two views may share a template; each may leave the other's sections out. */
static bool some_view_fills(const char *name, const char *marker)
{
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (has_template(views[i], name) &&
			rows_fill(views[i]->fields, "", marker))
			return true;
	return false;
}

static const char *read_template(const char *name)
{
	static char text[65536];
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "templates/%s", name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s is not there", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_ptr_equal(strstr(text, "{{!"), text); /* says who fills it */
	return text;
}

/* The next marker from *at on, without its prefix and modifiers; the prefix is
 * its first character, or ' '. NULL: there is none. */
static const char *next_marker(const char **at, char *prefix, char marker[128])
{
	const char *found = strstr(*at, "{{");

	while (found && strchr("!%", found[2]))
		found = strstr(found + 2, "{{");
	if (!found)
		return NULL;
	found += 2;
	*prefix = strchr("#/>", *found) ? *found++ : ' ';
	if (strncmp(found, "HAVE_", 5) == 0)
		found += 5;
	else if (strncmp(found, "NO_", 3) == 0)
		found += 3;
	(void)snprintf(marker, 128, "%.*s", (int)strcspn(found, "}:"), found);
	*at = found;
	return found;
}

static void assert_filled(const char *name)
{
	const char *at = read_template(name);
	char marker[128], prefix;

	while (next_marker(&at, &prefix, marker))
		if (prefix != '>' && !some_view_fills(name, marker))
			fail_msg("%s: nobody fills %s", name, marker);
}

static bool is_a_page(const char *stem)
{
	char name[160];

	(void)snprintf(name, sizeof(name), "%s.tpl", stem);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (has_template(views[i], name))
			return true;
	return false;
}

/* All that an include may ask is which page it is in. */
static void includes_ask_for_no_value(void **state)
{
	static const char *const includes[] = {"head.tpl", "nav.tpl"};
	char marker[128], prefix;

	(void)state;
	for (size_t i = 0; i < sizeof(includes) / sizeof(includes[0]); i++) {
		const char *at = read_template(includes[i]);

		while (next_marker(&at, &prefix, marker))
			if (strncmp(marker, "AT_", 3) != 0 ||
				!is_a_page(marker + 3))
				fail_msg("%s asks for %s", includes[i], marker);
	}
}

static void every_marker_has_its_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		if (views[i]->html)
			assert_filled(views[i]->html);
		if (views[i]->text)
			assert_filled(views[i]->text);
	}
}

static void the_page_is_the_ancestors(void **state)
{
	struct page_report page = {.rss_mb = "1105.00390625"};
	size_t length;
	char *body;

	(void)state;
	load_report_clear(&page.load);
	assert_int_equal(views_load("templates"), 0);
	assert_int_equal(
		view_render(HTTP_HTML, &page_view, &page, &body, &length), 0);
	assert_ptr_equal(strstr(body, "<!DOCTYPE html>\n"), body);
	assert_non_null(strstr(body, "<title>Memory Usage Example</title>"));
	assert_non_null(strstr(
		body, "<h1>Current Memory Usage: 1105.00390625 MB</h1>"));
	free(body);
	assert_int_equal(
		view_render(HTTP_TEXT, &page_view, &page, &body, &length), 0);
	assert_string_equal(body, "Current Memory Usage: 1105.00390625 MB\n");
	free(body);
}

static void a_page_has_what_it_includes(void **state)
{
	static const struct loads_report none;
	size_t length;
	char *body;

	(void)state;
	assert_int_equal(views_load("templates"), 0);
	assert_int_equal(
		view_render(HTTP_HTML, &loads_view, &none, &body, &length), 0);
	assert_ptr_equal(strstr(body, "<!DOCTYPE html>\n"), body);
	assert_non_null(strstr(body, "<meta charset=\"UTF-8\">\n"));
	assert_non_null(strstr(
		body, "<a href=\"/loads\" aria-current=\"page\">Loads</a>"));
	assert_non_null(strstr(body, "<a href=\"/help\">Help</a>"));
	assert_non_null(strstr(body, "<h1>Loads</h1>"));
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_marker_has_its_field),
		cmocka_unit_test(includes_ask_for_no_value),
		cmocka_unit_test(a_page_has_what_it_includes),
		cmocka_unit_test(the_page_is_the_ancestors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
