# SPDX-License-Identifier: MIT
"""GET /: the ancestor's page, in the ancestor's form, at CPython's cost."""
import os
import re
import signal

import pytest

import processes
from processes import wait_until

MB = 1 << 20
WITHIN = 0.02
SHAPES = [  # rows, columns
    (100000, 100), (1000000, 100), (2000000, 100),
    (1000000, 1), (20000, 1000), (10000, 10000), (1000, 100000)]


def cost_bytes(rows, columns):
    """A list of that many integers, as glibc's CPython takes it."""
    return rows * (120.5 + 8 * columns)


def shown_bytes(lab, rows, columns=100):
    answer = lab.ask(f"/?rows={rows}&columns={columns}")
    assert answer.status == 200, answer.text
    figure = re.search(r"<h1>Current Memory Usage: (\S+) MB</h1>",
                       answer.text).group(1)
    assert repr(float(figure)) == figure, "not as Python prints a float"
    return float(figure) * MB


@pytest.mark.parametrize("rows, columns", SHAPES)
def test_rows_cost_what_cpython_takes(lab, tell, rows, columns):
    empty = shown_bytes(lab, 0)
    took = shown_bytes(lab, rows, columns) - empty
    expected = cost_bytes(rows, columns)
    tell(f"bytes a row of {columns}", round(took / rows, 2))
    # Beside the 2 %: one worker's libraries are not to the page another's.
    assert abs(took - expected) <= WITHIN * expected + 64 * 1024


def test_the_page_is_the_ancestors(lab):
    answer = lab.ask("/?rows=1000")
    assert answer.type == "text/html"
    assert "<title>Memory Usage Example</title>" in answer.text
    assert len(re.findall("<h1>", answer.text)) == 1


def test_without_parameters_it_builds_a_million_rows(lab):
    load = lab.json("/")
    assert (load["rows"], load["columns"]) == (1000000, 100)
    assert load["requested_bytes"] == cost_bytes(1000000, 100)


def test_all_memory_is_given_back(lab, tell):
    before = max(processes.rss_bytes(pid) for pid in lab.workers())
    for rows in (100000, 1000000, 2000000):
        shown_bytes(lab, rows)
    after = max(processes.rss_bytes(pid) for pid in lab.workers())
    tell("bytes kept by the fattest worker", after - before)
    assert after - before < MB


def test_json_and_text_agree_with_the_page(lab):
    load = lab.json("/?rows=200000")
    assert float(load["rss_mb"]) * MB == load["rss_bytes"]
    text = lab.ask("/?rows=200000", headers={"Accept": "text/plain"}).text
    figure = re.fullmatch(r"Current Memory Usage: (\S+) MB\n", text).group(1)
    for other in (float(figure) * MB, shown_bytes(lab, 200000)):
        assert abs(other - load["rss_bytes"]) < 2 * MB  # other workers


def test_json_tells_what_was_measured(lab):
    load = lab.json("/?rows=300000")
    assert re.fullmatch("[0-9a-f]{32}", load["id"])
    assert (load["state"], load["outcome"]) == ("ended", "held")
    assert load["kind"] == "rows"
    assert load["resident_bytes"] >= load["requested_bytes"] == 276150000
    assert load["rss_bytes"] >= load["resident_bytes"]
    assert load["peak_rss_bytes"] >= load["rss_bytes"]
    assert load["minor_faults"] > 0
    assert load["grow_seconds"] > 0
    assert load["bytes_per_second"] > 0
    assert load["worker"]["pid"] in lab.workers()
    assert load["swapped_bytes"] == 0
    assert load["event"] is None


def test_a_load_more_than_any_address_space_leaves_the_service_up(lab):
    answer = lab.ask("/?rows=100000000&columns=100000&format=json")
    assert answer.status in (403, 502, 507), answer.text
    assert answer.json["outcome"] in ("refused", "killed", "short")
    assert lab.ask("/?rows=0").status == 200


def test_a_client_that_hangs_up_frees_its_memory_and_is_an_event(lab):
    with lab.connect() as client:
        client.sendall(b"GET /?rows=2000000 HTTP/1.0\r\n\r\n")
        pid = lab.stop_growing(lambda: False)
        load = lab.worker(pid)["load"]
    os.kill(pid, signal.SIGCONT)
    wait_until(lambda: lab.ask(f"/events/{load}").status == 200, 10,
               "its event")
    event = lab.json(f"/events/{load}")
    assert event["outcome"] == "disconnected"
    assert event["resident_bytes"] < event["requested_bytes"]
    assert processes.rss_bytes(pid) < 64 * MB
