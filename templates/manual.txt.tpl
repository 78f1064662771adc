{{! oomlab(1), in mdoc(7): manual_view (views/help.c) fills it from struct
    help_report. What rows say stands on lines of its own, where no word of it
    is a macro. }}
.\" SPDX-License-Identifier: MIT
.Dd {{date}}
.Dt OOMLAB 1
.Os
.Sh NAME
.Nm oomlab
.Nd a laboratory for running out of memory
.Sh SYNOPSIS
{{#commands}}
.Nm
.Cm {{name}}
{{#HAVE_arguments}}
.Ar {{arguments}}
{{/HAVE_arguments}}
{{/commands}}
