{{! GET /forecast: forecast_view (views/forecast.c) fills it from struct
    forecast_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: forecast for {{requested_bytes}}</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>{{requested_bytes}}: {{#HAVE_kill_at_bytes}}a kill at about {{kill_at_bytes}}{{/HAVE_kill_at_bytes}}{{#NO_kill_at_bytes}}fits: {{#HAVE_fits}}{{fits}}{{/HAVE_fits}}{{#NO_fits}}cannot be told{{/NO_fits}}{{/NO_kill_at_bytes}}</h1>
        {{#HAVE_warnings}}
        <div class="warnings">
            <h2>Warnings</h2>
            <ul>
                {{#warnings}}
                <li><code>{{code}}</code>: {{says}}</li>
                {{/warnings}}
            </ul>
        </div>
        {{/HAVE_warnings}}
        {{#NO_warnings}}
        <p>No warnings.</p>
        {{/NO_warnings}}
        <dl>
            <dt>Fits</dt>
            {{#HAVE_fits}}
            <dd>{{fits}}</dd>
            {{/HAVE_fits}}
            {{#NO_fits}}
            <dd class="unknown">unknown: see the warnings</dd>
            {{/NO_fits}}
            <dt>Resident when the kill comes</dt>
            {{#HAVE_kill_at_bytes}}
            <dd>{{kill_at_bytes}}</dd>
            {{/HAVE_kill_at_bytes}}
            {{#NO_kill_at_bytes}}
            <dd class="unknown">no kill is foreseen, or it cannot be told</dd>
            {{/NO_kill_at_bytes}}
            <dt>Binding limit</dt>
            {{#HAVE_limit_level}}
            <dd>{{limit_bytes}} ({{limit_level}}{{#HAVE_limit_path}} {{limit_path}}{{/HAVE_limit_path}}), from <code>{{limit_source}}</code></dd>
            {{/HAVE_limit_level}}
            {{#NO_limit_level}}
            <dd class="unknown">unknown: none could be read</dd>
            {{/NO_limit_level}}
            <dt>Headroom</dt>
            {{#HAVE_limit_headroom_bytes}}
            <dd>{{limit_headroom_bytes}}</dd>
            {{/HAVE_limit_headroom_bytes}}
            {{#NO_limit_headroom_bytes}}
            <dd class="unknown">unknown: the level that binds is out of sight</dd>
            {{/NO_limit_headroom_bytes}}
        </dl>
        <h2>Who would be killed</h2>
        {{#HAVE_victims}}
        <div class="scroll" tabindex="0" role="region" aria-label="Victims">
        <table>
            <caption>By the kernel's badness, in pages; the first would be killed. oom:this is the load asked about.</caption>
            <thead>
                <tr><th scope="col">Process</th><th scope="col" class="figure">Pid</th><th scope="col" class="figure">Badness</th><th scope="col" class="figure">RSS by then</th><th scope="col" class="figure">oom_score_adj</th></tr>
            </thead>
            <tbody>
                {{#victims}}
                <tr><td><code>{{name}}</code></td><td class="figure">{{pid}}</td><td class="figure">{{badness}}</td><td class="figure">{{rss_bytes}}</td><td class="figure">{{oom_score_adj}}</td></tr>
                {{/victims}}
            </tbody>
        </table>
        </div>
        {{/HAVE_victims}}
        {{#NO_victims}}
        <p>No kill is foreseen.</p>
        {{/NO_victims}}
    </main>
</body>
</html>
