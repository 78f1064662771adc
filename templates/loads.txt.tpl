{{! GET /loads for a terminal: loads_view (views/loads.c) fills it from struct
    loads_report. }}
{{#NO_loads}}
No loads yet.
{{/NO_loads}}
{{#loads}}
{{id}}  {{#HAVE_outcome}}{{outcome}}{{/HAVE_outcome}}{{#NO_outcome}}{{state}}{{/NO_outcome}}  {{resident_bytes}} of {{requested_bytes}}
{{/loads}}
