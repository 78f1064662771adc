/* SPDX-License-Identifier: MIT */
#ifndef OOMLAB_SCOREBOARD_SCOREBOARD_H
#define OOMLAB_SCOREBOARD_SCOREBOARD_H

/*
 * The one file that load and watch share (Apache's and php-fpm's word): who
 * does what, and who died of what. load's master makes it on tmpfs; workers
 * and watch map it. No locks: SIGKILL is the ordinary case here. Writers fill
 * fields first and publish by a release store of the stage or the sequence;
 * readers copy and check on both sides. A slot has one writer at a time: its
 * worker while it lives, the master once it is dead. Only the master writes
 * the header, the samples and the ring.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "readings/cgroup.h"
#include "readings/meminfo.h"
#include "views/load_report.h"

#define SCOREBOARD_FILE	  "scoreboard" /* in OOMLAB_RUN */
#define SCOREBOARD_LOCK	  "load.lock"
#define SCOREBOARD_LAYOUT 4
#define SCOREBOARD_MAX	  256  /* OOMLAB_MAX at most */
#define SCOREBOARD_SLOTS  288  /* the busy, the spare and the dying */
#define SCOREBOARD_RING	  1024 /* ended loads and deaths kept */

/* What load's processes are called, also in the kernel log: comm, 15 bytes. */
#define MASTER_NAME	   "oomlab"
#define WORKER_IDLE_NAME   "oomlab:idle"
#define WORKER_NAME_PREFIX "oom:" /* + 8 hex digits of the request's id */
#define WORKER_IDLE_SCORE  500	  /* its oom_score_adj */

enum slot_stage {
	SLOT_FREE,
	SLOT_STARTING,	/* forked, not yet in accept */
	SLOT_IDLE,	/* in accept */
	SLOT_ASKING,	/* has a load, waits for the master's word */
	SLOT_GROWING,	/* the three of a load under way */
	SLOT_HOLDING,
	SLOT_RELEASING,
	SLOT_ENDED,	/* memory is free; waits to be recorded */
	SLOT_ANSWERING, /* recorded; the client is being told */
	SLOT_DEAD,	/* reaped; the death waits to be settled */
};

/* How sure the master's bookkeeping of the oom_kill counter is of a SIGKILL. */
enum oom_account {
	ACCOUNT_UNREADABLE, /* no counter */
	ACCOUNT_UNMOVED,    /* no OOM kill was counted */
	ACCOUNT_PROVEN,	    /* every increment has its death, this is one */
	ACCOUNT_LIKELY,	    /* an increment, more deaths than increments */
	ACCOUNT_UNLIKELY,   /* the same, and others fit better */
};

/* The kernel's counters at one moment, all levels that can be seen. */
struct scoreboard_readings {
	int64_t at_ms; /* 0: never read */
	int32_t count;
	struct cgroup_reading levels[CGROUP_LEVELS];
	struct meminfo host;
	int64_t host_oom_kills;
	struct pressure host_pressure;
};

/* A death, as whoever reaped it saw it. */
struct scoreboard_death {
	int64_t died_at_ms;
	int32_t reaped;	     /* 0: found by a new master, status unknown */
	int32_t wait_status; /* wait(2), when reaped */
	int32_t busy;	     /* a load was under way; else an idle worker */
	int32_t ended_by_master; /* SIGKILL was the master's own deed */
	int32_t account;	 /* enum oom_account */
	int32_t dying;		 /* others on their way when it was read */
	int32_t growing;	 /* loads that were growing then */
	int64_t sample_at_ms, sample_rss_bytes; /* the last sample */
	int64_t most_usage_bytes[CGROUP_LEVELS]; /* the highest that was seen
				from before to after; 0: not looked for */
	int64_t host_least_bytes; /* the least MemAvailable likewise */
	struct scoreboard_readings before, after;
};

enum record_kind {
	RECORD_LOAD,	  /* a load that ended and told so */
	RECORD_DEATH,	  /* of a worker, busy or idle */
	RECORD_BYSTANDER, /* an OOM kill, and no death of ours: proven, when the
			     own cgroup counted it; likely, when the machine
			     did, a load grew and the host was low; unlikely,
			     when it was not low: the kernel log may know */
	RECORD_START,	  /* a master began; the load part is empty */
};

struct scoreboard_record {
	_Atomic uint64_t sequence; /* 1..; 0: empty or being written */
	int32_t kind;		   /* enum record_kind */
	uint64_t generation;	   /* of the master that wrote it */
	struct load_report load;
	struct scoreboard_death death;
};

struct scoreboard_slot {
	_Atomic uint32_t version; /* odd while the fields are written */
	_Atomic int32_t stage;	  /* enum slot_stage */
	_Atomic uint32_t serial;  /* + 1 with each load asked for: tells the
				     master one ask from the next */
	_Atomic int64_t end_asked_ms; /* since when its load shall end; 0 */
	_Atomic int64_t deadline_ms;  /* of its growth or hold; 0: none */
	_Atomic int64_t usage_ms;     /* when its growth saw the highest */
	_Atomic int64_t usage_bytes[CGROUP_LEVELS]; /* usage of late */
	int64_t pid;		  /* in load's own namespace */
	int64_t since_ms;	  /* when the stage began */
	struct load_report load;
	struct scoreboard_death death; /* from SLOT_DEAD on */
};

/* Where a limit is, once; the readings move, these do not. */
struct scoreboard_level {
	char path[CGROUP_PATH_MAX], source[CGROUP_PATH_MAX];
	uint64_t inode; /* 0: unknown */
};

struct scoreboard_pool {
	int32_t max, spare, busy, idle, peak_busy;
	int64_t forks, fork_failures, deaths_before_request;
	int64_t backoff_until_ms; /* 0: no back-off */
	int64_t loads[OUTCOME_COUNT];
	int64_t promised_bytes; /* loads under way have yet to take */
	int64_t idle_usage_bytes; /* own cgroup's, when last no load was under
				     way; -1 unknown */
	int64_t guard_allows_bytes; /* -1: a cgroup binds before the host */
};

struct scoreboard_header {
	char magic[8]; /* "oomlab\0\0" */
	uint32_t layout, size;
	_Atomic uint64_t generation; /* + 1 at each master's start */
	_Atomic int64_t heartbeat_ms;
	_Atomic uint32_t version; /* of what follows; odd while written */
	int64_t master_pid, started_at_ms;
	int32_t guard_host, stopping;
	int32_t cgroup_version, ancestors_visible, level_count;
	struct scoreboard_level levels[CGROUP_LEVELS];
	struct scoreboard_readings now;
	struct scoreboard_readings settled; /* the last whose every OOM kill
					       is explained */
	struct scoreboard_pool pool;
	_Atomic uint32_t ring_bell; /* a futex(2): rung at each record, and
				      when a reading was asked for */
	_Atomic uint64_t ring_head; /* last sequence written */
};

/* The master's samples of its workers, beside the slots they tell of. */
struct scoreboard_sample {
	_Atomic int64_t at_ms, rss_bytes; /* -1: not sampled */
};

struct scoreboard {
	struct scoreboard_header header;
	struct scoreboard_sample samples[SCOREBOARD_SLOTS];
	struct scoreboard_slot slots[SCOREBOARD_SLOTS];
	struct scoreboard_record ring[SCOREBOARD_RING];
};

/* Creates DIRECTORY/scoreboard, or takes over the one that is there. One that
 * is damaged or of another layout is moved aside (".bad") with a line on
 * stderr. NULL with errno. The master's. */
struct scoreboard *scoreboard_create(const char *directory);

/* Maps it for reading. NULL: ENOENT (no master yet), EPROTO (not ours, of
 * another layout or damaged). The watch's. */
const struct scoreboard *scoreboard_map(const char *directory);
void scoreboard_unmap(const struct scoreboard *board);

/* The master's own lock (F_SETLK) on DIRECTORY/load.lock for as long as the
 * process lives: 0, or -1 with EAGAIN when another master has it. */
int scoreboard_lock(const char *directory);

/* 1 a master lives, 0 none does, -1 with errno. Opens and closes a descriptor
 * of the lock file: never to be called by the process that holds the lock. */
int scoreboard_master_lives(const char *directory);

/* A consistent copy, false when the writer never paused (then what was copied
 * is not to be used). */
bool scoreboard_read_slot(const struct scoreboard *board, int slot,
	struct scoreboard_slot *out);
bool scoreboard_read_record(const struct scoreboard *board,
	uint64_t sequence, struct scoreboard_record *out);
bool scoreboard_read_header(
	const struct scoreboard *board, struct scoreboard_header *out);

/* What a master that is gone last read, with the counts that a death of its end
 * is to be compared with: those of before the kill, though it may have read
 * them in the midst of it. */
void scoreboard_last_readings(const struct scoreboard_header *header,
	struct scoreboard_readings *out);

/* Writers: what stands between begin and end is seen whole or not at all. */
void scoreboard_begin(_Atomic uint32_t *version);
void scoreboard_end(_Atomic uint32_t *version);

/* Appends a record (its sequence is set here) and rings the bell. */
void scoreboard_append(struct scoreboard *board,
	const struct scoreboard_record *record);

/* Rings the bell alone: something in the header is worth a look. */
void scoreboard_ring(struct scoreboard *board);

/* Waits until the bell moves on from seen, at most timeout_ms; returns what
 * it is then. Needs the mapping only to be readable. */
uint32_t scoreboard_wait(
	const struct scoreboard *board, uint32_t seen, int timeout_ms);

/* Milliseconds since 1970 and microseconds of CLOCK_MONOTONIC. */
int64_t scoreboard_now_ms(void);
int64_t scoreboard_now_us(void);

#endif
