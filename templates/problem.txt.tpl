{{! Why a request was not served, for a terminal: problem_view (views/view.c)
    fills it from what the request's handler put into struct http_problem. }}
{{status}} {{title}}

{{detail}}.

{{#HAVE_parameter}}
parameter: {{parameter}}
got:       {{#HAVE_got}}{{got}}{{/HAVE_got}}{{#NO_got}}nothing{{/NO_got}}
allowed:   {{allowed}}
{{/HAVE_parameter}}
{{#HAVE_outcome}}
outcome:   {{outcome}}
{{/HAVE_outcome}}
{{#HAVE_id}}
request:   {{id}}
{{/HAVE_id}}
help:      /help
