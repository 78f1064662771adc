# SPDX-License-Identifier: MIT
"""A load from the form: its fields, the forecast as one types, refusals, its
bar, its end."""
import pytest

from processes import wait_until

SETTINGS = {"limit": "512M", "max": 8}
FIELDS = ["size", "kind", "for", "rate", "first", "leave", "fill", "touch",
          "score", "within", "dies"]


def start(page, **fields):
    for name, text in fields.items():
        page.type(f"#field-{name}", text)
    page.press("#load-start")


def test_there_is_a_field_for_every_parameter(page):
    names = page.js("[...document.querySelectorAll('#fields [name]')]"
                    ".map(one => one.name)")
    assert names == FIELDS
    for name in names:
        assert len(page.text(f"#field-{name}-help")) > 5


def test_a_load_is_started_its_bar_moves_and_it_is_released(page, lab):
    start(page, size="200M", rate="20M/s", **{"for": "5m"})
    page.until_says("#load-said", "Started: ")
    page.one("#loads li [role=progressbar]")
    seen = set()

    def moves():
        seen.add(page.attribute("#loads [role=progressbar]",
                                "aria-valuenow"))
        return len(seen - {None}) >= 4
    wait_until(moves, 30, lambda: f"a bar that moves: {seen}", 0.05)
    load, = lab.json("/loads?state=busy")["loads"]
    page.until_says("#loads .asked", load["kind"])
    page.press(f"#loads [aria-label='Release load {load['id'][:8]}']")
    page.until_says("#released", f"Released {load['id'][:8]}")
    page.until("document.querySelectorAll('#loads li').length === 0",
               "no load in the list")
    assert lab.json(f"/loads/{load['id']}")["outcome"] == "released"


def test_all_are_released_by_one_button(page, lab):
    for _ in range(2):
        start(page, size="10M", **{"for": "5m"})
        page.until_says("#load-said", "Started: ")
    page.until("document.querySelectorAll('#loads li').length === 2",
               "two loads in the list")
    page.press("#release-all")
    page.until_says("#released", "Released 2 loads.")
    page.until_says("#no-loads", "None.")
    assert lab.status()["pool"]["busy"] == 0


def test_the_forecast_follows_what_is_typed(page):
    page.type("#field-size", "100M")
    page.until_says("#forecast", "It fits: 100.0 MiB.")
    page.until_says("#forecast", "own limit binds")
    page.type("#field-size", "900M")
    page.until_says("#forecast", "It will be killed")
    page.until_says("#forecast", "Likely victim: this load itself")


def test_a_load_that_will_kill_wants_a_second_press(page, lab):
    start(page, size="900M")
    page.until_says("#load-said", "Press again")
    assert page.text("#load-start") == "Start it all the same"
    assert lab.json("/loads?state=busy")["loads"] == []
    page.type("#field-size", "901M")  # takes the first press back
    assert page.text("#load-start") == "Start"
    page.press("#load-start")
    page.until_says("#load-said", "Press again")
    page.press("#load-start")
    page.until_says("#load-said", "Started: ")
    page.until_says("#event-list", "killed: cgroup-oom, proven")


def test_the_warning_is_of_now_not_of_when_one_typed(page, lab):
    """The same load once more, that the first left no room for."""
    start(page, size="300M", **{"for": "5m"})
    page.until_says("#load-said", "Started: ")
    wait_until(lambda: [one["state"] for one in
                        lab.json("/loads?state=busy")["loads"]] ==
               ["holding"], 30, "a load that holds", 0.05)
    page.press("#load-start")
    page.until_says("#load-said", "Press again")
    assert len(lab.json("/loads?state=busy")["loads"]) == 1


@pytest.mark.may_log("status of 400")
def test_a_refusal_stands_at_its_field(page):
    start(page, size="10M", score="5000")
    page.until_says("#field-score-error", "Allowed: -1000..1000")
    assert page.attribute("#field-score", "aria-invalid") == "true"
    page.until("document.activeElement.id === 'field-score'",
               "the focus at the field")
    page.type("#field-score", "7")
    page.until("!document.querySelector('[aria-invalid]')", "no refusal")


@pytest.mark.may_log("status of 400")
def test_an_empty_form_is_refused_at_the_size(page):
    page.press("#load-start")
    page.until("document.querySelector('#field-size[aria-invalid]')",
               "a refusal at the size")
