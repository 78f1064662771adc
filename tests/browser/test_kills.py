# SPDX-License-Identifier: MIT
"""The ancestor's storm, started from the page: kills appear as marks and among
the events, and each opens its post-mortem."""
import collections

import pytest

from processes import wait_until

# A storm's hundred events are a hundred more to keep.
pytestmark = pytest.mark.unweighed

SETTINGS = {"limit": "2G"}
REQUESTS = 30  # each of 878 MiB: a dozen times what there is
KILLED = 20    # of them, at least
STORM_S = 180
OPEN = "#plot-cgroup .mark"


def storm(page, lab, count=REQUESTS):
    page.type("#storm-count", str(count))
    page.press("#storm-start")
    page.until_says("#storm-said", f"of {count} under way", STORM_S)
    page.until_says("#storm-said", "How each ends", STORM_S)
    wait_until(lambda: lab.status()["pool"]["busy"] == 0, STORM_S, "the calm")


def test_a_storm_brings_marks_and_they_open_post_mortems(page, lab, tell):
    kills = lab.cgroup.oom_kills()
    storm(page, lab)
    events = lab.json("/events?limit=1000")["events"]
    outcomes = collections.Counter(
        (one["kind"], one["verdict"], one["certainty"]) for one in events)
    tell("requests, kills by the kernel's count, events",
         (REQUESTS, lab.cgroup.oom_kills() - kills, dict(outcomes)))
    assert outcomes[("killed", "cgroup-oom", "proven")] >= KILLED
    page.one(OPEN)
    open_a_mark(page)
    assert "/events/" in page.js("location.pathname")
    page.until_says("h1", "cgroup-oom")


def open_a_mark(page):
    """By itself, or by its list."""
    page.press(OPEN)
    if page.js("location.pathname") == "/dashboard/":
        page.until_says("#picked-title", "kills from")
        page.press("#picked a")


def test_a_page_opened_later_has_the_marks_too(page):
    page.one(OPEN)
    assert "kill" in page.attribute(OPEN, "aria-label").lower()
    assert len(page.all("#event-list li")) > 0


def test_a_wider_window_keeps_them(page):
    for span in ("1h", "24h", "5m"):
        page.js("(() => { const one = document.getElementById('window');"
                "one.value = arguments[0];"
                "one.dispatchEvent(new Event('change')); })()", span)
        page.one(OPEN)


def test_a_storm_is_refused_beyond_its_bounds(page):
    for count in ("0", "257", ""):
        page.type("#storm-count", count)
        page.press("#storm-start")
        page.until_says("#storm-error", "Allowed: 1..256")
