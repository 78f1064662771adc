/* SPDX-License-Identifier: MIT */
/*
 * A body of parts, each headers, an empty line and content, between lines that
 * are a boundary. The line break before a boundary is the boundary's, so what
 * looks like its beginning is held back until it is one or not: at most the
 * boundary itself, which need not be stored, for what matched is known.
 */
#include "http/multipart.h"

#include <string.h>
#include <strings.h>

enum state {
	STATE_CONTENT, /* of a part, or of what stands before the first */
	STATE_BEHIND,  /* the rest of a boundary's line */
	STATE_HEAD,
	STATE_END,
};

bool multipart_open(struct multipart *parts, const char *content_type,
	const char *field, multipart_take *take, void *context)
{
	static const char type[] = "multipart/form-data";
	const char *at = content_type + sizeof(type) - 1;
	size_t length;

	memset(parts, 0, sizeof(*parts));
	if (strncasecmp(content_type, type, sizeof(type) - 1) != 0)
		return false;
	at = strcasestr(at, "boundary=");
	if (!at)
		return false;
	at += strlen("boundary=");
	at += *at == '"';
	length = strcspn(at, "\";, ");
	if (length == 0 || length > MULTIPART_BOUNDARY)
		return false;
	memcpy(parts->mark, "\r\n--", 4);
	memcpy(parts->mark + 4, at, length);
	parts->mark_length = length + 4;
	parts->matched = 2; /* the first boundary has no line before it */
	parts->field = field;
	parts->take = take;
	parts->context = context;
	return true;
}

static void give(struct multipart *parts, const char *bytes, size_t length)
{
	if (parts->wanted && length > 0)
		parts->take(parts->context, bytes, length);
}

/* Content up to what may be a boundary; returns how much of it was used. A
 * CR stands nowhere in a boundary but at its start, so what did not match can
 * only begin anew with the byte that differs. */
static size_t content(struct multipart *parts, const char *bytes, size_t length)
{
	const char *cr;
	size_t plain;

	if (parts->matched > 0) {
		if (bytes[0] == parts->mark[parts->matched]) {
			if (++parts->matched == parts->mark_length)
				parts->state = STATE_BEHIND;
			return 1;
		}
		give(parts, parts->mark, parts->matched);
		parts->matched = 0;
		return 0;
	}
	cr = memchr(bytes, '\r', length);
	plain = cr ? (size_t)(cr - bytes) : length;
	give(parts, bytes, plain);
	parts->matched = cr != NULL;
	return plain + parts->matched;
}

/* 'Content-Disposition: form-data; name="log"; filename="kern.log"' */
static bool names_field(const struct multipart *parts)
{
	size_t length = strlen(parts->field);
	const char *at = parts->head;

	while ((at = strcasestr(at, " name="))) {
		at += strlen(" name=");
		at += *at == '"';
		if (strncmp(at, parts->field, length) == 0 &&
			strchr("\"; \r\n", at[length]))
			return true;
	}
	return false;
}

static void head(struct multipart *parts, char c)
{
	/* What is beyond is not looked at, but for the end. */
	if (parts->head_length == MULTIPART_HEAD) {
		memmove(parts->head + MULTIPART_HEAD - 4,
			parts->head + MULTIPART_HEAD - 3, 3);
		parts->head_length--;
	}
	parts->head[parts->head_length++] = c;
	parts->head[parts->head_length] = '\0';
	if (parts->head_length < 4 ||
		memcmp(parts->head + parts->head_length - 4, "\r\n\r\n", 4) !=
			0)
		return;
	parts->wanted = !parts->found && names_field(parts);
	parts->found |= parts->wanted;
	parts->state = STATE_CONTENT;
	parts->matched = 0;
}

/* Behind a boundary: "--" ends it all, a line break begins a part's head. */
static void behind(struct multipart *parts, char c)
{
	parts->wanted = false;
	if (c == '-') {
		parts->ended = true;
		parts->state = STATE_END;
	} else if (c == '\n') {
		/* So that a head without a line is an empty one. */
		memcpy(parts->head, "\r\n", 3);
		parts->head_length = 2;
		parts->state = STATE_HEAD;
	}
}

void multipart_feed(struct multipart *parts, const char *bytes, size_t length)
{
	while (length > 0 && parts->state != STATE_END) {
		size_t used = 1;

		if (parts->state == STATE_CONTENT)
			used = content(parts, bytes, length);
		else if (parts->state == STATE_BEHIND)
			behind(parts, *bytes);
		else
			head(parts, *bytes);
		bytes += used;
		length -= used;
	}
}
