/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_WORDS_H
#define OOMLAB_HTTP_WORDS_H

/*
 * Lists of words as rows hold them: "GET POST", one blank or more between.
 */
#include <stdbool.h>

/* Whether that whole word, of one letter at least, is in the list. */
bool words_have(const char *words, const char *word);

#endif
