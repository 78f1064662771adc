# SPDX-License-Identifier: MIT
"""The dashboard's files as nginx serves them, and the list of loads that it
asks for each second. What it does in a browser is tests/browser's."""
import os
import re

import pytest

from lab import ROOT
from loads import Load, calm

FILES = sorted(os.listdir(f"{ROOT}/nginx/static/dashboard"))
TYPES = {"html": "text/html", "css": "text/css",
         "js": "application/javascript", "svg": "image/svg+xml"}
LIBRARY = ("lib/dygraph.min.js", "lib/dygraph.min.css")


def policy(answer):
    rules = {}
    for rule in answer.headers["Content-Security-Policy"].split(";"):
        name, *sources = rule.split()
        rules[name] = sources
    return rules


@pytest.mark.parametrize("path", ["", *FILES, *LIBRARY])
def test_a_file_has_its_type_its_policy_and_is_asked_for_anew(lab, path):
    answer = lab.ask(f"/dashboard/{path}")
    assert answer.status == 200
    assert answer.type == TYPES[(path or "index.html").rpartition(".")[2]]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert re.fullmatch(r"[0-9a-f]{32}", answer.id)
    assert policy(answer)["default-src"] == ["'none'"]
    again = lab.ask(f"/dashboard/{path}",
                    headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_its_policy_lets_it_ask_and_run_nobody_else(lab):
    rules = policy(lab.ask("/dashboard/"))
    for kind in ("script-src", "style-src", "img-src", "connect-src"):
        assert rules[kind] == ["'self'"]
    for kind in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert rules[kind] == ["'none'"]


def test_its_files_name_no_other_host():
    for name in FILES:
        with open(f"{ROOT}/nginx/static/dashboard/{name}",
                  encoding="utf-8") as file:
            hosts = re.findall(r"(?:https?:)?//([\w.-]+\.\w+)/?", file.read())
        assert set(hosts) <= {"www.w3.org"}, name  # of SVG's name alone


def test_without_its_slash_it_leads_to_it_on_the_same_port(lab):
    answer = lab.ask("/dashboard")
    assert (answer.status, answer.headers["Location"]) == (301, "/dashboard/")
    assert lab.ask("/dashboard?a=b").headers["Location"] == "/dashboard/?a=b"


@pytest.mark.parametrize("path", [
    "/dashboard/nowhere.js", "/dashboard/lib/", "/dashboard/lib/nowhere",
    "/dashboard/../nginx.conf", "/dashboard/lib/../../nginx.conf.template",
    "/static/dashboard/", "/static/dashboard/main.js"])
def test_what_is_not_there_is_told_as_anywhere(lab, path):
    answer = lab.ask(path, headers={"Accept": "application/json"})
    assert answer.status == 404
    assert answer.json["status"] == 404


def test_it_takes_no_other_method(lab):
    answer = lab.ask("/dashboard/", "POST", body="a=b")
    assert answer.status == 405


def test_a_foreign_host_is_not_served(lab):
    answer = lab.ask("/dashboard/", headers={"Host": "evil.example"})
    assert answer.status == 421


def test_there_is_an_icon_for_who_asks_for_one(lab):
    answer = lab.ask("/favicon.ico")
    assert (answer.status, answer.type) == (200, "image/svg+xml")


# ---- what it asks for each second

def test_loads_under_way_alone_or_ended_ones_alone(lab):
    ended = Load(lab, "size=1M&for=0s")
    ended.ended()
    held = Load(lab, "size=1M&for=5m")
    held.held()
    try:
        busy = lab.json("/loads?state=busy")["loads"]
        assert [one["id"] for one in busy] == [held.id]
        over = [one["id"] for one in lab.json("/loads?state=ended")["loads"]]
        assert ended.id in over and held.id not in over
        both = [one["id"] for one in lab.json("/loads")["loads"]]
        assert both == [held.id, *over]
    finally:
        calm(lab)


def test_another_state_is_refused(lab):
    answer = lab.ask("/loads?state=gone&format=json")
    assert answer.status == 400
    assert answer.json["parameter"] == "state"
    assert answer.json["allowed"] == "busy ended"
