/* SPDX-License-Identifier: MIT */
/*
 * A POST's body has a load's parameters as its query would, once, of a type
 * that can have them, and no larger than it may be.
 */
#include "http/body.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "posted.h"
#include "request.h"

#define VALUE(x, name) params_value(&(x).params, name)->integer

static void a_form_is_read_as_a_query_is(void **state)
{
	static const char *const types[] = {POSTED_FORM,
		"Application/X-WWW-Form-URLencoded",
		POSTED_FORM ";charset=UTF-8", POSTED_FORM " ; charset=UTF-8"};
	struct http_exchange x;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct posted posted = {.type = types[i],
			.body = "size=50%&for=1s&%66ill=random&&score=%2D5&",
			.piece = i};

		assert_int_equal(posted_route(&posted, &x), 0);
		assert_true(params_value(&x.params, "size")->percent);
		assert_int_equal(VALUE(x, "size"), 50000);
		assert_int_equal(VALUE(x, "for"), 1000);
		assert_int_equal(VALUE(x, "fill"), FILL_RANDOM);
		assert_int_equal(VALUE(x, "score"), -5);
		assert_int_equal(VALUE(x, "dies"), DIES_WORKER);
	}
}

static const struct {
	struct posted posted;
	int status;
	const char *parameter, *got, *allowed, *said;
} refused[] = {
	{{.type = POSTED_FORM, .body = "size=1Q"}, 400, "size", "1Q", "256M",
		"neither a quantity"},
	{{.type = POSTED_FORM, .body = "size=1M&size=1M"}, 400, "size", "1M",
		"256M", "more than once"},
	{{.type = POSTED_FORM, .body = "size=1M&colour=red"}, 400, "colour",
		"red", "size kind for", "not a parameter"},
	{{.type = POSTED_FORM, .body = "size=1%zz&for=1"}, 400, "size", "1%zz",
		"%25", "two hex digits"},
	{{.type = POSTED_FORM, .body = "size=1%00"}, 400, "size", "1%00", "%25",
		"NUL"},
	{{.type = POSTED_FORM, .body = "for=1&size=1M\0Q", .length = 15}, 400,
		"size", "1M", "%25", "NUL"},
	{{.type = POSTED_FORM, .body = "for=1"}, 400, "size", "", "256M",
		"missing"},
	{{.type = POSTED_FORM, .body = "format=xml"}, 400, "format", "xml",
		"html json text", "not one of"},
	{{.type = "text/plain", .body = "size=1M"}, 415, "Content-Type",
		"text/plain", POSTED_JSON, "text/plain"},
	{{.type = "multipart/form-data; boundary=x", .body = "--x"}, 415,
		"Content-Type", "multipart/form-data; boundary=x", POSTED_FORM,
		"multipart"},
	{{.type = POSTED_JSON "x", .body = "{}"}, 415, "Content-Type",
		POSTED_JSON "x", POSTED_JSON, "no parameters come in it"},
	{{.type = "", .body = "size=1M"}, 415, "Content-Type", "", POSTED_FORM,
		"no parameters"},
	{{.type = NULL, .body = "size=1M"}, 415, "Content-Type", "",
		POSTED_FORM, "no parameters"},
	{{.type = POSTED_FORM, .body = "size=1M", .breaks = EPROTO}, 400,
		"body", "7 bytes", "at most", "broke off"},
	{{.type = POSTED_FORM, .query = "size=1M", .body = "for=1"}, 400, "for",
		"1", "not in both", "the query has parameters, too"},
	{{.type = POSTED_JSON, .query = "size=1M", .body = "{\"for\":1}"}, 400,
		"for", "1", "not in both", "the query has parameters, too"},
	{{.type = POSTED_FORM, .query = "size=1M", .body = "size=1M"}, 400,
		"size", "1M", "not in both", "the query has parameters, too"},
	{{.type = POSTED_FORM, .query = "format=text", .body = "format=text"},
		400, "format", "text", "html json text", "more than once"},
	{{.type = POSTED_FORM,
		 .path = "/ConsumeMem",
		 .query = "megabytes=1",
		 .body = "megabytes=1&durationSec=1"},
		400, "megabytes", "1", "0..", "more than once"},
};

static void a_body_at_fault_is_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct posted posted = refused[i].posted;

		posted_refused(&posted, refused[i].status, refused[i].parameter,
			refused[i].got, refused[i].allowed, refused[i].said);
	}
}

static void what_may_stand_in_the_query(void **state)
{
	struct posted posted[] = {
		{.query = "size=1M", .type = "text/plain", .body = ""},
		{.query = "size=1M", .type = POSTED_JSON, .body = "{}"},
		{.query = "size=1M",
			.type = POSTED_FORM,
			.body = "format=text"},
		{.query = "format=text",
			.type = POSTED_FORM,
			.body = "size=1M"},
		{.query = "size=1M",
			.method = "GET",
			.type = "text/plain",
			.body = "no matter"},
		{.path = "/explain", .type = "text/plain", .body = "a log"},
		{.path = "/ConsumeMem",
			.query = "megabytes=64",
			.type = POSTED_FORM,
			.body = "durationSec=5"},
	};
	struct http_exchange x;

	(void)state;
	for (size_t i = 0; i < sizeof(posted) / sizeof(posted[0]); i++)
		if (posted_route(&posted[i], &x) != 0)
			fail_msg("%zu: %s", i, x.problem.detail);
	assert_int_equal(VALUE(x, "megabytes"), 64);
	assert_int_equal(VALUE(x, "durationSec"), 5);
	assert_int_equal(posted_route(&posted[2], &x), 0);
	assert_int_equal(x.format, HTTP_TEXT);
}

static void a_body_has_one_mebibyte_at_most(void **state)
{
	char *body = malloc(BODY_MAX + 2);
	struct posted posted = {
		.type = POSTED_FORM, .body = body, .length = BODY_MAX};
	struct http_exchange x;

	(void)state;
	memset(body, '&', BODY_MAX + 1);
	memcpy(body + BODY_MAX - 7, "size=1M", 7);
	for (posted.piece = 0; posted.piece < 9000; posted.piece += 4099) {
		assert_int_equal(posted_route(&posted, &x), 0);
		assert_int_equal(VALUE(x, "size"), 1 << 20);
	}
	posted.length++;
	posted_refused(&posted, 413, "body", "more", "1048576", "too large");
	memset(body, 'a', BODY_MAX);
	posted.length--;
	assert_int_equal(posted_route(&posted, &x), -1);
	assert_non_null(strstr(x.problem.parameter, "aa..."));
	free(body);
}

/* CONTENT_LENGTH is nginx's word; the end of the stream is what counts. */
static void libfcgi_delivers_it_whatever_its_length_claims(void **state)
{
	static const char *const lengths[] = {"CONTENT_LENGTH=0",
		"CONTENT_LENGTH=999999", "CONTENT_LENGTH=-x", "HTTP_NONE=x"};
	static const struct http_rules rules = {NULL};
	char answer[512];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *const params[] = {"REQUEST_METHOD=POST",
			"DOCUMENT_URI=/hold", "CONTENT_TYPE=" POSTED_JSON,
			lengths[i], NULL};
		static const char text[] = "{\"size\":\"2M\"}";
		struct request request;
		struct http_exchange x;

		request_open_body(&request, params, text, strlen(text));
		http_exchange_open(&x, &request.fcgi);
		assert_int_equal(http_route(&x, posted_routes, &rules), 0);
		assert_int_equal(VALUE(x, "size"), 2 << 20);
		request_close(&request, answer, sizeof(answer));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read_as_a_query_is),
		cmocka_unit_test(a_body_at_fault_is_refused_by_name),
		cmocka_unit_test(what_may_stand_in_the_query),
		cmocka_unit_test(a_body_has_one_mebibyte_at_most),
		cmocka_unit_test(
			libfcgi_delivers_it_whatever_its_length_claims),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
