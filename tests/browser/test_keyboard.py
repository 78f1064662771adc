# SPDX-License-Identifier: MIT
"""The page by the keyboard alone: nothing here touches a mouse."""
from selenium.webdriver.common.keys import Keys

from loads import Load

SETTINGS = {"limit": "512M", "max": 8}


def test_a_load_is_started_by_the_keyboard(page, lab):
    page.tab_to("#field-size")
    page.keys("20M")
    page.tab_to("#field-for")
    page.keys("5m", Keys.ENTER)
    page.until_says("#load-said", "Started: ")
    assert len(lab.json("/loads?state=busy")["loads"]) == 1


def test_the_tab_key_goes_through_the_form_in_its_order(page):
    page.tab_to("#field-size")
    order = ["size"]
    while not page.js("document.activeElement.id === 'load-start'"):
        page.keys(Keys.TAB)
        order.append(page.js("document.activeElement.name || ''"))
        assert len(order) < 30
    assert order[:-1] == page.js(
        "[...document.querySelectorAll('#fields [name]')]"
        ".map(one => one.name)")


def test_a_load_is_released_by_the_keyboard(page, lab):
    load = Load(lab, "size=20M&for=5m")
    page.one("#loads li")
    page.tab_to(f"[aria-label='Release load {load.id[:8]}']")
    page.keys(Keys.ENTER)
    page.until_says("#released", f"Released {load.id[:8]}")
    page.until("document.activeElement.id === 'workers'",
               "the focus where the row was")


def test_a_row_keeps_the_focus_while_its_figures_change(page, lab):
    load = Load(lab, "size=200M&rate=10M/s&for=5m")
    button = f"[aria-label='Release load {load.id[:8]}']"
    page.one("#loads li")
    page.tab_to(button)
    before = page.text("#loads .far")
    page.until("document.querySelector('#loads .far').innerText !== "
               f"{before!r}", "figures that change")
    assert page.js("document.activeElement.matches(arguments[0])", button)


def test_marks_are_opened_by_the_keyboard(page, lab):
    for _ in range(2):
        Load(lab, "size=900M&kind=rows&for=0s").ended()
    page.one("#plot-cgroup .mark")
    page.tab_to("#plot-cgroup .mark")
    page.keys(Keys.ENTER)
    if page.js("location.pathname") == "/dashboard/":
        page.until("document.activeElement.id === 'picked'",
                   "the focus at the list")
        page.keys(Keys.ESCAPE)
        page.until("document.activeElement.matches('.mark')",
                   "the focus back at the mark")
        page.keys(Keys.ENTER)
        page.tab_to("#picked a")
        page.keys(Keys.ENTER)
    page.until_says("h1", "cgroup-oom")


def test_the_focus_can_be_seen(page):
    for selector in ("nav a", "#window", "#field-size", "#load-start",
                     "#storm-count"):
        page.tab_to(selector)
        style = page.js("getComputedStyle(document.activeElement)"
                        ".outlineStyle")
        assert style != "none", selector


def test_all_are_released_by_the_keyboard(page, lab):
    Load(lab, "size=20M&for=5m")
    page.one("#loads li")
    page.tab_to("#release-all")
    page.keys(Keys.ENTER)
    page.until_says("#released", "Released 1 load.")
    page.until("document.activeElement.id === 'workers'",
               "the focus where the rows were")
