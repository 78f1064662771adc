{{! GET /loads/ID: load_view (views/loads.c) fills it from struct
    load_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: load {{id}}</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>{{#HAVE_outcome}}{{outcome}}{{/HAVE_outcome}}{{#NO_outcome}}{{state}}{{/NO_outcome}}: {{resident_bytes}} of {{requested_bytes}}</h1>
        {{#HAVE_reason}}
        <p class="finding">{{reason}}</p>
        {{/HAVE_reason}}
        {{#HAVE_event}}
        <p class="finding"><a href="{{event}}">What happened to it</a></p>
        {{/HAVE_event}}
        <dl>
            <dt>Load</dt>
            <dd><code>{{id}}</code></dd>
            <dt>State</dt>
            <dd>{{state}}</dd>
            <dt>Kind</dt>
            <dd>{{kind}}</dd>
            <dt>Resident</dt>
            {{#HAVE_resident_bytes}}
            <dd>{{resident_bytes}}</dd>
            {{/HAVE_resident_bytes}}
            {{#NO_resident_bytes}}
            <dd class="unknown">unknown: not measured yet</dd>
            {{/NO_resident_bytes}}
            <dt>More in its cgroup</dt>
            {{#HAVE_cgroup_delta_bytes}}
            <dd>{{cgroup_delta_bytes}}</dd>
            {{/HAVE_cgroup_delta_bytes}}
            {{#NO_cgroup_delta_bytes}}
            <dd class="unknown">unknown: not measured yet</dd>
            {{/NO_cgroup_delta_bytes}}
            <dt>Swapped</dt>
            {{#HAVE_swapped_bytes}}
            <dd>{{swapped_bytes}}</dd>
            {{/HAVE_swapped_bytes}}
            {{#NO_swapped_bytes}}
            <dd class="unknown">unknown: not measured yet</dd>
            {{/NO_swapped_bytes}}
            <dt>RSS</dt>
            {{#HAVE_rss_bytes}}
            <dd>{{rss_bytes}}</dd>
            {{/HAVE_rss_bytes}}
            {{#NO_rss_bytes}}
            <dd class="unknown">unknown: not measured yet</dd>
            {{/NO_rss_bytes}}
            <dt>Peak RSS</dt>
            {{#HAVE_peak_rss_bytes}}
            <dd>{{peak_rss_bytes}}</dd>
            {{/HAVE_peak_rss_bytes}}
            {{#NO_peak_rss_bytes}}
            <dd class="unknown">unknown: not measured yet</dd>
            {{/NO_peak_rss_bytes}}
            <dt>Faults</dt>
            <dd>minor {{minor_faults}}, major {{major_faults}}</dd>
            <dt>Started</dt>
            {{#HAVE_started_at}}
            <dd>{{started_at}}</dd>
            {{/HAVE_started_at}}
            {{#NO_started_at}}
            <dd class="unknown">unknown</dd>
            {{/NO_started_at}}
            <dt>Ends</dt>
            {{#HAVE_ends_at}}
            <dd>{{ends_at}}</dd>
            {{/HAVE_ends_at}}
            {{#NO_ends_at}}
            <dd class="unknown">unknown: it is not there yet</dd>
            {{/NO_ends_at}}
            <dt>Ended</dt>
            {{#HAVE_ended_at}}
            <dd>{{ended_at}}</dd>
            {{/HAVE_ended_at}}
            {{#NO_ended_at}}
            <dd class="unknown">not yet</dd>
            {{/NO_ended_at}}
            <dt>Growing took</dt>
            {{#HAVE_grow_seconds}}
            <dd>{{grow_seconds}}</dd>
            {{/HAVE_grow_seconds}}
            {{#NO_grow_seconds}}
            <dd class="unknown">unknown: it has not reached its size</dd>
            {{/NO_grow_seconds}}
            <dt>Held</dt>
            {{#HAVE_held_seconds}}
            <dd>{{held_seconds}}</dd>
            {{/HAVE_held_seconds}}
            {{#NO_held_seconds}}
            <dd class="unknown">unknown: it has not reached its size</dd>
            {{/NO_held_seconds}}
            <dt>Bytes a second</dt>
            {{#HAVE_bytes_per_second}}
            <dd>{{bytes_per_second}}</dd>
            {{/HAVE_bytes_per_second}}
            {{#NO_bytes_per_second}}
            <dd class="unknown">unknown</dd>
            {{/NO_bytes_per_second}}
            <dt>oom_score_adj</dt>
            {{#HAVE_oom_score_adj}}
            <dd>{{oom_score_adj}}</dd>
            {{/HAVE_oom_score_adj}}
            {{#NO_oom_score_adj}}
            <dd class="unknown">unknown</dd>
            {{/NO_oom_score_adj}}
            <dt>Worker</dt>
            <dd>slot {{worker_slot}}, pid {{worker_pid}} in load's own namespace</dd>
            <dt>Limit that binds</dt>
            {{#HAVE_limit_bytes}}
            <dd>{{limit_bytes}}</dd>
            {{/HAVE_limit_bytes}}
            {{#NO_limit_bytes}}
            <dd class="unknown">unknown: none could be read</dd>
            {{/NO_limit_bytes}}
            {{#HAVE_limit_level}}
            <dt>Whose limit</dt>
            <dd>{{limit_level}}{{#HAVE_limit_path}}, cgroup <code>{{limit_path}}</code>{{/HAVE_limit_path}}{{#HAVE_limit_source}}, by <code>{{limit_source}}</code>{{/HAVE_limit_source}}</dd>
            {{/HAVE_limit_level}}
            <dt>Headroom</dt>
            {{#HAVE_limit_headroom_bytes}}
            <dd>{{limit_headroom_bytes}}</dd>
            {{/HAVE_limit_headroom_bytes}}
            {{#NO_limit_headroom_bytes}}
            <dd class="unknown">unknown: the level that binds cannot be seen</dd>
            {{/NO_limit_headroom_bytes}}
        </dl>
    </main>
</body>
</html>
