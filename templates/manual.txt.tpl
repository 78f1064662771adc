{{! oomlab(1), in mdoc(7): manual_view (views/help.c) fills it from struct
    help_report. What a row says stands on a line of its own, where none of its
    words is taken for a macro. }}
.\" SPDX-License-Identifier: MIT
.Dd November 27, 2026
.Dt OOMLAB 1
.Os
.Sh NAME
.Nm oomlab
.Nd a laboratory for running out of memory
.Sh SYNOPSIS
.Nm
.Ar command
.Op Fl -setting Ar value
.Op Ar argument
.Sh DESCRIPTION
.Nm
takes memory when it is asked to over HTTP, may be killed for it, and tells
what happened: who was killed, by whose limit, with which evidence.
Its load and its watch are two processes behind nginx, which spawn-fcgi starts
on a socket each;
.Ql make run
and
.Ql docker compose up
start all three.
This is version {{version}}.
.Pp
The commands are:
.Bl -tag -width Ds
{{#commands}}
.It Cm {{name}}{{#HAVE_arguments}} Ar {{arguments}}{{/HAVE_arguments}}
{{help}}
{{/commands}}
.El
.Pp
A setting is a flag, which beats its variable in the environment, which beats
the default; an empty value is the default.
.Bl -tag -width Ds
{{#settings}}
.It Fl -{{name}} Ar value
{{help}}
.br
allowed: {{allowed}}
{{#HAVE_default}}
.br
default: {{default}}
{{/HAVE_default}}
{{/settings}}
.El
.Ss Requests
Over HTTP, on the one port.
HTML is the default; JSON is asked for by
.Ql format=json ,
text by
.Ql format=text ,
or by the header Accept.
.Bl -tag -width Ds
{{#routes}}
.It Sy {{methods}} {{path}}
{{help}}
{{#HAVE_takes}}
.br
takes: {{takes}}
{{/HAVE_takes}}
{{/routes}}
.El
.Ss Parameters
Of requests, in the query; of a POST also as a form or as JSON.
.Bl -tag -width Ds
{{#parameters}}
.It Sy {{name}}
{{help}}
.br
allowed: {{allowed}}
{{#HAVE_default}}
.br
default: {{default}}
{{/HAVE_default}}
{{/parameters}}
.El
.Sh ENVIRONMENT
{{! No table: the same settings under their other name. }}
.Bl -tag -width Ds
{{#settings}}
.It Ev {{variable}}
{{help}}
{{/settings}}
.El
.Sh FILES
{{! The directories are the settings run, state and templates. }}
.Bl -tag -width Ds
.It Pa /run/oomlab
sockets and the scoreboard that load and watch share; on tmpfs
.It Pa /var/lib/oomlab/oomlab.db
events and samples of memory, an SQLite database of the watch
.It Pa /usr/share/oomlab/templates
the pages, and this one
.It Pa /dev/kmsg
the kernel log, read by the watch where it may
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
what was asked for was done
.It 1
it could not be; one line on standard error says why
.It 2
wrong usage, or a setting that is not allowed
.It 137
of load: a load that was to take the container with it
.Pq Ql dies=container
was killed for want of memory
.El
.Sh EXAMPLES
Half a gibibyte, held for ten seconds:
.Pp
.Dl curl \(aqlocalhost:5000/hold?size=512M&for=10s&format=text\(aq
.Pp
What that would meet, without taking any:
.Pp
.Dl curl \(aqlocalhost:5000/forecast?size=512M&format=text\(aq
.Pp
What the kernel said of its OOM kills since it booted:
.Pp
.Dl journalctl -k | oomlab explain -
.Pp
How many loads may be under way at once:
.Pp
.Dl OOMLAB_MAX=4 oomlab settings max
.Sh SEE ALSO
.Xr curl 1 ,
.Xr spawn-fcgi 1 ,
.Xr cgroups 7 ,
.Xr nginx 8
