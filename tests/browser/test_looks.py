# SPDX-License-Identifier: MIT
"""How it looks: axe-core finds no violation, nothing is wider than the window,
at both widths, light and dark; and pictures to be looked at, in
build/screenshots."""
import itertools

import pytest

from loads import Load

# Opening each page once and again costs the watch stacks, no more.
pytestmark = pytest.mark.unweighed

SETTINGS = {"limit": "512M", "max": 8}
WIDTHS = (375, 1600)
SCHEMES = ("light", "dark")
LOOKS = list(itertools.product(WIDTHS, SCHEMES))
PAGES = ("/status", "/loads", "/loads/ID", "/events", "/events/ID", "/help",
         "/explain")


@pytest.fixture(scope="module")
def kills(lab):
    """Two kills that are some seconds old, so that there is a plot."""
    return [Load(lab, "size=900M&kind=rows&for=0s").ended()
            for _ in range(2)]


@pytest.fixture
def lively(page, lab, kills):
    """With kills, a load that grows and one that holds, and a forecast."""
    Load(lab, "size=120M&for=5m").held()
    Load(lab, "size=200M&rate=2M/s&for=5m")
    page.type("#field-size", "900M")
    page.until_says("#forecast", "It will bring a kill")
    page.one("#plot-cgroup .mark")
    page.until("document.querySelectorAll('#loads li').length === 2",
               "two loads in the list")
    page.one("#event-list li")
    return page


@pytest.mark.parametrize("width,scheme", LOOKS)
def test_the_dashboard(lively, width, scheme):
    lively.look(width, 900, scheme)
    lively.until("document.querySelector('#plot-cgroup canvas').width > 0 && "
                 "document.documentElement.scrollWidth <= innerWidth",
                 "no scrolling sideways")
    assert not lively.axe()
    lively.whole_page(width)
    lively.screenshot(f"dashboard-{width}-{scheme}")


@pytest.mark.may_log("status of 400")
@pytest.mark.parametrize("width,scheme", LOOKS)
def test_warnings_and_refusals(page, width, scheme):
    """What is only there now and then has the same care."""
    page.look(width, 900, scheme)
    page.type("#field-size", "10M")
    page.type("#field-score", "5000")
    page.until_says("#field-score-error", "Allowed")
    page.type("#storm-count", "999")
    page.press("#storm-start")
    page.until_says("#storm-error", "Allowed")
    page.js("document.getElementById('token').hidden = false")
    assert not page.axe()


def path_of(page, kills):
    event = kills[0]["event"].rpartition("/")[2]
    return page.replace("events/ID", f"events/{event}") \
        .replace("loads/ID", f"loads/{kills[0]['id']}")


@pytest.mark.parametrize("width,scheme", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_the_other_pages(chromium, lab, kills, path, width, scheme):
    chromium.look(width, 900, scheme)
    chromium.errors()
    chromium.open(lab.url + path_of(path, kills))
    assert not chromium.axe()
    assert chromium.js("document.documentElement.scrollWidth <= innerWidth")
    assert not chromium.foreign(lab.port)
