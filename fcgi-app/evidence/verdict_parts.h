/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_EVIDENCE_VERDICT_PARTS_H
#define OOMLAB_EVIDENCE_VERDICT_PARTS_H

/*
 * What the files behind verdict_judge() say to each other; nobody else's. Each
 * fills its own part of a result that began as all zeros.
 */
#include "evidence/verdict.h"

/* Whose limit an OOM kill was about: sets limit, and verdict and certainty,
 * where certainty comes in as how sure it is that it was an OOM kill at all
 * and leaves as the weaker of the two. */
void verdict_blame(
	const struct verdict_facts *facts, struct verdict_result *out);

/* What the kernel log knows better than the counters: verdict, certainty, limit.
 * Comes after verdict_blame(). */
void verdict_heed_log(
	const struct verdict_facts *facts, struct verdict_result *out);

/* Its lines of the evidence, or that it could not be read. */
void verdict_log_evidence(
	const struct verdict_facts *facts, struct verdict_result *out);

/* What verdict_blame() says of a level, or of the host: verdict and limit. */
void verdict_blame_level(const struct verdict_facts *facts, int level,
	struct verdict_result *out);
void verdict_blame_host(
	const struct verdict_facts *facts, struct verdict_result *out);

/* Whether the host itself was nearly out of memory around the death. */
bool verdict_host_low(const struct verdict_facts *facts);

/* One line more; a figure below 0 is absent. What does not fit is dropped: the
 * first lines are the ones that count. */
void verdict_add(struct verdict_result *out, const char *source,
	int64_t before, int64_t after, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void verdict_add_unreadable(struct verdict_result *out, const char *source);

/* The evidence line by line, and what could not be read. */
void verdict_evidence(
	const struct verdict_facts *facts, struct verdict_result *out);

/* detail and next, in words; wants everything else filled. */
void verdict_words_fill(
	const struct verdict_facts *facts, struct verdict_result *out);

/* Whether systemd-oomd noted a kill of load's cgroup, or of one above it, in
 * between. */
bool verdict_by_oomd(const struct verdict_facts *facts);

/* "512.0 MiB", or "-" when unknown. */
void verdict_bytes_text(int64_t bytes, char *out, size_t size);

#endif
