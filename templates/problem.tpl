{{! Why a request was not served: problem_view (views/view.c) fills it from
    what the request's handler put into struct http_problem. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: {{status}} {{title}}</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>{{title}}</h1>
        <p class="finding">{{detail}}.</p>
        <dl>
            {{#HAVE_parameter}}
            <dt>Parameter</dt>
            <dd><code>{{parameter}}</code></dd>
            <dt>What came</dt>
            {{#HAVE_got}}
            <dd><code>{{got}}</code></dd>
            {{/HAVE_got}}
            {{#NO_got}}
            <dd>nothing</dd>
            {{/NO_got}}
            <dt>What is allowed</dt>
            <dd><code>{{allowed}}</code></dd>
            {{/HAVE_parameter}}
            {{#HAVE_outcome}}
            <dt>Outcome of the load</dt>
            <dd>{{outcome}}</dd>
            {{/HAVE_outcome}}
            <dt>Status</dt>
            <dd>{{status}}</dd>
            <dt>Request</dt>
            {{#HAVE_id}}
            <dd><code>{{id}}</code></dd>
            {{/HAVE_id}}
            {{#NO_id}}
            <dd>unknown: nginx gave it no id</dd>
            {{/NO_id}}
        </dl>
        <p><a href="/help">What there is, and what it takes</a></p>
    </main>
</body>
</html>
