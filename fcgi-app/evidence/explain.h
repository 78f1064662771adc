/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_EXPLAIN_H
#define OOMLAB_EVIDENCE_EXPLAIN_H

/*
 * `oomlab explain [--format text|json] FILE|-`: a kernel log of any length, in
 * bounded memory.
 */

/* Runs the command; argv[0] is "explain". The exit status: 0, also without a
 * kill; 1 where the file cannot be read or the answer not be written; 2 for
 * wrong usage; each with one line on stderr. */
int explain_main(int argc, char **argv);

#endif
