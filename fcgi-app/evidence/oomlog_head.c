/* SPDX-License-Identifier: MIT */
/*
 * The head of a report, the machine's own figures, and the lines that tell of
 * the kernel. Two kernels' heads:
 *
 *   smbd invoked oom-killer: gfp_mask=0x1201d2, order=0, oomkilladj=0 (2.6.24)
 *   dd invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP),
 *   order=0, oom_score_adj=250 (6.12; one line)
 */
#include <stdlib.h>
#include <string.h>

#include "evidence/oomlog_report.h"
#include "evidence/oomlog_shapes.h"

#define NAME_MAX_BYTES 15 /* TASK_COMM_LEN less its NUL */

/* The name that ends at end. What is longer than a name can be has a prefix
 * that was not known; its last word is the name then. */
static void name_before(const char *text, const char *end, char *out)
{
	const char *at = text;

	if (end - at > NAME_MAX_BYTES && strncmp(at, "kworker/", 8) != 0) {
		for (const char *c = text; c + 1 < end; c++)
			if ((c[0] == ':' || c[0] == ']') && c[1] == ' ')
				at = c + 2;
		for (const char *c = at; end - at > NAME_MAX_BYTES && c < end;
			c++)
			if (*c == ' ')
				at = c + 1;
	}
	oomlog_copy(out, OOMLOG_COMM, at, end);
}

static void mask_read(struct oomlog_event *event, const char *text)
{
	const char *at = strstr(text, "gfp_mask="), *end;

	if (!at)
		return;
	at += strlen("gfp_mask=");
	end = at + strcspn(at, "(, ");
	if (end > at)
		oomlog_copy(event->gfp_mask, sizeof(event->gfp_mask), at, end);
	if (*end == '(' && strchr(end, ')'))
		oomlog_copy(event->gfp_flags, sizeof(event->gfp_flags), end + 1,
			strchr(end, ')'));
}

static void head_read(struct oomlog *log, const struct oomlog_message *message,
	const char *rest)
{
	struct oomlog_event *event;

	event = oomlog_report_at(log, STAGE_HEAD, true, message->stamp);
	mask_read(event, rest);
	(void)oomlog_number(rest, "order=", NULL, &event->order);
	(void)oomlog_number(
		rest, "oom_score_adj=", NULL, &event->invoker_oom_score_adj);
}

void oomlog_take_head(struct oomlog *log, const struct oomlog_message *message)
{
	const char *end = strstr(message->text, " invoked oom-killer:");

	if (!end)
		return; /* "X invoked", and nothing that went on with it */
	head_read(log, message, end);
	name_before(message->text, end, log->report.event.invoker_comm);
}

/* 2.6.9: "oom-killer: gfp_mask=0xd0" */
void oomlog_take_bare_head(
	struct oomlog *log, const struct oomlog_message *message)
{
	head_read(log, message, message->text);
}

/* The first word of text that a version begins with, "6.1.16-3-rpi-ARCH". */
static bool version_read(struct oomlog *log, const char *text, bool of_report)
{
	while (*text) {
		size_t length;
		char *dot;

		text += strspn(text, " ");
		length = strcspn(text, " ");
		if (strtol(text, &dot, 10) > 0 && dot > text && *dot == '.' &&
			dot[1] >= '0' && dot[1] <= '9') {
			oomlog_copy(log->kernel, sizeof(log->kernel), text,
				text + length);
			log->kernel_of_report = of_report;
			return true;
		}
		text += length;
	}
	return false;
}

static const char *name_end(const char *name)
{
	static const char *const ends[] = {
		" Kdump: ", " Not tainted", " Tainted:"};
	const char *end = NULL;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const char *at = strstr(name, ends[i]);

		if (at && (!end || at < end))
			end = at;
	}
	return end;
}

/* "CPU: 0 UID: 0 PID: 26734 Comm: gunicorn Not tainted 6.18.44 #1"
 * "Pid: 23105, comm: apt-check Tainted: G    B   W  2.6.30 #11" */
void oomlog_take_cpu(struct oomlog *log, const struct oomlog_message *message)
{
	struct oomlog_report *report = &log->report;
	struct oomlog_event *event = &report->event;
	const char *name = strstr(message->text, "omm: ");
	const char *end = name ? name_end(name + 5) : NULL, *tainted;
	bool of_report = report->stage == STAGE_HEAD &&
			 oomlog_report_near(report, message->stamp);
	char comm[OOMLOG_COMM];
	int64_t pid;

	if (!end)
		return;
	tainted = strstr(end, "ainted");
	if (tainted &&
		(!log->kernel[0] || (of_report && !log->kernel_of_report)))
		(void)version_read(log, tainted + 6, of_report);
	oomlog_copy(comm, sizeof(comm), name + 5, end);
	/* Of another process it is another trace. */
	if (!of_report || event->invoker_pid != FIELD_ABSENT ||
		(event->invoker_comm[0] &&
			strcmp(comm, event->invoker_comm) != 0))
		return;
	if (oomlog_number(message->text, "PID: ", NULL, &pid) ||
		oomlog_number(message->text, "Pid: ", NULL, &pid))
		event->invoker_pid = pid;
	memcpy(event->invoker_comm, comm, sizeof(comm));
}

void oomlog_take_version(
	struct oomlog *log, const struct oomlog_message *message)
{
	if (!log->kernel[0])
		(void)version_read(
			log, message->text + strlen("Linux version"), false);
}

/* A Mem-Info that follows is an allocation failure's, or asked for. */
void oomlog_take_foreign(
	struct oomlog *log, const struct oomlog_message *message)
{
	(void)message;
	if (!log->report.open || log->report.stage == STAGE_KILLED) {
		oomlog_report_end(log);
		log->report.foreign = true;
	}
}

void oomlog_take_mem_info(
	struct oomlog *log, const struct oomlog_message *message)
{
	bool foreign = log->report.foreign;

	(void)oomlog_report_at(log, STAGE_INFO, false, message->stamp);
	log->report.foreign = foreign;
}

/* "Free swap  = 0kB", 2.6.9 "Free swap:            0kB" */
void oomlog_take_swap(struct oomlog *log, const struct oomlog_message *message)
{
	bool total = message->text[0] == 'T', foreign = log->report.foreign;
	const char *at = message->text + strlen("Free swap") + total;
	struct oomlog_event *event;
	char *end;
	long long kb;

	at += strspn(at, " =:");
	kb = strtoll(at, &end, 10);
	if (end == at || strncmp(end, "kB", 2) != 0 || foreign ||
		!oomlog_plausible(kb))
		return;
	event = oomlog_report_at(log, STAGE_INFO, false, message->stamp);
	*(total ? &event->host.swap_total_kb : &event->host.swap_free_kb) = kb;
}

/* "active_file:63 inactive_file:8": pages; those of a node have a kB. */
static bool pages_read(const char *text, const char *key, int64_t *out)
{
	int64_t kb;

	return *out == FIELD_ABSENT && !oomlog_number(text, key, "kB", &kb) &&
	       oomlog_number(text, key, NULL, out);
}

/* "0 pages HighMem/MovableOnly" is neither of these. */
static bool count_read(const char *text, const char *what, int64_t *out)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	if (end == text || strcmp(end, what) != 0 || *out != FIELD_ABSENT ||
		!oomlog_plausible(value))
		return false;
	*out = value;
	return true;
}

/* "DMA32: 871*4kB 149*8kB ...": the smallest, right behind the zone's name, is
 * a page. */
static bool page_size_read(const char *text, int64_t *page_kb)
{
	const char *star = strchr(text, '*'), *at = star;
	char *end;
	long long kb;

	if (!star || *page_kb != FIELD_ABSENT)
		return false;
	while (at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	if (at == star || at < text + 2 || at[-1] != ' ' || at[-2] != ':')
		return false;
	kb = strtoll(star + 1, &end, 10);
	if (kb < 1 || kb > 1024 || strncmp(end, "kB", 2) != 0)
		return false;
	*page_kb = kb;
	return true;
}

bool oomlog_mem_info(struct oomlog *log, const char *text)
{
	struct oomlog_host *host = &log->report.event.host;
	int found = 0;

	if (log->report.stage > STAGE_INFO || log->report.foreign)
		return false;
	if (text[0] >= '0' && text[0] <= '9')
		return count_read(text, " pages RAM", &host->ram) ||
		       count_read(text, " pages reserved", &host->reserved);
	/* Several of them stand on one line. */
	found += pages_read(text, "inactive_file:", &host->inactive_file);
	found += pages_read(text, "active_file:", &host->active_file);
	found += pages_read(text, "slab_reclaimable:", &host->slab_reclaimable);
	found += page_size_read(text, &log->report.event.page_kb);
	return found > 0;
}
