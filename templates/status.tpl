{{! GET /status: status_view (views/status.c) fills it from struct
    status_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: {{pool_busy}} busy of {{pool_max}}</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>{{pool_busy}} busy of {{pool_max}}, {{pool_idle}} idle</h1>
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
        <h2>Limits</h2>
        {{#HAVE_limits}}
        <div class="scroll" tabindex="0" role="region" aria-label="Limits">
        <table>
            <thead>
                <tr><th scope="col">Level</th><th scope="col">Cgroup</th><th scope="col" class="figure">Limit</th><th scope="col" class="figure">In use</th><th scope="col">Read from</th></tr>
            </thead>
            <tbody>
                {{#limits}}
                <tr><td>{{level}}</td><td>{{path}}</td><td class="figure">{{#HAVE_bytes}}{{bytes}}{{/HAVE_bytes}}{{#NO_bytes}}none{{/NO_bytes}}</td><td class="figure">{{usage_bytes}}</td><td class="wide"><code>{{source}}</code></td></tr>
                {{/limits}}
            </tbody>
        </table>
        </div>
        {{/HAVE_limits}}
        {{#NO_limits}}
        <p class="unknown">Unknown: load has not said so yet.</p>
        {{/NO_limits}}
        <h2>Workers</h2>
        {{#HAVE_workers}}
        <div class="scroll" tabindex="0" role="region" aria-label="Workers">
        <table>
            <thead>
                <tr><th scope="col" class="figure">Slot</th><th scope="col" class="figure">Pid</th><th scope="col">State</th><th scope="col" class="figure">RSS</th><th scope="col">Load</th></tr>
            </thead>
            <tbody>
                {{#workers}}
                <tr><td class="figure">{{slot}}</td><td class="figure">{{pid}}</td><td>{{state}}</td><td class="figure">{{rss_bytes}}</td><td>{{#HAVE_load}}<a href="/loads/{{load}}"><code>{{load}}</code></a>{{/HAVE_load}}</td></tr>
                {{/workers}}
            </tbody>
        </table>
        </div>
        {{/HAVE_workers}}
        {{#NO_workers}}
        <p>None.</p>
        {{/NO_workers}}
        <h2>Master and pool</h2>
        <dl>
            <dt>Runs</dt>
            <dd>{{master_alive}}</dd>
            <dt>Pid</dt>
            {{#HAVE_master_pid}}
            <dd>{{master_pid}}</dd>
            {{/HAVE_master_pid}}
            {{#NO_master_pid}}
            <dd class="unknown">unknown: load has not been started yet</dd>
            {{/NO_master_pid}}
            <dt>Started</dt>
            {{#HAVE_master_started_at}}
            <dd>{{master_started_at}}</dd>
            {{/HAVE_master_started_at}}
            {{#NO_master_started_at}}
            <dd class="unknown">unknown</dd>
            {{/NO_master_started_at}}
            <dt>Last sign of life</dt>
            {{#HAVE_master_heartbeat_at}}
            <dd>{{master_heartbeat_at}}</dd>
            {{/HAVE_master_heartbeat_at}}
            {{#NO_master_heartbeat_at}}
            <dd class="unknown">unknown</dd>
            {{/NO_master_heartbeat_at}}
            <dt>Started before</dt>
            <dd>{{master_generation}} times, this one counted</dd>
            <dt>Most busy at once</dt>
            <dd>{{pool_peak_busy}}</dd>
            <dt>Workers started</dt>
            <dd>{{pool_forks}}, refused by the kernel {{pool_fork_failures}}, dead before a request {{pool_deaths_before_request}}</dd>
        </dl>
        <h2>Guard</h2>
        <dl>
            <dt>Mode</dt>
            <dd>{{guard_mode}}</dd>
            <dt>Keeps free on the host</dt>
            <dd>{{guard_keeps_free_bytes}} of {{guard_available_bytes}} available</dd>
            <dt>Promised to loads under way</dt>
            <dd>{{guard_promised_bytes}}</dd>
            <dt>Would allow now</dt>
            {{#HAVE_guard_allows_bytes}}
            <dd>{{guard_allows_bytes}}</dd>
            {{/HAVE_guard_allows_bytes}}
            {{#NO_guard_allows_bytes}}
            <dd>anything: a cgroup's limit comes before the host's memory</dd>
            {{/NO_guard_allows_bytes}}
        </dl>
        <h2>What can be read</h2>
        {{#HAVE_readable}}
        <ul>
            {{#readable}}
            <li><code>{{readable}}</code></li>
            {{/readable}}
        </ul>
        {{/HAVE_readable}}
        {{#NO_readable}}
        <p class="unknown">Nothing yet.</p>
        {{/NO_readable}}
        <h2>What cannot</h2>
        {{#HAVE_unreadable}}
        <ul>
            {{#unreadable}}
            <li><code>{{unreadable}}</code></li>
            {{/unreadable}}
        </ul>
        {{/HAVE_unreadable}}
    </main>
</body>
</html>
