/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_HTTP_ADMISSION_H
#define OOMLAB_HTTP_ADMISSION_H

/*
 * Who may take memory or change something (docs/API.md, "Who may ask"): not
 * a foreign page in somebody's browser, not a browser's prefetch, and with a
 * token set nobody without it. Sources: the Fetch Metadata draft (W3C), RFC
 * 6454 for Origin, RFC 6750 for Bearer.
 */
#include "http/route.h"

/* 0, or -1 with x->problem filled: 403 or 401. */
int http_admit(struct http_exchange *x, const struct http_rules *rules);

#endif
