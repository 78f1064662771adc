/* SPDX-License-Identifier: MIT */
/*
 * Plain memory, as malloc and a store a page would take it, but exactly: base
 * pages alone, whatever the machine's setting for huge ones, so that not a
 * byte more than was asked becomes resident at any moment.
 */
#include "load/ballast/mapping.h"

static int anon_open(struct ballast *ballast, const struct load_spec *spec)
{
	(void)spec;
	return mapping_open(ballast, false);
}

const struct ballast_kind ballast_anon = {
	.name = "anon",
	.help = "private memory on pages of 4 KiB",
	.place = PLACE_ANON,
	.parallel = true,
	.open = anon_open,
	.grow = mapping_grow,
	.resident = mapping_resident,
	.touch = mapping_touch,
	.release = mapping_release,
};
