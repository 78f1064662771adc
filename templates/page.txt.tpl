{{! The ancestor's page, GET /, for a terminal: page_view (views/page.c) fills
    it from struct page_report. }}
Current Memory Usage: {{rss_mb}} MB
