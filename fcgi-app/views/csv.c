/* SPDX-License-Identifier: MIT */
/*
 * CSV by the rows of a list's elements. Every text is quoted and no figure is,
 * which some readers tell them apart by; a text may hold a name that somebody
 * chose, so it is made harmless to a spreadsheet.
 */
#include "views/csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MAX 1024

static bool is_text(const struct field *row)
{
	return row->type == FIELD_TEXT || row->type == FIELD_WORD;
}

static bool is_value(const struct field *row)
{
	return row->type != FIELD_OBJECT && row->type != FIELD_LIST;
}

static void print_text(FILE *out, const char *text)
{
	putc('"', out);
	if (*text && strchr("=+-@\t\r\n", *text))
		putc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void print_cell(FILE *out, const struct field *row, const char *element)
{
	const void *at = element + row->offset;
	char cell[CELL_MAX];

	if (field_absent(row, at))
		return;
	field_plain(row, at, cell, sizeof(cell));
	if (is_text(row))
		print_text(out, cell);
	else
		fputs(cell, out);
}

static void print_names(FILE *out, const struct field *rows)
{
	const char *before = "";

	for (const struct field *row = rows; row->name; row++) {
		if (!is_value(row))
			continue;
		fprintf(out, "%s%s", before, row->name);
		before = ",";
	}
	fputs("\r\n", out);
}

static void print_element(
	FILE *out, const struct field *rows, const char *element)
{
	const char *before = "";

	for (const struct field *row = rows; row->name; row++) {
		if (!is_value(row))
			continue;
		fputs(before, out);
		print_cell(out, row, element);
		before = ",";
	}
	fputs("\r\n", out);
}

static void print_list(FILE *out, const struct field *list, const void *data)
{
	const char *base = data, *element;
	int32_t count;

	memcpy(&element, base + list->offset, sizeof(element));
	memcpy(&count, base + list->count_offset, sizeof(count));
	print_names(out, list->rows);
	for (int32_t i = 0; element && i < count; i++)
		print_element(
			out, list->rows, element + (size_t)i * list->stride);
}

int csv_render(const struct field *rows, const char *list, const void *data,
	char **body, size_t *length)
{
	FILE *out = open_memstream(body, length);
	bool failed;

	if (!out)
		return -1;
	for (const struct field *row = rows; row->name; row++) {
		if (strcmp(row->name, list) == 0)
			print_list(out, row, data);
	}
	failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		free(*body);
		errno = ENOMEM;
		return -1;
	}
	return 0;
}
