/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_VIEWS_WRAP_H
#define OOMLAB_VIEWS_WRAP_H

/*
 * Sentences broken into lines of a terminal's 80 columns. Pure, no heap.
 */
#define WRAP_COLUMNS 78

struct wrap_line {
	char text[WRAP_COLUMNS + 1];
};

/* Breaks text at blanks; a word that is longer than a line is broken behind a
 * slash, or where the line ends, never within a UTF-8 sequence. The first line begins with
 * lead ("- "), the others are indented as far. Columns are counted in bytes.
 * How many of lines[max] were filled; what does not fit is left out. */
int wrap_text(
	const char *text, const char *lead, struct wrap_line *lines, int max);

#endif
