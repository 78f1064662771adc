# SPDX-License-Identifier: MIT
"""GET /memory: samples of host, cgroup and workers, in three formats; each
second one, ten while a load grows, across restarts."""
import csv
import io
import os
import signal
import statistics

import pytest

import processes
from processes import wait_until
from restarts import kill_load, restart
from samples import at, check_marks, fill, samples

pytestmark = pytest.mark.unweighed

MIB = 1 << 20
MOST = 5000
QUICK_S = 0.2     # 20 ms, ten times wider
IDLE_CORE = 0.1   # 1 % of a core, ten times wider
WATCH_BYTES = 64 * MIB


def two_seconds(lab):
    return wait_until(lambda: (lambda found: found if len(found) > 2 else None)(
        samples(lab, "from=1m")), 10, "three samples")


def test_samples_come_in_order_with_what_the_machine_has(lab):
    before = set(lab.workers())
    found = two_seconds(lab)
    times = [at(one["at"]) for one in found]
    assert times == sorted(set(times))
    last = found[-1]
    total = int(processes.read("/proc/meminfo").split()[1]) << 10
    assert last["host"]["total_bytes"] == total
    assert 0 < last["host"]["available_bytes"] < total
    limit = lab.status()["limits"][0]
    assert last["cgroup"]["limit_bytes"] == limit["bytes"]
    own = last["cgroup"]
    assert own["working_set_bytes"] == \
        own["usage_bytes"] - own["inactive_file_bytes"]
    assert own["headroom_bytes"] <= own["limit_bytes"] - own["usage_bytes"] + \
        own["file_bytes"]
    workers = {one["pid"] for one in last["workers"]}
    assert workers <= before | set(lab.workers())


def test_a_load_shows_by_its_id_and_ten_times_a_second_while_it_grows(lab):
    answer = lab.ask("/hold?size=200M&rate=100M/s&for=1500ms&format=json")
    load = answer.json
    begun, ended = at(load["started_at"]), at(load["ended_at"])
    grown = begun + load["grow_seconds"]
    found = [one for one in samples(lab, "from=1m")
             if begun < at(one["at"]) < ended]
    growing = [one for one in found if at(one["at"]) < grown]
    # Ten a second; one a second would be three at the most.
    assert len(growing) > 2 * load["grow_seconds"]
    mine = [worker["rss_bytes"] for one in found for worker in one["workers"]
            if worker["load"] == load["id"]]
    assert max(mine) >= 0.95 * 200 * MIB
    assert max(one["cgroup"]["usage_bytes"] for one in found) >= 190 * MIB


def test_formats_tell_the_same(lab):
    found = two_seconds(lab)
    span = f"from={found[0]['at']}&to={found[-1]['at']}"
    found = samples(lab, span)
    answer = lab.ask(f"/memory?{span}&format=csv")
    assert answer.type == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["at"] for row in rows] == [one["at"] for one in found]
    for row, one in zip(rows, found):
        for part in ("host", "cgroup"):
            for name, value in one[part].items():
                told = row[f"{part}_{name}"]
                assert told == "" if value is None else \
                    float(told) == pytest.approx(value, abs=0.001)
        workers = one["workers"]
        assert row["workers"] == \
            ("" if workers is None else str(len(workers)))
        assert int(row["kills"]) == len(one["kills"])
    text = lab.ask(f"/memory?{span}&format=text")
    assert text.type == "text/plain"
    assert text.text.count("\n") == len(found) + 1
    assert max(len(line) for line in text.text.splitlines()) <= 80


def test_head_is_as_get_without_a_body(lab):
    answer = lab.ask("/memory", method="HEAD",
                     headers={"Accept": "application/json"})
    assert (answer.status, answer.type, answer.body) == \
        (200, "application/json", b"")


@pytest.mark.parametrize("query, parameter", [
    ("from=1h&to=2h", "from"), ("from=yesterday", "from"), ("to=x", "to"),
    ("step=0", "step"), ("step=-1", "step"),
    ("from=31d", "from"), ("count=3", "count"), ("step=1s&step=2s", "step")])
def test_what_is_wrong_is_named(lab, query, parameter):
    answer = lab.ask(f"/memory?{query}&format=json")
    assert answer.status == 400, answer.text
    assert answer.json["parameter"] == parameter


def test_a_step_has_one_sample_of_each_part_of_the_time(lab):
    two_seconds(lab)
    found = samples(lab, "from=20s&step=2s")
    parts = [int(at(one["at"])) // 2 for one in found]
    assert parts == sorted(set(parts))


def test_kills_are_marked_once_whoever_is_started_again(lab):
    killed = {kill_load(lab)["id"]}
    restart(lab, "watch")
    killed.add(kill_load(lab)["id"])
    restart(lab, "load")
    killed.add(kill_load(lab)["id"])
    wait_until(lambda: killed <= {one["id"] for sample in samples(lab)
                                  for one in sample["kills"]}, 10, "marks")
    found = samples(lab)
    ours = {event["id"] for event in lab.json("/events")["events"]
            if event["kind"] in ("killed", "idle-death", "bystander")}
    check_marks(found, ours)
    assert killed <= ours


def test_without_load_the_host_goes_on(lab):
    lab.remember()
    pid = lab.pid("load")
    os.kill(pid, signal.SIGSTOP)
    try:
        gone = wait_until(
            lambda: (lambda last: last if last["cgroup"]["usage_bytes"] is None
                     else None)(samples(lab, "from=5s")[-1]), 15,
            "an unknown cgroup")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert gone["workers"] is None
    assert gone["host"]["free_bytes"] > 0


@pytest.mark.last
def test_a_day_of_samples_costs_little(lab, tell):
    two_seconds(lab)
    tell("database bytes", fill(lab, 24))
    for path in ("/memory?from=1h", "/status", "/memory"):
        answers = [lab.ask(f"{path}{'&' if '?' in path else '?'}format=json")
                   for _ in range(9)]
        assert {answer.status for answer in answers} == {200}
        median = statistics.median(answer.seconds for answer in answers)
        tell(f"{path}: ms, {len(answers[0].body)} bytes", 1000 * median)
        assert median < QUICK_S
    too_many = lab.ask("/memory?from=24h&format=json")
    assert (too_many.status, too_many.json["parameter"]) == (400, "step")
    for form in ("json", "csv", "text"):
        whole = lab.ask(f"/memory?from=24h&step=20s&format={form}")
        assert whole.status == 200
    assert len(samples(lab, "from=24h&step=20s")) >= 24 * 180
    rss = processes.rss_bytes(lab.pid("watch"))
    tell("RSS of the watch then", rss)
    assert rss < WATCH_BYTES


@pytest.mark.last
def test_watching_costs_little(lab, tell):
    pid = lab.pid("watch")
    before, first = processes.cpu_seconds(pid), samples(lab)[-1]["at"]
    wait_until(lambda: at(samples(lab, "from=2s")[-1]["at"]) - at(first) > 5,
               20, "five seconds", pause_s=1)
    share = (processes.cpu_seconds(pid) - before) / 5
    tell("of a core", share)
    assert share < IDLE_CORE
