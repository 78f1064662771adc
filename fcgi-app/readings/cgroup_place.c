/* SPDX-License-Identifier: MIT */
/*
 * /proc/self/cgroup names one's cgroup as seen from the cgroup namespace, and
 * /proc/self/mountinfo tells which part of the hierarchy is mounted where, by
 * names of the same namespace. The cgroup's directory is the one taken off the
 * other. With Docker's private namespace both are "/", with the host's both
 * are /docker/ID; only on a host, or where the whole hierarchy was mounted into
 * a container, is there something between the two. cgroup_namespaces(7).
 */
#include "readings/cgroup_place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readings/file.h"

/* The link's target with PROC_CGROUP_INIT_INO, include/linux/proc_ns.h. */
#define INITIAL_NAMESPACE "cgroup:[4026531835]"

int cgroup_path_join(char to[CGROUP_PATH_MAX], const char *a, const char *b)
{
	int length = snprintf(to, CGROUP_PATH_MAX, "%s%s", a, b);

	if (length >= 0 && length < CGROUP_PATH_MAX)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* Whether a list like "rw,memory" or "cpu,cpuacct" has the word. */
static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (strncmp(list, word, length) == 0 &&
			strchr(",\n", list[length]))
			return true;
	}
	return false;
}

/*
 * 4:memory:/docker/0123        v1: id, controllers, path
 * 0::/user.slice/a.scope       v2; not v1's, if memory is there
 */
static int membership_take(char *line, struct cgroup_place *place)
{
	const char *id = strsep(&line, ":");
	const char *controllers = strsep(&line, ":");
	const char *path = strsep(&line, "\n");

	if (!path || place->version == 1)
		return 0;
	if (list_has(controllers, "memory"))
		place->version = 1;
	else if (strcmp(id, "0") == 0 && *controllers == '\0')
		place->version = 2;
	else
		return 0;
	return cgroup_path_join(place->path, path, "");
}

static bool is_octal(const char *digit)
{
	return *digit >= '0' && *digit <= '7';
}

/* mountinfo writes blank, tab, newline and backslash as \040 \011 \012 \134. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && is_octal(text + 1) &&
			is_octal(text + 2) && is_octal(text + 3)) {
			*to++ = (char)((text[1] - '0') << 6 |
				       (text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* The kernel writes ".." only at the beginning, cgroup_namespaces(7). */
static bool leaves_namespace(const char *path)
{
	return strncmp(path, "/..", 3) == 0 && (!path[3] || path[3] == '/');
}

const char *cgroup_path_below(const char *path, const char *root)
{
	size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(path, root, length) != 0)
		return NULL;
	path += length;
	if (strcmp(path, "/") == 0)
		return "";
	if (*path && *path != '/')
		return NULL;
	return leaves_namespace(path) ? NULL : path;
}

/*
 * Any number of optional fields, none here, before the dash; the first mount
 * of the hierarchy counts, unless a later one has the cgroup in it. One whose
 * root is "/.." or the like shows an ancestor and hides the way down from it
 * (the host's /sys/fs/cgroup in a container with a namespace of its own): its
 * figures would pass for one's own, so it counts as none.
 *
 * 35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
 * 30 23 0:26 / /sys/fs/cgroup ro,nosuid shared:4 - cgroup2 cgroup2 rw
 */
static int mount_take(char *line, struct cgroup_place *place)
{
	char *rest = strstr(line, " - "), *root, *point;
	const char *type, *options;
	bool within;

	if (!rest)
		return 0;
	*rest = '\0';
	rest += 3;
	for (int skipped = 0; skipped < 3; skipped++)
		strsep(&line, " ");
	root = strsep(&line, " ");
	point = strsep(&line, " ");
	type = strsep(&rest, " ");
	strsep(&rest, " ");
	options = rest;
	if (!point || !options ||
		strcmp(type, place->version == 1 ? "cgroup" : "cgroup2") != 0 ||
		(place->version == 1 && !list_has(options, "memory")))
		return 0;
	unescape(root);
	unescape(point);
	within = cgroup_path_below(place->path, root) != NULL;
	if (!within && (*place->point || leaves_namespace(root)))
		return 0;
	if (place->within)
		return 0;
	place->within = within;
	if (cgroup_path_join(place->root, root, "") == -1)
		return -1;
	return cgroup_path_join(place->point, point, "");
}

/* Hands each line of ROOT/proc/self/NAME to take. Lines have no bound, some
 * overlay mounts fill a page: so this one reader allocates. */
static int scan(struct cgroup_place *place, const char *root, const char *name,
	int (*take)(char *line, struct cgroup_place *place))
{
	int fd = file_open(root, name), rc = 0, error;
	FILE *stream = fd == -1 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;

	if (!stream) {
		if (fd != -1)
			close(fd);
		return -1;
	}
	while (rc == 0 && getline(&line, &size, stream) != -1)
		rc = take(line, place);
	if (rc == 0 && !feof(stream))
		rc = -1;
	error = errno;
	free(line);
	fclose(stream);
	errno = error;
	return rc;
}

int cgroup_place_find(struct cgroup_place *place, const char *root)
{
	memset(place, 0, sizeof(*place));
	if (scan(place, root, "/proc/self/cgroup", membership_take) == -1)
		return -1;
	if (place->version == 0)
		return 0;
	return scan(place, root, "/proc/self/mountinfo", mount_take);
}

/* In any other namespace "/" is not the hierarchy's root. In a captured tree
 * the link is a plain file with the target as its text. */
bool cgroup_namespace_is_initial(const char *root)
{
	char path[PATH_MAX], text[64] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/proc/self/ns/cgroup", root);
	if (readlink(path, text, sizeof(text) - 1) == -1) {
		fd = file_open(path, "");
		if (fd == -1)
			return false;
		if (file_read_fd(fd, text, sizeof(text)) == -1)
			text[0] = '\0';
		close(fd);
	}
	return strncmp(text, INITIAL_NAMESPACE, strlen(INITIAL_NAMESPACE)) == 0;
}
