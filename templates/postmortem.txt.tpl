{{! One end worth keeping, for a terminal of 80 columns: postmortem_text_view
    (views/postmortem.c) fills it from struct postmortem_report and from its
    sentences broken into lines. }}
{{title}}{{#HAVE_verdict}}: {{verdict}}, {{certainty}}{{/HAVE_verdict}}

{{#detail_line}}
{{detail_line}}
{{/detail_line}}

{{#HAVE_next_line}}
{{#next_line}}
{{next_line}}
{{/next_line}}

{{/HAVE_next_line}}
request:    {{id}}
resident:   {{resident_bytes}} of {{requested_bytes}}
limit:      {{limit_bytes}}{{#HAVE_limit_level}} ({{limit_level}}){{/HAVE_limit_level}}
{{#HAVE_limit_path}}
            {{limit_path}}
{{/HAVE_limit_path}}
started:    {{started_at}}
ended:      {{died_at}}
{{#HAVE_signal}}
signal:     {{signal}} ({{signal_name}})
{{/HAVE_signal}}
last seen:  {{last_sample_at}}, RSS {{last_sample_rss_bytes}}
            cgroup {{last_sample_usage_bytes}} of {{last_sample_limit_bytes}}, host {{last_sample_available_bytes}} available
event:      {{instance}}
{{#HAVE_curve_line}}

Usage of its cgroup, a second a column, at most {{curve_most_bytes}}; x: the kill
{{curve_line}}x
{{/HAVE_curve_line}}
{{#HAVE_others}}

Who else was there, the largest of {{others_in_all}}
{{#others}}
- {{id}} {{kind}}, {{state}}: {{resident_bytes}} of {{requested_bytes}}
{{/others}}
{{/HAVE_others}}
{{#HAVE_evidence_line}}

Evidence
{{#evidence_line}}
{{evidence_line}}
{{/evidence_line}}
{{/HAVE_evidence_line}}
{{#HAVE_unreadable_line}}

Could not be read
{{#unreadable_line}}
{{unreadable_line}}
{{/unreadable_line}}
{{/HAVE_unreadable_line}}
