{{! GET /loads: loads_view (views/loads.c) fills it from struct
    loads_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: loads</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>Loads</h1>
        {{#HAVE_loads}}
        <div class="scroll" tabindex="0" role="region" aria-label="Loads">
        <table>
            <caption>Under way, then ended ones, newest first</caption>
            <thead>
                <tr><th scope="col">Load</th><th scope="col">State</th><th scope="col">Outcome</th><th scope="col">Kind</th><th scope="col" class="figure">Resident</th><th scope="col" class="figure">Asked for</th><th scope="col">Started</th></tr>
            </thead>
            <tbody>
                {{#loads}}
                <tr><td><a href="/loads/{{id}}"><code>{{id}}</code></a></td><td>{{state}}</td><td>{{#HAVE_event}}<a href="{{event}}">{{outcome}}</a>{{/HAVE_event}}{{#NO_event}}{{outcome}}{{/NO_event}}</td><td>{{kind}}</td><td class="figure">{{resident_bytes}}</td><td class="figure">{{requested_bytes}}</td><td class="time">{{started_at}}</td></tr>
                {{/loads}}
            </tbody>
        </table>
        </div>
        {{/HAVE_loads}}
        {{#NO_loads}}
        <p>None yet.</p>
        {{/NO_loads}}
    </main>
</body>
</html>
