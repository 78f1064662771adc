{{! One end worth keeping: postmortem_view (views/postmortem.c) fills it from
    struct postmortem_report, for the very client whose request it was and at
    /events/ID. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>{{title}}{{#HAVE_verdict}}: {{verdict}}{{/HAVE_verdict}}</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>{{title}}{{#HAVE_verdict}}: {{verdict}}, {{certainty}}{{/HAVE_verdict}}</h1>
        <p class="finding">{{detail}}</p>
        {{#HAVE_next}}
        <p class="next"><strong>What to do:</strong> {{next}}</p>
        {{/HAVE_next}}
        <h2>What it held</h2>
        <dl>
            <dt>Resident</dt>
            {{#HAVE_resident_bytes}}
            <dd>{{resident_bytes}}</dd>
            {{/HAVE_resident_bytes}}
            {{#NO_resident_bytes}}
            <dd class="unknown">unknown: it had not been measured yet</dd>
            {{/NO_resident_bytes}}
            <dt>Asked for</dt>
            {{#HAVE_requested_bytes}}
            <dd>{{requested_bytes}}</dd>
            {{/HAVE_requested_bytes}}
            {{#NO_requested_bytes}}
            <dd class="unknown">unknown: it had not said so yet</dd>
            {{/NO_requested_bytes}}
            <dt>Limit</dt>
            {{#HAVE_limit_bytes}}
            <dd>{{limit_bytes}}</dd>
            {{/HAVE_limit_bytes}}
            {{#NO_limit_bytes}}
            <dd class="unknown">unknown: no limit could be read</dd>
            {{/NO_limit_bytes}}
            {{#HAVE_limit_level}}
            <dt>Whose limit</dt>
            <dd>{{limit_level}}{{#HAVE_limit_path}}, cgroup <code>{{limit_path}}</code>{{/HAVE_limit_path}}{{#HAVE_limit_source}}, by <code>{{limit_source}}</code>{{/HAVE_limit_source}}</dd>
            {{/HAVE_limit_level}}
            <dt>Started</dt>
            {{#HAVE_started_at}}
            <dd>{{started_at}}</dd>
            {{/HAVE_started_at}}
            {{#NO_started_at}}
            <dd class="unknown">unknown</dd>
            {{/NO_started_at}}
            <dt>Ended</dt>
            {{#HAVE_died_at}}
            <dd>{{died_at}}</dd>
            {{/HAVE_died_at}}
            {{#NO_died_at}}
            <dd class="unknown">unknown</dd>
            {{/NO_died_at}}
            {{#HAVE_signal}}
            <dt>Signal</dt>
            <dd>{{signal}} ({{signal_name}})</dd>
            {{/HAVE_signal}}
            {{#HAVE_reason}}
            <dt>Reason</dt>
            <dd>{{reason}}</dd>
            {{/HAVE_reason}}
            {{#HAVE_worker}}
            <dt>Worker</dt>
            <dd>slot {{worker_slot}}, pid {{worker_pid}} in load's own namespace</dd>
            {{/HAVE_worker}}
            <dt>Event</dt>
            {{#HAVE_instance}}
            <dd><a href="{{instance}}"><code>{{id}}</code></a></dd>
            {{/HAVE_instance}}
            {{#NO_instance}}
            <dd class="unknown">not kept: it may not have ended yet</dd>
            {{/NO_instance}}
        </dl>
        {{#HAVE_curve_points}}
        <h2>The minute before</h2>
        <figure>
            <svg class="curve" viewBox="0 0 600 160" role="img" aria-label="Usage of load's cgroup in the minute before the kill, at most {{curve_most_bytes}}">
                {{#HAVE_limit_y}}<line class="limit" x1="0" x2="600" y1="{{limit_y}}" y2="{{limit_y}}"></line>{{/HAVE_limit_y}}
                <polyline points="{{curve_points}}"></polyline>
                <line class="kill" x1="598" x2="598" y1="0" y2="150"></line>
            </svg>
            <figcaption>Usage of load's cgroup, at most {{curve_most_bytes}}. Dashed: its limit. At the right edge: the kill, {{died_at}}.</figcaption>
        </figure>
        {{/HAVE_curve_points}}
        {{#HAVE_others}}
        <h2>Who else was there</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Who else was there">
        <table>
            <caption>The largest of {{others_in_all}} loads under way, just after the kill.</caption>
            <thead>
                <tr><th scope="col">Load</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col" class="figure">Resident</th><th scope="col" class="figure">Asked for</th><th scope="col" class="figure">oom_score_adj</th></tr>
            </thead>
            <tbody>
                {{#others}}
                <tr><td><a href="/loads/{{id}}"><code>{{id}}</code></a></td><td>{{kind}}</td><td>{{state}}</td><td class="figure">{{resident_bytes}}</td><td class="figure">{{requested_bytes}}</td><td class="figure">{{oom_score_adj}}</td></tr>
                {{/others}}
            </tbody>
        </table>
        </div>
        {{/HAVE_others}}
        <h2>Last sample</h2>
        {{#HAVE_last_sample}}
        <dl>
            <dt>At</dt>
            <dd>{{last_sample_at}}</dd>
            <dt>Worker's RSS</dt>
            <dd>{{last_sample_rss_bytes}}</dd>
            <dt>Its cgroup's usage</dt>
            <dd>{{last_sample_usage_bytes}} of {{last_sample_limit_bytes}}</dd>
            <dt>Available on the host</dt>
            <dd>{{last_sample_available_bytes}}</dd>
        </dl>
        {{/HAVE_last_sample}}
        {{#NO_last_sample}}
        <p class="unknown">Unknown: there was none.</p>
        {{/NO_last_sample}}
        <h2>Evidence</h2>
        {{#HAVE_evidence}}
        <div class="scroll" tabindex="0" role="region" aria-label="Evidence">
        <table>
            <thead>
                <tr><th scope="col">Read from</th><th scope="col">Says</th><th scope="col" class="figure">Before</th><th scope="col" class="figure">After</th></tr>
            </thead>
            <tbody>
                {{#evidence}}
                <tr><td class="wide"><code>{{source}}</code></td><td class="wide">{{says}}</td><td class="figure">{{before}}</td><td class="figure">{{after}}</td></tr>
                {{/evidence}}
            </tbody>
        </table>
        </div>
        {{/HAVE_evidence}}
        {{#NO_evidence}}
        <p class="unknown">None was needed: this is what load itself recorded.</p>
        {{/NO_evidence}}
        {{#HAVE_unreadable}}
        <h2>Could not be read</h2>
        <ul>
            {{#unreadable}}
            <li><code>{{unreadable}}</code></li>
            {{/unreadable}}
        </ul>
        {{/HAVE_unreadable}}
    </main>
</body>
</html>
