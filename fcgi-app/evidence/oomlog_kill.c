/* SPDX-License-Identifier: MIT */
/*
 * Who was killed. The wordings, oldest first:
 *
 *   Out of Memory: Killed process 2019 (emacs).                      (2.4)
 *   Out of memory: kill process 18 (httpd) score 62 or a child       (2.6.25)
 *   Killed process 11726, UID 498, (mysqld) total-vm:7823732kB, ...  (EL6)
 *   Memory cgroup out of memory: Kill process 4142 (python3) score 68 or
 *   sacrifice child                                (2.6.36 to 5.0; one line)
 *   Killed process 4254 (python3) total-vm:11968kB, anon-rss:4288kB, ...
 *   Out of memory: Killed process 651 (unattended-upgr) total-vm:108020kB,
 *   anon-rss:8380kB, file-rss:12548kB, shmem-rss:0kB, UID:0 pgtables:104kB
 *   oom_score_adj:0                                     (5.4 on; one line)
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog_report.h"
#include "evidence/oomlog_shapes.h"

#define NAME_BYTES 16 /* TASK_COMM_LEN */

static const struct {
	const char *begins;
	int scope;
} causes[] = {
	{"Memory cgroup out of memory", OOMLOG_MEMCG},
	{"Out of memory", OOMLOG_HOST},
	{"Out of Memory", OOMLOG_HOST},
	{"No available memory in cpuset", OOMLOG_CPUSET},
	{"No available memory (MPOL_BIND)", OOMLOG_MEMPOLICY},
};

static int cause_of(const char *text)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strncmp(text, causes[i].begins, strlen(causes[i].begins)) ==
			0)
			return causes[i].scope;
	return -1;
}

/* Behind "Killed process " or "Kill process ", a number: or NULL. */
static const char *victim_at(const char *text, bool *killed)
{
	static const char process[] = " process ";
	const char *at = strstr(text, process);
	size_t before = at ? (size_t)(at - text) : 0;

	if (before < 4)
		return NULL;
	*killed = before >= 6 && strncmp(at - 6, "Killed", 6) == 0;
	if (!*killed && strncmp(at - 4, "Kill", 4) != 0 &&
		strncmp(at - 4, "kill", 4) != 0)
		return NULL;
	at += strlen(process);
	return *at >= '0' && *at <= '9' ? at : NULL;
}

static bool is_beginning(const char *text, const char *of)
{
	return strncmp(of, text, strlen(text)) == 0;
}

/* "Memory cgroup out", "Memory cgroup out of memory: Killed": wrapped. */
static bool only_begins(const char *text)
{
	const char *at = strchr(text, ':');

	if (at) {
		at += 1 + (at[1] == ' ');
		return is_beginning(at, "Killed process ") ||
		       is_beginning(at, "Kill process ");
	}
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strchr(text, ' ') && is_beginning(text, causes[i].begins))
			return true;
	return false;
}

bool oomlog_is_kill(const struct oomlog *log, const char *text)
{
	bool killed;

	(void)log;
	return victim_at(text, &killed) != NULL ||
	       (text[0] != 'K' && only_begins(text));
}

bool oomlog_kill_whole(const struct oomlog *log, const char *text)
{
	const char *at = strstr(text, "oom_score_adj:");

	(void)log;
	if (at)
		return at[14] == '-' || (at[14] >= '0' && at[14] <= '9');
	return strstr(text, " or sacrifice child") || strstr(text, " child.") ||
	       strstr(text, " or a child") || strstr(text, " and children");
}

/* "(Web Content) total-vm:", "((sd-pam)) total-vm:", "(emacs).": a name may
 * hold whatever it likes, so it ends at the last parenthesis that fits. */
static void name_read(const char *at, char *out)
{
	static const char *const behind[] = {
		") total-vm:", ") vsz:", ") score ", "), "};
	const char *open = strchr(at, '('), *end = NULL;

	out[0] = '\0';
	if (!open || open - at > 40)
		return;
	open++;
	for (size_t i = 0; !end && i < sizeof(behind) / sizeof(behind[0]); i++)
		end = strstr(open, behind[i]);
	if (!end)
		end = memrchr(open, ')', strnlen(open, NAME_BYTES));
	if (end)
		oomlog_copy(out, OOMLOG_COMM, open, end);
}

static void chosen_read(struct oomlog *log,
	const struct oomlog_message *message, const char *at)
{
	struct oomlog_event *event;

	if (!strstr(at, ") score "))
		return; /* "... sharing same memory" */
	event = oomlog_report_at(log, STAGE_CHOSEN, true, message->stamp);
	event->chosen_pid = strtoll(at, NULL, 10);
	name_read(at, event->chosen_comm);
	(void)oomlog_number(at, "score ", NULL, &event->chosen_score);
	log->report.cause = cause_of(message->text);
}

static void sizes_read(struct oomlog_event *event, const char *text)
{
	if (!oomlog_number(text, "total-vm:", "kB", &event->total_vm_kb))
		(void)oomlog_number(text, "vsz:", "kB", &event->total_vm_kb);
	(void)oomlog_number(text, "anon-rss:", "kB", &event->anon_rss_kb);
	(void)oomlog_number(text, "file-rss:", "kB", &event->file_rss_kb);
	(void)oomlog_number(text, "shmem-rss:", "kB", &event->shmem_rss_kb);
	(void)oomlog_number(text, "pgtables:", "kB", &event->pgtables_kb);
	if (!oomlog_number(text, "UID:", NULL, &event->victim_uid))
		(void)oomlog_number(text, "UID ", NULL, &event->victim_uid);
	(void)oomlog_number(
		text, "oom_score_adj:", NULL, &event->victim_oom_score_adj);
}

static void killed_read(struct oomlog *log,
	const struct oomlog_message *message, const char *at)
{
	const struct oomlog_event *named = &log->report.event;
	const char *sizes = strstr(at, "kB");
	int64_t pid = strtoll(at, NULL, 10);
	int cause = cause_of(message->text);
	struct oomlog_event *event;

	/* Since 5.3, when no child is sacrificed any more, the two lines name
	 * the same process, or are of two events. */
	if (!log->report.killed && named->named_pid != FIELD_ABSENT &&
		named->named_pid != pid && strstr(at, "oom_score_adj:"))
		oomlog_report_end(log);
	event = oomlog_report_kill(log, pid, message->stamp);
	if (!event)
		return;
	event->victim_pid = pid;
	name_read(at, event->victim_comm);
	/* Behind the name, which may hold the like of a size. */
	while (sizes && sizes > at && *sizes != ')')
		sizes--;
	sizes_read(event, sizes && *sizes == ')' ? sizes + 1 : at);
	if (event->victim_uid == FIELD_ABSENT)
		(void)oomlog_number(at, "UID ", NULL, &event->victim_uid);
	if (cause >= 0)
		log->report.cause = cause;
}

void oomlog_take_kill(struct oomlog *log, const struct oomlog_message *message)
{
	bool killed;
	const char *at = victim_at(message->text, &killed);

	if (at && killed) {
		killed_read(log, message, at);
	} else if (at) {
		chosen_read(log, message, at);
	} else if (strchr(message->text, ':')) { /* and then "Killed process" */
		(void)oomlog_report_at(
			log, STAGE_CHOSEN, false, message->stamp);
		log->report.cause = cause_of(message->text);
	}
}

/* What stands between key and the next comma; whole is whether there is one. */
static const char *value_of(const char *text, const char *key, const char **end)
{
	const char *at = strstr(text, key);

	if (!at)
		return NULL;
	at += strlen(key);
	*end = at + strcspn(at, ",");
	return **end == ',' ? at : NULL;
}

bool oomlog_named_whole(const struct oomlog *log, const char *text)
{
	const char *at = strstr(text, ",uid=");

	(void)log;
	return at && at[5];
}

/* A name may have commas: ",task=a,b,pid=5,uid=0". */
static void named_task(struct oomlog_event *event, const char *text)
{
	const char *task = strstr(text, ",task="), *pid = NULL;

	if (!task)
		return;
	task += strlen(",task=");
	for (const char *at = task; (at = strstr(at, ",pid=")); at++)
		pid = at;
	if (!pid) {
		oomlog_copy(event->named_comm, sizeof(event->named_comm), task,
			task + strlen(task));
		return;
	}
	oomlog_copy(event->named_comm, sizeof(event->named_comm), task, pid);
	if (strstr(pid, ",uid="))
		(void)oomlog_number(pid, "pid=", NULL, &event->named_pid);
}

/* oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,
 * oom_memcg=/peers-gt,task_memcg=/peers-gt,task=gunicorn,pid=26474,uid=0
 * (4.20 on; one line). What the text was cut in is left out. */
void oomlog_take_named(struct oomlog *log, const struct oomlog_message *message)
{
	struct oomlog_event *event =
		oomlog_report_at(log, STAGE_NAMED, true, message->stamp);
	const char *at, *end;

	at = value_of(message->text, "constraint=", &end);
	if (at)
		oomlog_copy(
			event->constraint, sizeof(event->constraint), at, end);
	at = value_of(message->text, ",oom_memcg=", &end);
	if (at)
		oomlog_copy(
			event->oom_memcg, sizeof(event->oom_memcg), at, end);
	at = value_of(message->text, ",task_memcg=", &end);
	if (at)
		oomlog_copy(
			event->task_memcg, sizeof(event->task_memcg), at, end);
	if (strstr(message->text, ",global_oom,"))
		event->oom_memcg[0] = '\0';
	named_task(event, message->text);
}

/* "Tasks in /a/b are going to be killed due to memory.oom.group set" */
void oomlog_take_group(struct oomlog *log, const struct oomlog_message *message)
{
	const char *at = message->text + strlen("Tasks in ");
	const char *end = strstr(at, " are going to be killed");
	struct oomlog_event *event = &log->report.event;

	if (log->report.stage != STAGE_KILLED ||
		!oomlog_report_near(&log->report, message->stamp)) {
		/* Its first victim's line is not in the text. */
		event = oomlog_report_at(
			log, STAGE_CHOSEN, true, message->stamp);
	}
	event->group_kill = 1;
	if (end)
		oomlog_copy(event->group_memcg, sizeof(event->group_memcg), at,
			end);
}

/* "oom_reaper: reaped process 651 (unattended-upgr), now anon-rss:0kB, ..." */
void oomlog_take_reaper(
	struct oomlog *log, const struct oomlog_message *message)
{
	const char *at = strstr(message->text, " process ");

	if (at)
		oomlog_report_reaped(log, strtoll(at + 9, NULL, 10));
}

/* "Out of memory and no killable processes...", of which 5.x and later go on,
 * and earlier kernels panic with it. */
void oomlog_take_none(struct oomlog *log, const struct oomlog_message *message)
{
	bool panic = message->text[0] == 'K';

	if (panic && log->panic_may_repeat)
		return;
	log->panic_may_repeat = !panic;
	log->no_killable++;
	if (!oomlog_report_near(&log->report, message->stamp) ||
		log->report.stage >= STAGE_NAMED || !log->report.open) {
		oomlog_report_end(log);
		return;
	}
	log->report.event.no_killable = 1;
	oomlog_report_end(log);
}
