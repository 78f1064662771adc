# SPDX-License-Identifier: MIT
"""The list of events: what it filters, how it pages, in which formats, and
that it outlives whoever tells of it."""
import csv
import datetime
import io
import os
import re
import time

import pytest

import processes
from processes import wait_until
from restarts import kill_load, restart

KILLS = 5
COLUMNS = ["id", "at", "kind", "outcome", "verdict", "certainty", "detail",
           "resident_bytes", "requested_bytes", "url"]
VERDICTS = "cgroup-oom host-oom oom group-oom signal crash load-gone unknown"
OUTCOMES = "killed short stalled disconnected refused"


def short(lab):
    answer = lab.ask("/hold?size=16M&within=1ms&rate=1M&format=json")
    assert answer.json["outcome"] == "stalled"
    return answer.id


@pytest.fixture(scope="module")
def told(lab):
    """Post-mortems as their clients read them, and a stalled load's id."""
    return [kill_load(lab) for _ in range(KILLS)], short(lab)


def listed(lab, query=""):
    return [event["id"] for event in lab.json("/events" + query)["events"]]


def test_all_are_listed_newest_first(lab, told):
    kills, stalled = told
    wait_until(lambda: stalled in listed(lab), 5, "the stalled load")
    events = lab.json("/events")["events"]
    assert {kill["id"] for kill in kills} | {stalled} == \
        {event["id"] for event in events if event["kind"] != "idle-death"}
    assert [event["at"] for event in events] == \
        sorted((event["at"] for event in events), reverse=True)


@pytest.mark.parametrize("query, kinds", [
    ("?outcome=killed", {"killed"}), ("?outcome=stalled", {"ended"}),
    ("?outcome=short", set()), ("?verdict=signal&outcome=killed", {"killed"}),
    ("?verdict=cgroup-oom", set()), ("?since=1h", {"killed", "ended"}),
    ("?since=0", set()), ("?since=2000-01-01T00:00:00Z&outcome=stalled",
                          {"ended"})])
def test_filters(lab, told, query, kinds):
    assert told
    found = lab.json("/events" + query)["events"]
    assert {event["kind"] for event in found} - {"idle-death"} == kinds


def test_since_is_a_point_in_time_too(lab, told):
    third = told[0][2]
    found = listed(lab, f"?since={third['died_at']}&outcome=killed")
    assert set(found) == {kill["id"] for kill in told[0][2:]}
    at = datetime.datetime.fromisoformat(third["died_at"][:-1] + "+00:00")
    east = at.astimezone(datetime.timezone(datetime.timedelta(hours=2)))
    text = east.isoformat(timespec="milliseconds").replace("+", "%2B")
    assert listed(lab, f"?since={text}&outcome=killed") == found


@pytest.mark.parametrize("form", ["json", "text", "html", "csv"])
def test_pages_are_stable_while_events_arrive(lab, told, form):
    expected = listed(lab, "?outcome=killed")
    assert len(expected) >= KILLS and told
    url, seen = f"/events?outcome=killed&limit=2&since=1h&format={form}", []
    while url:
        answer = lab.ask(url)
        assert answer.status == 200
        seen += re.findall(r"/events/([0-9a-f]{32})", answer.text)
        link = answer.headers.get("Link")
        url = re.fullmatch('<(/.*)>; rel="next"', link).group(1) if link \
            else None
        if form == "json":
            assert answer.json["next"] == url
            kill_load(lab)
        elif url and form != "csv":
            assert url in answer.text.replace("&amp;", "&")
    assert seen == expected


def test_csv_is_the_json_in_rows(lab, told):
    assert told
    for headers, query in (({"Accept": "text/csv"}, ""),
                           ({}, "?format=csv")):
        answer = lab.ask("/events" + query, headers=headers)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == \
            "text/csv; charset=utf-8; header=present"
        assert answer.text.count("\n") == answer.text.count("\r\n")
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert list(rows[0]) == COLUMNS
        assert rows == [
            {name: "" if value is None else str(value)
             for name, value in event.items()}
            for event in lab.json("/events")["events"]]


def test_csv_is_of_the_list_alone(lab, told):
    assert lab.ask("/status?format=csv").status == 400
    assert lab.ask(f"/events/{told[0][0]['id']}?format=csv").status == 400
    assert lab.ask("/status", headers={"Accept": "text/csv"}).type == \
        "text/html"
    answer = lab.ask("/events?format=csv&limit=0")
    assert (answer.status, answer.type) == (400, "text/plain")


@pytest.mark.parametrize("query, parameter, allowed", [
    ("limit=0", "limit", "1..1000"), ("limit=1001", "limit", "1..1000"),
    ("limit=x", "limit", "1..1000"), ("verdict=oops", "verdict", VERDICTS),
    ("verdict=", "verdict", VERDICTS), ("outcome=held", "outcome", OUTCOMES),
    ("outcome=killed&outcome=killed", "outcome", OUTCOMES),
    ("since=yesterday", "since", None), ("since=1769860800", "since", None),
    ("since=2026-02-30T00:00:00Z", "since", None),
    ("since=-5m", "since", None),
    ("before=1", "before", None), ("before=1-xyz", "before", None),
    ("page=2", "page", "since verdict outcome limit before format"),
    ("format=xml", "format", "html json text csv")])
def test_what_cannot_be_is_refused_by_name(lab, query, parameter, allowed):
    answer = lab.ask(f"/events?{query}",
                     headers={"Accept": "application/json"})
    problem, got = answer.json, query.partition("=")[2].partition("&")[0]
    assert (answer.status, problem["parameter"]) == (400, parameter)
    assert problem["got"] == (got or None)
    assert problem["allowed"]
    assert allowed in (None, problem["allowed"])


def test_help_tells_of_the_parameters(lab):
    text = lab.ask("/help").text
    for word in ("since", "verdict", "outcome", "limit", "before", "1..1000",
                 VERDICTS, OUTCOMES):
        assert word in text


def whole(lab, ids):
    """All that is said of these, in every format."""
    return {(id_, form): lab.ask(f"/events/{id_}?format={form}").text
            for id_ in ids for form in ("json", "html", "text")} | \
        {form: [line for line in
                lab.ask(f"/events?outcome=killed&format={form}")
                .text.splitlines()]
         for form in ("json", "html", "text", "csv")}


@pytest.mark.unweighed
def test_events_outlive_watch_load_and_scoreboard(new_lab, tell):
    lab = new_lab().start()
    kills = [kill_load(lab) for _ in range(3)]
    ids = [kill["id"] for kill in kills]
    before = whole(lab, ids)
    restart(lab, "watch")
    assert whole(lab, ids) == before
    restart(lab, "load")
    restart(lab, "watch")
    assert whole(lab, ids) == before
    lab.stop()  # the scoreboard goes, too
    lab.start()
    assert whole(lab, ids) == before
    assert [lab.json(f"/events/{id_}") for id_ in ids] == kills
    assert len(listed(lab)) == len(set(listed(lab)))
    begun = time.monotonic()
    assert lab.json("/events")["events"]
    tell("seconds for a list after a start", time.monotonic() - begun)


def test_what_the_keeper_takes(lab, told, tell):
    """Descriptors and memory are weighed by the fixture."""
    assert told
    database = os.path.join(lab.settings["state"], "oomlab.db")
    assert os.path.exists(database)
    tell("bytes of the database", os.path.getsize(database))
    tell("RSS of the watch", processes.rss_bytes(lab.pid("watch")))
