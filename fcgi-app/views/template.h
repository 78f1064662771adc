/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_TEMPLATE_H
#define OOMLAB_VIEWS_TEMPLATE_H

/*
 * The C side of ctemplate, whose Debian package is the C++ one: this bridge is
 * the only C++ here. Values are escaped by the template (AUTOESCAPE), never by
 * the caller: a template that is not named *.txt.tpl is refused without its
 * {{%AUTOESCAPE context="HTML"}}. A line that holds nothing but comments and
 * section markers or includes leaves no line behind; blank lines stay. A dictionary
 * belongs to one thread; templates, once loaded, are shared by all.
 */
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct template_dictionary;

/* Reads and keeps DIRECTORY/NAME, in place of an earlier one of that name. 0,
 * or -1 with a line on stderr when it is missing or broken. Not while another
 * thread expands. */
int template_load(const char *directory, const char *name);

/* Whether all that a loaded template includes is loaded: {{>NAV}}, outside any
 * section, is nav.tpl, which has no values and no includes of its own; of x.tpl
 * it sees the section AT_x. 0, or -1 with a line on stderr. */
int template_whole(const char *name);

/* NULL without memory; the calls below then do nothing, and expanding fails. */
struct template_dictionary *template_dictionary_new(void);
void template_dictionary_free(struct template_dictionary *dictionary);

/* Copies value. */
void template_set(struct template_dictionary *dictionary, const char *name,
	const char *value);

/* Shows a section of the same dictionary once. */
void template_show(struct template_dictionary *dictionary, const char *section);

/* One more round of a section; its dictionary belongs to the parent. */
struct template_dictionary *template_add(
	struct template_dictionary *dictionary, const char *section);

/* Expands a loaded template, once for a dictionary; free(*out). 0, or -1 with errno: ENOENT when it
 * was not loaded, ENOMEM also when the dictionary could not take something. */
int template_expand(const char *name,
	const struct template_dictionary *dictionary, char **out,
	size_t *length);

#ifdef __cplusplus
}
#endif

#endif
