/* SPDX-License-Identifier: MIT */
/*
 * One figure, as JSON or text.
 */
#include "views/released.h"

static const struct field released_fields[] = {
	FIELD_ROW(struct released_report, released, "released", FIELD_INTEGER),
	FIELD_END,
};

const struct view released_view = {
	.name = "Released", .fields = released_fields};
