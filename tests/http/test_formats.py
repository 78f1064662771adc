# SPDX-License-Identifier: MIT
"""One expectation, every format: a test states a fact once, and the page, the
JSON and the text must all tell it."""
import re
import signal

import pytest

from client import ACCEPT, TYPE

# Accept, format= or None -> the format of the answer
CHOICES = [
    (None, None, "html"),
    ("*/*", None, "html"),
    ("image/png", None, "html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
     None, "html"),
    ("application/json", None, "json"),
    ("application/problem+json", None, "json"),
    ("APPLICATION/JSON", None, "json"),
    ("application/json;q=0.1, text/plain;q=0.9", None, "text"),
    ("application/json, */*", None, "json"),
    ("text/plain", None, "text"),
    ("application/json", "html", "html"),
    ("application/json", "text", "text"),
    ("text/html", "json", "json"),
    (None, "%6ason", "json")]


def in_all(lab, path):
    """{format: answer}, all 200 and of their own type."""
    answers = {form: lab.ask(path, headers={"Accept": accept})
               for form, accept in ACCEPT.items()}
    for form, answer in answers.items():
        assert (answer.status, answer.type) == (200, TYPE[form])
        assert re.fullmatch("[0-9a-f]{32}", answer.id)
        assert int(answer.headers["Content-Length"]) == len(answer.body)
    return answers


def all_tell(answers, *facts):
    for form, answer in answers.items():
        for fact in facts:
            assert str(fact) in answer.text, f"{form} lacks {fact}"


@pytest.fixture(scope="module")
def killed(lab):
    """The answer to a request whose worker was killed by kill -9."""
    paused = lab.pause()
    paused.kill(signal.SIGKILL)
    return paused.future.result()


@pytest.mark.parametrize("path", ["/?rows=0", "/status"])
@pytest.mark.parametrize("accept, wanted, form", CHOICES)
def test_format_beats_accept_beats_html(lab, path, accept, wanted, form):
    if wanted:
        path += ("&" if "?" in path else "?") + f"format={wanted}"
    answer = lab.ask(path, headers={"Accept": accept} if accept else {})
    assert (answer.status, answer.type) == (200, TYPE[form])


@pytest.mark.parametrize("path", [
    "/status", "/loads", "/events", "/help", "/healthz", "/readyz",
    "/metrics", "/nowhere", "/?rows=x", "/loads/x"])
def test_an_unknown_format_is_a_bad_request_everywhere(lab, path):
    answer = lab.ask(path + ("&" if "?" in path else "?") + "format=xml")
    assert answer.status in (400, 404), answer.text
    if answer.status == 400 and "rows" not in path:
        assert "html json text" in answer.text


def test_status_tells_the_same_in_every_format(lab):
    status = lab.status()
    all_tell(in_all(lab, "/status"), status["master"]["pid"],
             status["master"]["started_at"], status["pool"]["max"],
             status["limits"][0]["source"],
             *(worker["pid"] for worker in status["workers"]))


def test_status_has_the_contracts_fields(lab):
    status = lab.status()
    assert {"slot", "pid", "state", "load", "rss_bytes"} <= \
        set(status["workers"][0])
    assert {"idle", "busy", "max"} <= set(status["pool"])
    assert {"pid", "started_at", "heartbeat_at"} <= set(status["master"])
    assert {"level", "path", "source", "bytes", "usage_bytes"} <= \
        set(status["limits"][0])
    assert status["master"]["pid"] == lab.pid("load")
    assert isinstance(status["ancestors_visible"], bool)
    assert status["pool"]["max"] == 100
    for member in ("readable", "unreadable", "warnings"):
        assert isinstance(status[member], list)
    assert status["readable"]
    assert status["guard"]


def test_workers_of_status_are_the_masters_children(lab):
    seen = {worker["pid"] for worker in lab.status()["workers"]}
    assert seen == set(lab.workers())


def test_loads_tell_the_same_in_every_format(lab):
    load = lab.json("/?rows=12345")
    listed = lab.json("/loads")["loads"][0]
    assert listed["id"] == load["id"]
    assert listed["requested_bytes"] == load["requested_bytes"]
    all_tell(in_all(lab, "/loads"), load["id"])
    all_tell(in_all(lab, f"/loads/{load['id']}"), load["id"])


def test_a_load_reads_the_same_at_its_own_url(lab):
    load = lab.json("/?rows=2345")
    later = lab.json(f"/loads/{load['id']}")
    del load["rss_mb"]
    assert {name: later[name] for name in load} == load


def test_times_are_rfc_3339_in_utc_with_milliseconds(lab):
    load = lab.json("/?rows=1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
                        load["started_at"])


def test_events_tell_the_same_in_every_format(lab, killed):
    event = lab.json("/events")["events"][0]
    assert event["id"] == killed.id
    assert (event["outcome"], event["verdict"]) == ("killed", "signal")
    assert lab.json("/events")["next"] is None
    all_tell(in_all(lab, "/events"), event["id"], "signal", "killed")


def test_an_event_tells_the_same_in_every_format(lab, killed):
    answers = in_all(lab, f"/events/{killed.id}")
    event = answers["json"].json
    assert event["status"] == 502
    all_tell(answers, event["id"], event["verdict"], event["certainty"],
             event["died_at"], "SIGKILL")
    text = " ".join(answers["text"].text.split())
    assert event["detail"] in text
    assert event["next"] in text
    assert max(map(len, answers["text"].text.splitlines())) <= 80


def test_an_event_is_what_the_client_read(lab, killed):
    assert killed.json == lab.json(f"/events/{killed.id}")


def test_help_names_every_route_and_parameter(lab):
    for form in ACCEPT:
        text = lab.ask("/help", headers={"Accept": ACCEPT[form]}).text
        for word in ("/loads", "/loads/ID", "/status", "/events",
                     "/events/ID", "/healthz", "/readyz", "rows", "columns",
                     "format", "0..100000000"):
            assert word in text


def test_help_has_what_a_post_mortems_type_points_to(lab, killed):
    page = lab.ask("/help").text
    assert killed.json["type"] == "/help#killed"
    outcomes = next(row for row in lab.json("/help")["parameters"]
                    if row["name"] == "outcome")["allowed"].split()
    for word in outcomes + ["idle-death", "bystander", "restart"]:
        assert page.count(f'<dt id="{word}">') == 1


def test_help_is_the_same_in_every_format(lab):
    answers = in_all(lab, "/help")
    for row in answers["json"].json["routes"]:
        all_tell({"text": answers["text"]}, row["help"], row["path"])
        assert f"<code>{row['path']}</code>" in answers["html"].text
    for row in answers["json"].json["parameters"]:
        all_tell(answers, row["name"], row["allowed"])
    for row in answers["json"].json["settings"]:
        assert row["variable"] in answers["html"].text


def test_every_page_has_one_way_around_and_marks_itself(lab, killed):
    for path in ("/status", "/loads", "/events", "/explain", "/help",
                 "/forecast?size=1M", f"/events/{killed.id}", "/nowhere"):
        page = lab.ask(path).text
        assert page.startswith("<!DOCTYPE html>\n"), path
        for once in ("<nav ", "<main>", "<h1>", 'rel="stylesheet"',
                     'href="/dashboard/"', "</html>"):
            assert page.count(once) == 1, (path, once)
        marked = re.findall(r'href="(\S+)" aria-current="page"', page)
        assert marked == [path] * (path in marked), path
        assert bool(marked) == (path.count("/") == 1 and "?" not in path and
                                path != "/nowhere")


def test_health_and_readiness_are_short(lab):
    for path in ("/healthz", "/readyz"):
        for form in ACCEPT:
            answer = lab.ask(path, headers={"Accept": ACCEPT[form]})
            assert answer.status == 200
            assert len(answer.body) < 100
        assert lab.json(path)["status"]


@pytest.mark.parametrize("path", [
    "/status", "/loads", "/events", "/help", "/healthz", "/readyz"])
def test_head_is_as_get_without_a_body(lab, path):
    head, get = lab.ask(path, "HEAD"), lab.ask(path)
    assert (head.status, head.type, head.body) == (200, get.type, b"")
    assert int(head.headers["Content-Length"]) > 0


def test_no_answer_may_be_stored_or_sniffed(lab):
    for path in ("/?rows=0", "/status", "/nowhere"):
        headers = lab.ask(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
