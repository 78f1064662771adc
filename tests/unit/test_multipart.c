/* SPDX-License-Identifier: MIT */
/*
 * One field out of a form of parts, in pieces of any size, whatever its bytes.
 */
#include "http/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PART(name, content)                                                    \
	"--b\r\nContent-Disposition: form-data; name=" name "\r\n\r\n" content \
	"\r\n"
#define END "--b--\r\n"

struct taken {
	char text[256];
	size_t length;
};

static void take(void *context, const char *bytes, size_t length)
{
	struct taken *taken = context;

	assert_true(taken->length + length < sizeof(taken->text));
	memcpy(taken->text + taken->length, bytes, length);
	taken->length += length;
}

static const struct {
	const char *body, *content; /* NULL: there is no such field */
	bool whole;
} forms[] = {
	{PART("\"log\"", "one\r\ntwo\n") END, "one\r\ntwo\n", true},
	{PART("log", "x") END, "x", true},
	{PART("\"log\"; filename=\"name=no\"", "x") END, "x", true},
	{PART("\"a\"", "no") PART("\"log\"", "yes") PART("\"b\"", "no") END,
		"yes", true},
	{PART("\"log\"", "first") PART("\"log\"", "second") END, "first", true},
	{PART("\"log\"", "") END, "", true},
	{PART("\"log\"", "\r\n--\r\n--c\r\r\n-") END, "\r\n--\r\n--c\r\r\n-",
		true},
	{PART("\"lo\"", "x") PART("\"log2\"", "y") END, NULL, true},
	{"before\r\n" PART("\"log\"", "x") END "behind", "x", true},
	{PART("\"log\"", "x"), "x", false},
	{"", NULL, false},
};

static void the_field_alone_is_handed_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = strlen(forms[i].body);

		for (size_t piece = 1; piece <= length + 1; piece++) {
			struct taken taken = {.length = 0};
			struct multipart parts;

			assert_true(multipart_open(&parts,
				"multipart/form-data; boundary=b", "log", take,
				&taken));
			for (size_t at = 0; at < length; at += piece)
				multipart_feed(&parts, forms[i].body + at,
					length - at < piece ? length - at
							    : piece);
			assert_int_equal(parts.found, forms[i].content != NULL);
			assert_int_equal(parts.ended, forms[i].whole);
			taken.text[taken.length] = '\0';
			assert_string_equal(taken.text,
				forms[i].content ? forms[i].content : "");
		}
	}
}

static void another_type_is_none(void **state)
{
	static const char *const types[] = {"", "text/plain",
		"multipart/mixed; boundary=b", "multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; "
		"boundary=01234567890123456789012345678901234567890123456789"
		"012345678901234567890"};
	struct multipart parts;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_false(
			multipart_open(&parts, types[i], "log", take, NULL));
	assert_true(multipart_open(&parts,
		"Multipart/Form-Data; charset=x; boundary=\"a b\"", "log", take,
		NULL));
}

/* Headers of whatever length end where they end. */
static void a_long_head_is_passed_over(void **state)
{
	char body[2048] = "--b\r\nContent-Disposition: form-data; "
			  "name=\"log\"\r\nX: ";
	struct taken taken = {.length = 0};
	struct multipart parts;
	size_t used = strlen(body);

	(void)state;
	memset(body + used, 'x', 1500);
	strcpy(body + used + 1500, "\r\n\r\nlog\r\n--b--");
	assert_true(multipart_open(
		&parts, "multipart/form-data;boundary=b", "log", take, &taken));
	multipart_feed(&parts, body, strlen(body));
	assert_true(parts.found && parts.ended);
	assert_int_equal(taken.length, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_field_alone_is_handed_on),
		cmocka_unit_test(another_type_is_none),
		cmocka_unit_test(a_long_head_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
