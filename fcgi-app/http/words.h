/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_WORDS_H
#define OOMLAB_HTTP_WORDS_H

/*
 * Lists of words as rows hold them: "GET POST", one blank or more between; and
 * the arrays that enumerations are printed by.
 */
#include <stdbool.h>

/* Whether that whole word, of one letter at least, is in the list. */
bool words_have(const char *words, const char *word);

/* The place of word among words[0..count), of which some may be NULL; -1: it is
 * not there, or is NULL itself. */
int words_find(const char *const *words, int count, const char *word);

#endif
