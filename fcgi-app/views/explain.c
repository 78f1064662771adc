/* SPDX-License-Identifier: MIT */
/*
 * An explained log as rows. A kill and a report without one share the rows of
 * what both may have; that is what the contract says, and why there are two
 * short lists and one long.
 */
#include "views/explain.h"

#include <stdlib.h>

/* clang-format off */
#define TASK(member, kind) \
	FIELD_ROW(struct oomlog_task, member, #member, kind)

static const struct field task_fields[] = {
	TASK(comm,          FIELD_TEXT),
	TASK(pid,           FIELD_INTEGER),
	TASK(uid,           FIELD_INTEGER),
	TASK(oom_score_adj, FIELD_INTEGER),
	FIELD_ROW(struct oomlog_task, total_vm, "total_vm_pages",
		FIELD_INTEGER),
	FIELD_ROW(struct oomlog_task, rss, "rss_pages", FIELD_INTEGER),
	FIELD_ROW(struct oomlog_task, swap, "swap_pages", FIELD_INTEGER),
	FIELD_ROW(struct oomlog_task, pgtables, "pgtables_pages",
		FIELD_INTEGER),
	FIELD_ROW(struct oomlog_task, badness, "badness_pages",
		FIELD_INTEGER),
	FIELD_END
};

#define MEMCG(member) \
	FIELD_ROW(struct oomlog_memcg, member, #member, FIELD_INTEGER)

static const struct field memcg_fields[] = {
	MEMCG(swap_limit_kb),
	MEMCG(memsw_limit_kb),
	MEMCG(anon_kb),
	MEMCG(file_kb),
	MEMCG(shmem_kb),
	MEMCG(kernel_kb),
	MEMCG(slab_kb),
	MEMCG(slab_reclaimable_kb),
	MEMCG(active_file_kb),
	MEMCG(inactive_file_kb),
	FIELD_END
};

#define ROW(member, kind, ...) \
	FIELD_ROW(struct oomlog_event, member, #member, kind, ##__VA_ARGS__)
#define NAMED(member, name, kind, ...) \
	FIELD_ROW(struct oomlog_event, member, name, kind, ##__VA_ARGS__)

static const struct field shared_fields[] = {
	ROW(at, FIELD_TEXT),
	ROW(monotonic_us, FIELD_INTEGER),
	ROW(invoker_comm, FIELD_TEXT),
	ROW(invoker_pid, FIELD_INTEGER),
	ROW(invoker_oom_score_adj, FIELD_INTEGER),
	ROW(gfp_mask, FIELD_TEXT),
	ROW(gfp_flags, FIELD_TEXT),
	ROW(order, FIELD_INTEGER),
	ROW(scope, FIELD_WORD,
		.words = oomlog_scope_words, .stride = OOMLOG_SCOPES),
	ROW(constraint, FIELD_TEXT),
	ROW(oom_memcg, FIELD_TEXT),
	ROW(task_memcg, FIELD_TEXT),
	NAMED(memcg.usage_kb, "memcg_usage_kb", FIELD_INTEGER),
	NAMED(memcg.limit_kb, "memcg_limit_kb", FIELD_INTEGER),
	ROW(memcg, FIELD_OBJECT, .rows = memcg_fields),
	NAMED(host.swap_total_kb, "swap_total_kb", FIELD_INTEGER),
	NAMED(host.swap_free_kb, "swap_free_kb", FIELD_INTEGER),
	ROW(tasks_listed, FIELD_INTEGER),
	ROW(page_kb, FIELD_INTEGER),
	ROW(total_pages, FIELD_INTEGER),
	FIELD_END
};

static const struct field victim_fields[] = {
	ROW(victim_comm, FIELD_TEXT),
	ROW(victim_pid, FIELD_INTEGER),
	ROW(victim_uid, FIELD_INTEGER),
	ROW(victim_oom_score_adj, FIELD_INTEGER),
	ROW(total_vm_kb, FIELD_INTEGER),
	ROW(anon_rss_kb, FIELD_INTEGER),
	ROW(file_rss_kb, FIELD_INTEGER),
	ROW(shmem_rss_kb, FIELD_INTEGER),
	ROW(pgtables_kb, FIELD_INTEGER),
	ROW(chosen_pid, FIELD_INTEGER),
	ROW(chosen_comm, FIELD_TEXT),
	ROW(chosen_score, FIELD_INTEGER),
	ROW(group_kill, FIELD_BOOL),
	ROW(group_memcg, FIELD_TEXT),
	ROW(reaped, FIELD_BOOL),
	ROW(victim, FIELD_OBJECT, .rows = task_fields),
	NAMED(rank, "badness_rank", FIELD_INTEGER),
	FIELD_END
};

static const struct field chosen_fields[] = {
	NAMED(named_pid, "pid", FIELD_INTEGER),
	NAMED(named_comm, "comm", FIELD_TEXT),
	FIELD_END
};

static const struct field named_fields[] = {
	{.name = "victim_from_oom_kill_line", .type = FIELD_OBJECT,
		.rows = chosen_fields}, /* of the event itself */
	ROW(no_killable, FIELD_BOOL),
	FIELD_END
};

#define EVENT(name, kind, ...) \
	FIELD_ROW(struct explain_event, event, name, kind, ##__VA_ARGS__)
#define LARGEST \
	FIELD_ROW(struct explain_event, tasks, "largest", FIELD_LIST, \
		.rows = task_fields, .count_offset = \
			offsetof(struct explain_event, event.task_count), \
		.stride = sizeof(struct oomlog_task))

const struct field explain_kill_fields[] = {
	EVENT("", FIELD_OBJECT, .rows = victim_fields),
	EVENT("", FIELD_OBJECT, .rows = shared_fields),
	LARGEST,
	FIELD_END
};

const struct field explain_incomplete_fields[] = {
	EVENT("", FIELD_OBJECT, .rows = shared_fields),
	EVENT("", FIELD_OBJECT, .rows = named_fields),
	LARGEST,
	FIELD_END
};

#define POINT(member) \
	FIELD_ROW(struct explain_point, member, #member, FIELD_TEXT)

static const struct field point_fields[] = {
	POINT(about),
	POINT(says),
	FIELD_END
};

/* For a page: what is said, and by what it is headed. */
static const struct field page_event_fields[] = {
	EVENT("", FIELD_OBJECT, .rows = victim_fields),
	EVENT("", FIELD_OBJECT, .rows = shared_fields),
	FIELD_ROW(struct explain_event, points, "points", FIELD_LIST,
		.rows = point_fields,
		.count_offset = offsetof(struct explain_event, point_count),
		.stride = sizeof(struct explain_point)),
	FIELD_END
};

#define REPORT(member, kind, ...) \
	FIELD_ROW(struct explain_report, member, #member, kind, ##__VA_ARGS__)
#define LIST(member, name, count, list_rows) \
	FIELD_ROW(struct explain_report, member, name, FIELD_LIST, \
		.rows = list_rows, \
		.count_offset = offsetof(struct explain_report, count), \
		.stride = sizeof(struct explain_event))

static const struct field report_fields[] = {
	REPORT(kernel, FIELD_TEXT),
	LIST(kills, "kills", kill_count, explain_kill_fields),
	LIST(incomplete, "incomplete_reports", incomplete_count,
		explain_incomplete_fields),
	REPORT(no_killable, FIELD_INTEGER),
	REPORT(left_out, FIELD_INTEGER),
	FIELD_END
};

static const struct field page_fields[] = {
	REPORT(asked, FIELD_BOOL),
	REPORT(finding, FIELD_TEXT),
	REPORT(kernel, FIELD_TEXT),
	LIST(kills, "kills", kill_count, page_event_fields),
	LIST(incomplete, "incomplete_reports", incomplete_count,
		page_event_fields),
	REPORT(left_out, FIELD_INTEGER),
	FIELD_END
};
/* clang-format on */

#define EXPLAIN_PAGE "explain.tpl"

/* As data; and as a page, which has sentences. */
const struct view explain_view = {
	.name = "Explanation", .fields = report_fields, .html = EXPLAIN_PAGE};

const struct view explain_page_view = {
	.fields = page_fields,
	.html = EXPLAIN_PAGE,
};

void explain_event_set(
	struct explain_event *to, const struct oomlog_event *event)
{
	to->event = *event;
	to->tasks = to->event.tasks;
	to->points = NULL;
	to->point_count = 0;
}

static void text_print(const struct explain_report *report, FILE *out)
{
	int64_t number = 0;

	for (int32_t i = 0; i < report->kill_count; i++)
		explain_event_print(&report->kills[i].event, ++number, out);
	for (int32_t i = 0; i < report->incomplete_count; i++)
		explain_event_print(
			&report->incomplete[i].event, ++number, out);
	if (report->left_out > 0)
		fprintf(out,
			"(%lld more are left out; oomlab explain FILE "
			"has no such limit.)\n\n",
			(long long)report->left_out);
	explain_end_print(report->finding, report->kernel, out);
}

static int text_send(
	struct http_exchange *x, const struct explain_report *report)
{
	char *body = NULL;
	size_t length;
	FILE *out = open_memstream(&body, &length);
	bool failed = !out;

	if (out) {
		text_print(report, out);
		failed = ferror(out) != 0;
		failed |= fclose(out) != 0;
	}
	if (!failed)
		(void)http_respond(x, 200, "text/plain; charset=utf-8", NULL,
			body, length);
	free(body);
	return failed ? http_problem(&x->problem, 500,
				"No memory to make the answer")
		      : 0;
}

int explain_send(struct http_exchange *x, const struct explain_report *report)
{
	if (x->format == HTTP_TEXT)
		return text_send(x, report);
	return view_send(x, 200,
		x->format == HTTP_HTML ? &explain_page_view : &explain_view,
		report);
}
