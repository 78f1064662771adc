# SPDX-License-Identifier: MIT
"""Loads in the background: asked for in query, form or JSON, looked at,
released; and Kubernetes' resource-consumer, whose clients run unchanged."""
import json
import time

import pytest

from client import Repeated
from loads import FORM, JSON, MIB, Load, calm
from processes import wait_until

UNKNOWN = "/loads/" + "0" * 31 + "a"
SETTINGS = {"max": 48}

# What is refused, by the parameter that the answer must name.
REFUSED = {
    "size": ["0", "-1", "10001%", "10%%", "1e30", "18446744073709551617",
             "nan", "0x10", "1.2.3", "5Q", "", "0%", "9223372036854775808",
             "1 M", "M", "%"],
    "kind": ["", "ANON", "ano", "anonymous"],
    "for": ["-1", "1y", "2h", "", "1.2.3s", "nan", "0x1"],
    "rate": ["0", "5Q/s", "", "10%", "1M/h"],
    "first": ["-1", "10%", ""],
    "leave": ["10001%", "-1", ""],
    "fill": ["ones", ""],
    "touch": ["0", "-1", ""],
    "score": ["1001", "-1001", "1.5", ""],
    "within": ["0", "-1", ""],
    "dies": ["host", ""],
    "sise": ["1M"]}
REFUSED_CASES = [(name, value) for name, values in REFUSED.items()
                 for value in values]

# Sizes and the bytes that every answer echoes.
SIZES = {
    "256M": 1 << 28, "256MiB": 1 << 28, "256m": 1 << 28, "256Mi": 1 << 28,
    "256MB": 256000000, "256mb": 256000000, "1K": 1024, "1KB": 1000,
    "1Ki": 1024, "1KiB": 1024, "3G": 3 << 30, "3GB": 3 * 10**9,
    "1T": 1 << 40, "2TB": 2 * 10**12, "1.5G": 3 << 29, "0.5K": 512,
    "4096": 4096, "1": 1, "100%": 2 << 30, "50%": 1 << 30,
    "12.5%": 1 << 28, "10000%": 200 << 30}


@pytest.fixture(autouse=True)
def nothing_left(lab):
    yield
    calm(lab)


def body_of(form, parameters):
    """Headers and body, by urllib's rules and json's."""
    if form == "json":
        return JSON, json.dumps(dict(parameters))
    return FORM, "&".join(f"{name}={escape(value)}"
                          for name, value in parameters)


def escape(value):
    return value.replace("%", "%25").replace(" ", "%20")


@pytest.mark.parametrize("form", ["form", "json", "query"])
def test_a_load_begins_in_the_background(lab, form):
    given = [("size", "1MiB"), ("for", "60s"), ("score", "900")]
    if form == "query":
        answer = lab.ask("/loads?size=1MiB&for=60s&score=900&format=json",
                         "POST")
    else:
        headers, body = body_of(form, given)
        answer = lab.ask("/loads?format=json", "POST", headers, body)
    assert answer.status == 202, answer.text
    assert answer.headers["Location"] == f"/loads/{answer.id}"
    told = answer.json
    assert (told["id"], told["outcome"]) == (answer.id, None)
    assert told["requested_bytes"] == MIB
    assert lab.ask(answer.headers["Location"], "DELETE").status == 204


def test_json_takes_numbers_as_well(lab):
    answer = lab.ask("/loads?format=json", "POST", JSON,
                     '{"size": 1048576, "for": 0.001, "score": 1000}')
    assert answer.status == 202, answer.text
    assert answer.json["requested_bytes"] == MIB


def test_a_load_is_never_404_once_its_202_is_out(lab):
    for _ in range(50):
        load = Load(lab, "size=4K&for=0s")
        assert lab.ask(load.path).status == 200
        assert load.id in {one["id"] for one in lab.json("/loads")["loads"]}
    wait_until(lambda: load.now()["state"] == "ended", 10, "its end")
    assert load.now()["outcome"] == "held"


def test_a_load_is_shown_while_it_holds(lab):
    load = Load(lab, "size=8M&for=60s")
    shown = load.held()
    assert shown["resident_bytes"] == shown["requested_bytes"] == 8 * MIB
    assert shown["worker"]["pid"] in lab.workers()
    assert shown["agrees"] is not False
    assert shown["ends_at"] > shown["started_at"]
    assert shown["limit"]["bytes"] == 2 << 30
    load.release()


def test_status_does_not_say_that_figures_disagree_when_they_agree(lab):
    """The moment at which growth ends is the one at which it might."""
    for _ in range(5):
        load = Load(lab, "size=128M&for=60s")
        load.held()
        status = lab.status()
        assert status["memory"]["agrees"] is not False, status["memory"]
        assert load.release().status == 204
        calm(lab)


def test_the_peak_of_a_load_is_not_that_of_its_workers_earlier_one(lab):
    big = lab.ask("/hold?size=128M&format=json").json
    for _ in range(20):
        told = lab.ask("/hold?size=1M&format=json").json
        assert told["peak_rss_bytes"] < 64 * MIB, "its worker's earlier load"
        if told["worker"]["pid"] == big["worker"]["pid"]:
            return


def test_delete_frees_the_memory_before_it_answers(lab):
    load = Load(lab, "size=64M&for=60s")
    pid = load.held()["worker"]["pid"]
    before = lab.cgroup.usage_bytes() if lab.cgroup else None
    assert load.release().status == 204
    if before:
        assert lab.cgroup.usage_bytes() < before - 60 * MIB
    ended = load.ended()
    assert (ended["outcome"], ended["worker"]["pid"]) == ("released", pid)


def test_a_second_delete_is_410_at_once(lab):
    for _ in range(20):
        load = Load(lab, "size=1M&for=60s")
        assert load.release().status == 204
        again = load.release()
        assert again.status == 410
        assert "released" in again.json["detail"]


def test_delete_of_a_load_that_held_its_time_is_410(lab):
    load = Load(lab, "size=1M&for=1ms")
    load.ended()
    assert load.release().status == 410


@pytest.mark.parametrize("path", [UNKNOWN, "/loads/x", "/loads/../x"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_load_that_never_was_is_404(lab, method, path):
    assert lab.ask(path, method).status == 404


@pytest.mark.parametrize("count", [5, 40])
def test_delete_of_all_releases_all_and_tells_how_many(lab, count):
    """The master's socket has room for ten messages."""
    loads = [Load(lab, "size=1M&for=60s") for _ in range(count)]
    answer = lab.ask("/loads?format=json", "DELETE")
    assert (answer.status, answer.json) == (200, {"released": count})
    assert {load.now()["outcome"] for load in loads} == {"released"}
    answer = lab.ask("/loads?format=json", "DELETE")
    assert (answer.status, answer.json) == (200, {"released": 0})


@pytest.mark.parametrize("form", ["form", "json", "query"])
@pytest.mark.parametrize("name,value", REFUSED_CASES)
def test_what_is_no_parameter_is_refused_by_name(lab, name, value, form):
    known = len(lab.json("/loads")["loads"])
    given = [(name, value)] + [("size", "1M")] * (name != "size")
    headers, body = body_of("json" if form == "json" else "form", given)
    if form == "query":
        answer = lab.ask(f"/loads?{body}&format=json", "POST")
    else:
        answer = lab.ask("/loads?format=json", "POST", headers, body)
    assert answer.status == 400, answer.text
    assert answer.json["parameter"] == name
    assert (answer.json["got"] or "") == value
    assert answer.json["allowed"]
    assert len(lab.json("/loads")["loads"]) == known


@pytest.mark.parametrize("method,path,headers,body,says", [
    ("POST", "/loads", {}, "", "size"),
    ("GET", "/hold", {}, None, "size"),
    ("POST", "/loads?size=1M", FORM, "size=1M", "size"),
    ("POST", "/loads", FORM, "size=1M&size=1M", "size"),
    ("POST", "/loads", JSON, '{"size": "1M", "size": "1M"}', "size"),
    ("POST", "/loads", JSON, '{"size": ["1M"]}', "size"),
    ("POST", "/loads", JSON, '{"size": "1M"', "JSON"),
    ("POST", "/loads", JSON, '[1]', "JSON"),
    ("GET", "/hold?size=10%%", {}, None, "10%%")])
def test_a_request_that_is_wrong_as_a_whole_is_400(
        lab, method, path, headers, body, says):
    answer = lab.ask(path, method, {**headers, "Accept": "text/plain"}, body)
    assert answer.status == 400
    assert says in answer.text


@pytest.mark.parametrize("text,count", SIZES.items(), ids=str)
def test_a_size_is_echoed_as_its_bytes(lab, text, count):
    for value in {text, escape(text)}:
        told = lab.json(f"/forecast?size={value}")
        assert told["requested_bytes"] == count


@pytest.mark.parametrize("way", ["query", "form", "both"])
def test_consume_mem_answers_at_once_as_kubernetes_does(lab, way):
    query, body = {
        "query": ("?megabytes=64&durationSec=5", None),
        "form": ("", "megabytes=64&durationSec=5"),
        "both": ("?megabytes=64", "durationSec=5")}[way]
    answer = lab.ask(f"/ConsumeMem{query}", "POST", FORM, body)
    assert answer.status == 200
    assert answer.body == b"ConsumeMem\n64 megabytes\n5 durationSec\n"
    assert answer.seconds < 2.5
    assert lab.ask(f"/loads/{answer.id}", "DELETE").status == 204


def test_consume_mem_holds_for_its_time_and_no_longer(lab, tell):
    before = calm(lab)
    if before is None:
        pytest.skip("kernel: no memory cgroup can be seen")
    begun = time.monotonic()

    def look():
        return time.monotonic() - begun, lab.cgroup.usage_bytes() - before
    with Repeated(look, 0.05) as looks:
        answer = lab.ask("/ConsumeMem?megabytes=64&durationSec=5", "POST")
        wait_until(lambda: lab.json(f"/loads/{answer.id}")["state"] ==
                   "ended", 30, "its end", 0.02)
    there = [at for at, count in looks.seen if count > 62 * MIB]
    tell("64 MiB there from and until, s", (there[0], there[-1]))
    assert there[0] < 2
    assert 4.8 <= there[-1] - there[0] <= 7
    assert lab.cgroup.usage_bytes() - before < 4 * MIB


@pytest.mark.parametrize("method,query", [
    ("GET", "megabytes=1&durationSec=1"), ("POST", "megabytes=1"),
    ("POST", "durationSec=1"), ("POST", "megabytes=x&durationSec=1"),
    ("POST", "megabytes=1.5&durationSec=1"),
    ("POST", "megabytes=1&durationSec=1&x=1"), ("POST", "")])
def test_consume_mem_refuses_in_plain_text(lab, method, query):
    answer = lab.ask(f"/ConsumeMem?{query}", method)
    assert (answer.status, answer.type) == (400, "text/plain")
