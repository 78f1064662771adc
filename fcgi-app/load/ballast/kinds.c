/* SPDX-License-Identifier: MIT */
/*
 * The kinds there are, a row each.
 */
#include <string.h>

#include "load/ballast/ballast.h"
#include "load/spec.h"

const struct ballast_kind *const ballast_kinds[] = {
	&ballast_anon,
	&ballast_huge,
	&ballast_rows,
	&ballast_shm,
	&ballast_file,
	&ballast_locked,
	&ballast_pipe,
	&ballast_pagetable,
	NULL,
};

const struct ballast_kind *ballast_find(const char *name)
{
	for (int i = 0; ballast_kinds[i]; i++) {
		if (strcmp(ballast_kinds[i]->name, name) == 0)
			return ballast_kinds[i];
	}
	return NULL;
}

int ballast_open(struct ballast *ballast, const struct load_spec *spec)
{
	*ballast = (struct ballast){
		.spec = spec,
		.place = spec->kind->place,
		.fd = -1,
	};
	return spec->kind->open(ballast, spec);
}
