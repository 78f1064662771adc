/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_SETTING_TYPES_H
#define OOMLAB_SETTING_TYPES_H

/*
 * Types of settings, const descriptors; config.c's rows point to them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct setting;

/* A type of setting: how it is read, shown and described. */
struct setting_type {
	bool secret;
	/* Stores text at the setting's place; -1 when it is not allowed. */
	int (*store)(const struct setting *row, const char *text, void *at);
	void (*print)(const void *at, FILE *out);
	void (*allowed)(const struct setting *row, char *out, size_t size);
};

struct setting {
	const char *name; /* as a flag; OOMLAB_NAME in the environment */
	const struct setting_type *type;
	size_t offset, size;
	int64_t min, max; /* of numbers, in the type's unit */
	const char *preset;
	const char *help;
};

extern const struct setting_type integer_setting;
extern const struct setting_type bytes_setting;	   /* "none": INT64_MAX */
extern const struct setting_type duration_setting; /* milliseconds */
extern const struct setting_type guard_setting;	   /* host, off: a bool */
extern const struct setting_type text_setting;
extern const struct setting_type secret_setting; /* never printed */
/* Names a file; its first line is stored. */
extern const struct setting_type secret_file_setting;

#endif
