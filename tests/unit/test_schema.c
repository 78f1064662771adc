/* SPDX-License-Identifier: MIT */
/*
 * Rows become the JSON Schema of what views/json.h prints of them, and without
 * memory there is no half of one.
 */
#include "views/schema.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct level {
	char path[16];
	int64_t bytes, delta;
};

struct report {
	char id[33];
	int64_t count, took_us, at_ms;
	int32_t agrees, state;
	struct level limit, own;
	const void *levels, *names;
	int32_t level_count, name_count;
};

static const char *const words[] = {"growing", NULL, "ended"};

/* clang-format off */
static const struct field level_fields[] = {
	FIELD_ROW(struct level, path, "path", FIELD_TEXT),
	FIELD_ROW(struct level, bytes, "bytes", FIELD_BYTES),
	FIELD_ROW(struct level, delta, "delta", FIELD_DELTA, .optional = true),
	FIELD_END
};

static const struct field fields[] = {
	FIELD_ROW(struct report, id, "id", FIELD_TEXT),
	FIELD_ROW(struct report, count, "count", FIELD_INTEGER),
	FIELD_ROW(struct report, took_us, "took", FIELD_SECONDS),
	FIELD_ROW(struct report, at_ms, "at", FIELD_TIME),
	FIELD_ROW(struct report, agrees, "agrees", FIELD_BOOL),
	FIELD_ROW(struct report, state, "state", FIELD_WORD,
		FIELD_WORDS(words)),
	FIELD_ROW(struct report, limit, "limit", FIELD_OBJECT,
		.rows = level_fields),
	FIELD_ROW(struct report, own, "", FIELD_OBJECT,
		.rows = level_fields, .optional = true),
	FIELD_ROW(struct report, levels, "levels", FIELD_LIST,
		.rows = level_fields, .stride = sizeof(struct level),
		.count_offset = offsetof(struct report, level_count)),
	FIELD_ROW(struct report, names, "names", FIELD_LIST, .stride = 8,
		.count_offset = offsetof(struct report, name_count)),
	FIELD_END
};

#define LEVEL_PROPERTIES \
	"\"path\":{\"type\":[\"string\",\"null\"]}," \
	"\"bytes\":{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"," \
	"\"minimum\":0}," \
	"\"delta\":{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"}"
#define LEVEL \
	"{\"type\":\"object\",\"properties\":{" LEVEL_PROPERTIES "}," \
	"\"required\":[\"path\",\"bytes\"]}"
/* clang-format on */

static const char expected[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"id\":{\"type\":[\"string\",\"null\"]},"
	"\"count\":{\"type\":[\"integer\",\"null\"]},"
	"\"took\":{\"type\":[\"number\",\"null\"],\"minimum\":0},"
	"\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
	"\"agrees\":{\"type\":[\"boolean\",\"null\"]},"
	"\"state\":{\"type\":[\"string\",\"null\"],"
	"\"enum\":[\"growing\",\"ended\",null]},"
	"\"limit\":" LEVEL "," LEVEL_PROPERTIES ","
	"\"levels\":{\"type\":[\"array\",\"null\"],\"items\":" LEVEL "},"
	"\"names\":{\"type\":[\"array\",\"null\"],"
	"\"items\":{\"type\":[\"string\",\"null\"]}}},"
	"\"required\":[\"id\",\"count\",\"took\",\"at\",\"agrees\",\"state\","
	"\"limit\",\"levels\",\"names\"]}";

static int make(char **body, size_t *length)
{
	struct tree tree;

	tree_open(&tree);
	schema_fill(&tree, tree.root, fields);
	return tree_close(&tree, body, length);
}

static void a_schema_is_what_json_prints(void **state)
{
	size_t length;
	char *body;

	(void)state;
	assert_int_equal(make(&body, &length), 0);
	assert_string_equal(body, expected);
	assert_int_equal(length, strlen(expected));
	free(body);
}

static int calls_left; /* until memory is short, for good */

static void *scarce_malloc(size_t size)
{
	return calls_left-- > 0 ? malloc(size) : NULL;
}

/* Sanitizer and valgrind see to it that nothing is lost on the way. */
static void without_memory_there_is_none(void **state)
{
	cJSON_Hooks scarce = {scarce_malloc, free};
	int result = -1, calls = 0;
	size_t length;
	char *body;

	(void)state;
	cJSON_InitHooks(&scarce);
	for (; result < 0 && calls < 10000; calls++) {
		calls_left = calls;
		errno = 0;
		result = make(&body, &length);
		if (result < 0)
			assert_int_equal(errno, ENOMEM);
	}
	cJSON_InitHooks(NULL);
	assert_int_equal(result, 0);
	assert_true(calls > 100);
	assert_string_equal(body, expected);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schema_is_what_json_prints),
		cmocka_unit_test(without_memory_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
