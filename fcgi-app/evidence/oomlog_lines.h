/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_OOMLOG_LINES_H
#define OOMLAB_EVIDENCE_OOMLOG_LINES_H

/*
 * From bytes to messages: oomlog_feed() and what ends it.
 */
#include "evidence/oomlog.h"

void oomlog_lines_open(struct oomlog_lines *lines);

/* Takes a message that may yet have gone on: nothing came after it. */
void oomlog_lines_end(struct oomlog *log);

/* Takes a last line without its newline, then as above. */
void oomlog_lines_last(struct oomlog *log);

#endif
