/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_DICTIONARY_H
#define OOMLAB_VIEWS_DICTIONARY_H

/*
 * What a template can say of a filled struct, by its rows. A scalar `name`
 * gives the markers {{name}}, for a person and with its unit ("-" when
 * absent), and {{name_plain}} ("" when absent), and shows the section
 * HAVE_name or NO_name. In an object `o` they are o_name, o_name_plain,
 * HAVE_o_name and NO_o_name; HAVE_o is shown when any field of o is there,
 * else NO_o. A list `l` repeats the section `l`, an element's markers in it
 * being named without prefix, a text's by the list's own name; HAVE_l and
 * NO_l tell whether it has any. An element sees what is around it, too: do
 * not give both the same name.
 */
#include "views/fields.h"
#include "views/template.h"

void dictionary_fill(struct template_dictionary *dictionary,
	const struct field *rows, const void *data);

#endif
