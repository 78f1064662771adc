{{! GET /help: help_view (views/help.c) fills it from struct help_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: what there is to ask</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>What there is to ask</h1>
        <p class="finding">A load takes memory, and may be killed for it; the watch tells of it, and takes none.</p>
        <h2>Routes</h2>
        <p>Answered as HTML, JSON (<code>Accept: application/json</code> or <code>?format=json</code>) or text; every answer has X-Request-Id, a load's id. All but /ConsumeMem take <code>format</code>. The same for programs: <a href="/openapi.json">/openapi.json</a>.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Routes">
        <table>
            <thead>
                <tr><th scope="col">Methods</th><th scope="col">Path</th><th scope="col">By</th><th scope="col">Does</th><th scope="col">Takes</th></tr>
            </thead>
            <tbody>
                {{#routes}}
                <tr><td>{{methods}}</td><td><code>{{path}}</code></td><td>{{answered_by}}</td><td class="wide">{{help}}</td><td class="wide">{{#HAVE_takes}}<code>{{takes}}</code>{{/HAVE_takes}}</td></tr>
                {{/routes}}
            </tbody>
        </table>
        </div>
        <h2>Parameters</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Parameters">
        <table>
            <thead>
                <tr><th scope="col">Name</th><th scope="col">Means</th><th scope="col">Allowed</th><th scope="col">Default</th><th scope="col">Of</th></tr>
            </thead>
            <tbody>
                {{#parameters}}
                <tr><th scope="row"><code>{{name}}</code></th><td class="wide">{{help}}</td><td class="wide">{{type}}: {{allowed}}</td><td>{{#HAVE_default}}<code>{{default}}</code>{{/HAVE_default}}{{#NO_default}}none{{/NO_default}}</td><td>{{#HAVE_of}}<code>{{of}}</code>{{/HAVE_of}}{{#NO_of}}every route{{/NO_of}}</td></tr>
                {{/parameters}}
            </tbody>
        </table>
        </div>
        <h2>Settings</h2>
        <p>As flags of <code>oomlab</code> or in the environment; <code>oomlab settings</code> tells those in force.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Settings">
        <table>
            <thead>
                <tr><th scope="col">Flag</th><th scope="col">Variable</th><th scope="col">Means</th><th scope="col">Allowed</th><th scope="col">Default</th></tr>
            </thead>
            <tbody>
                {{#settings}}
                <tr><th scope="row"><code>--{{name}}</code></th><td><code>{{variable}}</code></td><td class="wide">{{help}}</td><td class="wide">{{allowed}}</td><td>{{#HAVE_default}}<code>{{default}}</code>{{/HAVE_default}}{{#NO_default}}none{{/NO_default}}</td></tr>
                {{/settings}}
            </tbody>
        </table>
        </div>
        <h2>Ends worth keeping</h2>
        <p>What <a href="/events">/events</a> lists, and what <code>type</code> of a post-mortem points to.</p>
        <dl>
            <dt id="killed"><code>killed</code></dt>
            <dd>its worker was killed while it was under way; the post-mortem says by whose hand, on which evidence</dd>
            <dt id="short"><code>short</code></dt>
            <dd>the kernel refused memory, or took it back</dd>
            <dt id="stalled"><code>stalled</code></dt>
            <dd>it was not there within its time: memory.high, swap, thrash</dd>
            <dt id="refused"><code>refused</code></dt>
            <dd>the guard keeps the host from running out; nothing was allocated</dd>
            <dt id="disconnected"><code>disconnected</code></dt>
            <dd>its client hung up; its memory was freed at once</dd>
            <dt id="idle-death"><code>idle-death</code></dt>
            <dd>a worker died that had no load</dd>
            <dt id="bystander"><code>bystander</code></dt>
            <dd>a process that is not oomlab's was killed in its place</dd>
            <dt id="restart"><code>restart</code></dt>
            <dd>load was started again</dd>
        </dl>
    </main>
</body>
</html>
