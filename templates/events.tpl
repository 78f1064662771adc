{{! GET /events: events_view (views/events.c) fills it from struct
    events_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: events</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>Events</h1>
        {{#HAVE_events}}
        <div class="scroll" tabindex="0" role="region" aria-label="Events">
        <table>
            <caption>Ends worth keeping, newest first</caption>
            <thead>
                <tr><th scope="col">At</th><th scope="col">What</th><th scope="col">Verdict</th><th scope="col" class="figure">Resident</th><th scope="col" class="figure">Asked for</th><th scope="col">In a sentence</th></tr>
            </thead>
            <tbody>
                {{#events}}
                <tr><td class="time"><a href="{{url}}">{{at}}</a></td><td>{{kind}}{{#HAVE_outcome}} (<a href="/events?outcome={{outcome}}">{{outcome}}</a>){{/HAVE_outcome}}</td><td>{{#HAVE_verdict}}<a href="/events?verdict={{verdict}}">{{verdict}}</a>, {{certainty}}{{/HAVE_verdict}}</td><td class="figure">{{resident_bytes}}</td><td class="figure">{{requested_bytes}}</td><td class="wide">{{detail}}</td></tr>
                {{/events}}
            </tbody>
        </table>
        </div>
        {{/HAVE_events}}
        {{#NO_events}}
        <p>None: nothing that is asked for was killed, refused or cut short.</p>
        {{/NO_events}}
        {{#HAVE_next}}
        <p><a href="{{next}}">Older ones</a></p>
        {{/HAVE_next}}
    </main>
</body>
</html>
