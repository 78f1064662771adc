/* SPDX-License-Identifier: MIT */
/*
 * From parameters to what is to be grown. The parameters have been checked
 * against their rows already (http/params.c); what is added here is what they
 * mean together.
 */
#include "load/spec.h"

#include "load/ballast/ballast.h"

#define LOAD_SCORE 1000 /* the OOM killer's first choice */

void spec_of_page(const struct params *params, struct load_spec *out)
{
	*out = (struct load_spec){
		.kind = &ballast_rows,
		.rows = params_value(params, "rows")->integer,
		.columns = params_value(params, "columns")->integer,
		.score = LOAD_SCORE,
	};
	out->bytes = ballast_rows_bytes(out->rows, out->columns);
}
