/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_READINGS_CGROUP_H
#define OOMLAB_READINGS_CGROUP_H

/*
 * What the memory controller says of one's own cgroup and of each ancestor
 * that can be seen: v1, v2 and hybrid, in any cgroup namespace. Discover once,
 * then read as often as wanted on descriptors that stay open: a reading
 * allocates nothing and opens nothing, so it works while memory is short.
 * Sources: cgroups(7), cgroup_namespaces(7), and the kernel's
 * Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CGROUP_LEVELS	8   /* own level and up to seven ancestors */
#define CGROUP_PATH_MAX 256 /* longer paths are refused with ENAMETOOLONG */

/* Bytes or counts; -1 where the file, or the line in it, could not be read.
 * A limit that is none ("max", or v1's 9223372036854771712) is INT64_MAX. */
struct cgroup_reading {
	int64_t limit_bytes;	  /* v1 limit_in_bytes, v2 memory.max */
	int64_t high_bytes;	  /* v2 memory.high; -1 on v1 */
	int64_t usage_bytes;	  /* page cache included */
	int64_t peak_bytes;	  /* v1 max_usage_in_bytes, v2 memory.peak */
	int64_t swap_limit_bytes; /* v1 memsw limit (memory and swap), v2
				     memory.swap.max (swap alone) */
	int64_t swap_usage_bytes; /* of the same file's family */
	int64_t anon_bytes, file_bytes, shmem_bytes, kernel_bytes;
	int64_t inactive_file_bytes, active_file_bytes;
	int64_t slab_bytes; /* v2 */
	int64_t slab_reclaimable_bytes, unevictable_bytes;
	int64_t hierarchical_limit_bytes; /* v1: the tightest up to the root,
					     ancestors out of sight included */
	int64_t failcnt;	/* v1: charges that met the limit; where memory
				   and swap have the same limit it stays, for
				   theirs is tried first: */
	int64_t swap_failcnt;	/* v1 memory.memsw.failcnt */
	int64_t oom_kill;	/* kills of this cgroup's own processes, by any
				   OOM killer: v1 memory.oom_control, v2
				   memory.events.local */
	int64_t oom;		/* v2 local: OOMs of this level's own limit */
	int64_t oom_group_kill; /* v2 local */
	int64_t oom_group;	/* v2 memory.oom.group, 0 or 1 */
	int64_t psi_some_us, psi_full_us; /* v2 memory.pressure, the totals */
	int64_t oomd_kills; /* v2: what systemd-oomd noted of its own kills,
			       xattrs user.oomd_ooms and user.oomd_kill
			       together; 0 where it never did */
};

/* One level's open files; an index of each is private to cgroup.c. */
struct cgroup_level {
	char path[CGROUP_PATH_MAX];   /* as /proc/self/cgroup names it */
	char source[CGROUP_PATH_MAX]; /* the file that holds the limit, without
					 the root; "" for v2's own root, which
					 has none: its limit is INT64_MAX */
	uint64_t inode;		      /* the directory's: the kernel's own id
					 of the cgroup; 0 unknown */
	int dir_fd;		      /* -1: could not be opened */
	int fds[13];		      /* -1: no such file */
};

struct cgroup {
	int version; /* 1, 2, or 0: no memory controller in sight */
	int count;   /* levels, [0] is one's own */
	bool ancestors_visible; /* the last level is the hierarchy's root */
	char procs_path[CGROUP_PATH_MAX]; /* own cgroup.procs, likewise */
	struct cgroup_level levels[CGROUP_LEVELS];
};

/* Finds the memory cgroup of the process whose /proc/self/cgroup and
 * /proc/self/mountinfo lie under root ("" for the live system), and opens its
 * files. 0 also when there is none (version 0); -1 with errno when either of
 * the two cannot be read, a path is too long or descriptors are short. Close
 * it. A cgroup outside of every mount is taken for what is mounted, unless
 * that is known to be an ancestor (a mount from outside of the namespace). */
int cgroup_open(struct cgroup *cgroup, const char *root);
void cgroup_close(struct cgroup *cgroup);

/* Reads level (0 is one's own) afresh. What cannot be read is -1; the call
 * itself fails (-1, EINVAL) only for a level that is not there.
 * Thread-safe: pread(2) on the kept descriptors. */
int cgroup_read(
	const struct cgroup *cgroup, int level, struct cgroup_reading *out);

/* Reads somebody else's cgroup once: limit_file is its level's source. 0; -1
 * with errno when it cannot be opened from here, ESTALE when what stands there
 * is another one than inode. */
int cgroup_read_at(const char *root, int version, const char *limit_file,
	uint64_t inode, struct cgroup_reading *out);

/* usage_bytes alone, at the price of one small file; -1 like there. */
int64_t cgroup_usage(const struct cgroup *cgroup, int level);

#endif
