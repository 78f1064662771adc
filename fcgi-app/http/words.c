/* SPDX-License-Identifier: MIT */
/*
 * A word is compared whole, from its first letter to the blank behind it: a
 * beginning that passes for the word is a well-known fault of such lists.
 */
#include "http/words.h"

#include <string.h>

bool words_have(const char *words, const char *word)
{
	size_t length = strlen(word);

	while (*words && length > 0) {
		size_t next = strcspn(words, " ");

		if (next == length && memcmp(words, word, length) == 0)
			return true;
		words += next + strspn(words + next, " ");
	}
	return false;
}

int words_find(const char *const *words, int count, const char *word)
{
	for (int i = 0; word && i < count; i++) {
		if (words[i] && strcmp(words[i], word) == 0)
			return i;
	}
	return -1;
}
