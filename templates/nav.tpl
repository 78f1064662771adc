{{! The way from page to page: the marker NAV includes it, and views/template.cc
    shows it the section AT_x when x.tpl does. }}
{{%AUTOESCAPE context="HTML"}}
    <nav aria-label="Pages">
        <ul>
            <li><a href="/dashboard/">Dashboard</a></li>
            <li><a href="/status"{{#AT_status}} aria-current="page"{{/AT_status}}>Status</a></li>
            <li><a href="/loads"{{#AT_loads}} aria-current="page"{{/AT_loads}}>Loads</a></li>
            <li><a href="/events"{{#AT_events}} aria-current="page"{{/AT_events}}>Events</a></li>
            <li><a href="/explain"{{#AT_explain}} aria-current="page"{{/AT_explain}}>Explain</a></li>
            <li><a href="/help"{{#AT_help}} aria-current="page"{{/AT_help}}>Help</a></li>
        </ul>
    </nav>
