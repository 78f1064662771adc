{{! The part of a head that all pages have but the ancestor's: the marker HEAD
    includes it. }}
{{%AUTOESCAPE context="HTML"}}
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <link rel="stylesheet" href="/static/oomlab.css">
