/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_LOAD_CARRY_H
#define OOMLAB_LOAD_CARRY_H

/*
 * Carries out one load, from the ask to the record of its end. The report is
 * the slot's own.
 */
#include "load/spec.h"
#include "load/worker.h"

/* Asks the master for a place and the guard's leave: OUTCOME_NONE when the
 * load may begin; OUTCOME_BUSY or OUTCOME_REFUSED, with the reason in the
 * report, when it is over before it began. */
enum load_outcome carry_ask(
	struct worker *worker, const char *id, const struct load_spec *spec);

/* Grows, holds, measures, releases and has the end recorded: when it returns,
 * the memory is free. client_fd is watched for a hang-up, -1 for a load in the
 * background. Does not return if this process is the OOM killer's choice. */
enum load_outcome carry_out(
	struct worker *worker, int client_fd, const struct load_spec *spec);

#endif
