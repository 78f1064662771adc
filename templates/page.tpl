{{! The ancestor's page, GET /: page_view (views/page.c) fills it from struct
    page_report. }}
{{%AUTOESCAPE context="HTML"}}
<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>Memory Usage Example</title>
</head>
<body>
    <h1>Current Memory Usage: {{rss_mb}} MB</h1>
</body>
</html>
