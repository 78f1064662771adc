{{! GET /events for a terminal: events_view (views/events.c) fills it from
    struct events_report. }}
{{#NO_events}}
No events: nothing that is asked for was killed, refused or cut short.
{{/NO_events}}
{{#events}}
{{at}}  {{kind}}  {{#HAVE_verdict}}{{verdict}}, {{certainty}}{{/HAVE_verdict}}{{#NO_verdict}}{{#HAVE_outcome}}{{outcome}}{{/HAVE_outcome}}{{/NO_verdict}}{{#HAVE_requested_bytes}}  {{resident_bytes}} of {{requested_bytes}}{{/HAVE_requested_bytes}}
    {{url}}
{{/events}}
{{#HAVE_next}}
older: {{next}}
{{/HAVE_next}}
