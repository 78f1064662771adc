/* SPDX-License-Identifier: MIT */
/*
 * How each type of setting is read, shown and described; which settings there
 * are stands in config.c.
 */
#include "setting_types.h"

#include <inttypes.h>
#include <string.h>

#include "http/quantity.h"

static int store_in_range(
	const struct setting *row, int fault, int64_t value, void *at)
{
	if (fault < 0 || value < row->min || value > row->max)
		return -1;
	memcpy(at, &value, sizeof(value));
	return 0;
}

static int64_t number_at(const void *at)
{
	int64_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static int store_integer(const struct setting *row, const char *text, void *at)
{
	int64_t value = 0;
	int fault = integer_parse(text, &value);

	return store_in_range(row, fault, value, at);
}

static void print_integer(const void *at, FILE *out)
{
	fprintf(out, "%" PRId64 "\n", number_at(at));
}

static void allowed_integer(const struct setting *row, char *out, size_t size)
{
	snprintf(out, size, "%" PRId64 "..%" PRId64, row->min, row->max);
}

static int store_bytes(const struct setting *row, const char *text, void *at)
{
	int64_t value = INT64_MAX;
	int fault = 0;

	if (strcmp(text, "none") != 0)
		fault = quantity_parse(text, &value);
	return store_in_range(row, fault, value, at);
}

static void print_bytes(const void *at, FILE *out)
{
	if (number_at(at) == INT64_MAX)
		fputs("none\n", out);
	else
		print_integer(at, out);
}

static void allowed_bytes(const struct setting *row, char *out, size_t size)
{
	snprintf(out, size,
		"a quantity like 512M, at least %" PRId64 " bytes, or none",
		row->min);
}

static int store_duration(const struct setting *row, const char *text, void *at)
{
	int64_t value = 0;
	int fault = duration_parse(text, &value);

	return store_in_range(row, fault, value, at);
}

static void print_duration(const void *at, FILE *out)
{
	fprintf(out, "%" PRId64 "ms\n", number_at(at));
}

static void allowed_duration(const struct setting *row, char *out, size_t size)
{
	snprintf(out, size,
		"a duration like 500ms, 30s, 5m, 1h, at most %" PRId64 "h",
		row->max / 3600000);
}

static int store_guard(const struct setting *row, const char *text, void *at)
{
	bool host = strcmp(text, "host") == 0;

	(void)row;
	if (!host && strcmp(text, "off") != 0)
		return -1;
	memcpy(at, &host, sizeof(host));
	return 0;
}

static void print_guard(const void *at, FILE *out)
{
	fputs(*(const bool *)at ? "host\n" : "off\n", out);
}

static void allowed_guard(const struct setting *row, char *out, size_t size)
{
	(void)row;
	snprintf(out, size, "host or off");
}

static int store_text(const struct setting *row, const char *text, void *at)
{
	if (strlen(text) >= row->size)
		return -1;
	strcpy(at, text);
	return 0;
}

static void print_text(const void *at, FILE *out)
{
	fprintf(out, "%s\n", (const char *)at);
}

static void allowed_text(const struct setting *row, char *out, size_t size)
{
	snprintf(out, size, "at most %zu characters", row->size - 1);
}

/* The first line of the file named text; "" names none. */
static int store_first_line(
	const struct setting *row, const char *text, void *at)
{
	char *line = at;
	FILE *file;

	if (*text == '\0')
		return 0;
	file = fopen(text, "re");
	if (!file)
		return -1;
	if (!fgets(line, (int)row->size, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\r\n")] = '\0';
	return line[0] ? 0 : -1;
}

static void allowed_file(const struct setting *row, char *out, size_t size)
{
	snprintf(out, size,
		"a readable file whose first line has 1..%zu characters",
		row->size - 1);
}

const struct setting_type integer_setting = {
	false, store_integer, print_integer, allowed_integer};
const struct setting_type bytes_setting = {
	false, store_bytes, print_bytes, allowed_bytes};
const struct setting_type duration_setting = {
	false, store_duration, print_duration, allowed_duration};
const struct setting_type guard_setting = {
	false, store_guard, print_guard, allowed_guard};
const struct setting_type text_setting = {
	false, store_text, print_text, allowed_text};
const struct setting_type secret_setting = {
	true, store_text, print_text, allowed_text};
const struct setting_type secret_file_setting = {
	true, store_first_line, print_text, allowed_file};
