{{! GET and POST /explain: explain_page_view (views/explain.c) fills it from struct
    explain_report, each event with its points. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    {{>HEAD}}
    <title>oomlab: a kernel log, explained</title>
</head>
<body>
    {{>NAV}}
    <main>
        <h1>A kernel log, explained</h1>
        <p class="finding">{{finding}}{{#HAVE_kernel}} Kernel {{kernel}}.{{/HAVE_kernel}}</p>
        {{#kills}}
        <h2>{{victim_comm}} (pid {{victim_pid}}) was killed{{#HAVE_at}}, at {{at}}{{/HAVE_at}}</h2>
        <dl>
            {{#points}}
            <dt>{{about}}</dt>
            <dd>{{says}}</dd>
            {{/points}}
        </dl>
        {{/kills}}
        {{#incomplete_reports}}
        <h2>A report without its kill{{#HAVE_at}}, at {{at}}{{/HAVE_at}}</h2>
        <dl>
            {{#points}}
            <dt>{{about}}</dt>
            <dd>{{says}}</dd>
            {{/points}}
        </dl>
        {{/incomplete_reports}}
        {{#HAVE_left_out}}
        <p>{{left_out}} more are left out here; <code>oomlab explain FILE</code> has no such limit.</p>
        {{/HAVE_left_out}}
        <form method="post" action="/explain" enctype="multipart/form-data">
            <p><label for="log">Kernel log (<code>journalctl -k</code>, <code>dmesg</code>, <code>kern.log</code>), up to 8 MiB</label></p>
            <p><textarea id="log" name="log" rows="12" cols="80" required></textarea></p>
            <p><button type="submit">Explain</button></p>
        </form>
    </main>
</body>
</html>
