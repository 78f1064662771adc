/* SPDX-License-Identifier: MIT */
/*
 * Memory on transparent huge pages: as a JVM or a database takes it, and the
 * fastest there is. A machine that has switched them off has not got this
 * kind: base pages under its name would be a lie.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "load/ballast/mapping.h"
#include "readings/file.h"

#define SETTING "/sys/kernel/mm/transparent_hugepage/enabled"
#define NEVER	"[never]" /* the one in brackets is in force */

/*
 * always madvise [never]
 *
 * (Documentation/admin-guide/mm/transhuge.rst; Linux 6.18). A file that may
 * not be read says nothing, so the kind is tried.
 */
static const char *huge_missing(void)
{
	char text[64];
	int fd = file_open("", SETTING);
	ssize_t length;

	if (fd < 0)
		return errno == ENOENT ? "there is no " SETTING : NULL;
	length = file_read_fd(fd, text, sizeof(text));
	close(fd);
	return length > 0 && strstr(text, NEVER) ? SETTING
		       " says: always madvise [never]"
						 : NULL;
}

static int huge_open(struct ballast *ballast, const struct load_spec *spec)
{
	(void)spec;
	return mapping_open(ballast, true);
}

const struct ballast_kind ballast_huge = {
	.name = "huge",
	.help = "private memory on transparent huge pages",
	.place = PLACE_ANON,
	.parallel = true,
	.missing = huge_missing,
	.open = huge_open,
	.grow = mapping_grow,
	.resident = mapping_resident,
	.touch = mapping_touch,
	.release = mapping_release,
};
