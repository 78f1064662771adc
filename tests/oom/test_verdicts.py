# SPDX-License-Identifier: MIT
"""Who was killed by whom: real signals, real OOM kills, and both at once."""
import collections
import os
import signal
import subprocess
import time

import pytest

from lab import IN_CGROUP, Lab
from memory_cgroup import MemoryCgroup, mount
from processes import wait_until

SETTINGS = {"limit": "512M"}
LIMIT_BYTES = 512 << 20
TOO_MUCH = "/?rows=1000000"  # 920 MB
TOLD_S = 10                  # 1 s after the death, ten times wider
RACES = 20
OOM = ("cgroup-oom", "host-oom", "oom", "group-oom")
HOG = "import sys; sys.stdout.flush(); x = bytearray(768 << 20)"


def told(lab, path, accept="application/json"):
    return lab.ask(path, headers={"Accept": accept})


def verdict_of(answer):
    return answer.json["verdict"], answer.json["certainty"]


def new_events(lab, known, kind):
    return [event for event in lab.json("/events?limit=1000")["events"]
            if event["id"] not in known and event["kind"] == kind]


def known_events(lab):
    return {event["id"] for event in lab.json("/events?limit=1000")["events"]}


def test_over_its_own_limit_is_cgroup_oom_proven(lab, tell):
    kills = lab.cgroup.oom_kills()
    answer = told(lab, TOO_MUCH)
    assert answer.status == 502
    assert verdict_of(answer) == ("cgroup-oom", "proven")
    assert answer.json["signal"] == signal.SIGKILL
    limit = answer.json["limit"]
    assert (limit["bytes"], limit["level"]) == (LIMIT_BYTES, "own")
    resident = answer.json["resident_bytes"]
    tell("resident at the kill, of the limit", resident / LIMIT_BYTES)
    assert 0.95 * LIMIT_BYTES <= resident <= LIMIT_BYTES
    assert lab.cgroup.oom_kills() - kills == 1


def test_the_evidence_names_its_sources(lab):
    post_mortem = told(lab, TOO_MUCH).json
    for line in post_mortem["evidence"]:
        assert line["source"] and line["says"]
        assert {"before", "after"} <= set(line)
    moved = [line for line in post_mortem["evidence"]
             if lab.cgroup.directory in line["source"]
             and "oom_kill" in line["source"]]
    assert moved and moved[0]["after"] - moved[0]["before"] == 1
    assert isinstance(post_mortem["unreadable"], list)
    assert post_mortem["next"] and post_mortem["detail"]


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_a_person_reads_it_too(lab, accept):
    answer = told(lab, TOO_MUCH, accept)
    assert (answer.status, answer.type) == (502, accept)
    for word in ("cgroup-oom", "proven", "512.0 MiB", answer.id):
        assert word in answer.text


def test_kill_9_is_a_signal_and_never_oom(lab, tell):
    slowest = 0
    for _ in range(5):
        paused = lab.pause("/?rows=300000")
        begun = time.monotonic()
        paused.kill(signal.SIGKILL)
        answer = paused.future.result(TOLD_S)
        slowest = max(slowest, time.monotonic() - begun)
        assert answer.status == 502
        assert verdict_of(answer) == ("signal", "proven")
        assert answer.json["signal"] == signal.SIGKILL
        assert answer.json["id"] == answer.id
        assert told(lab, "/?rows=1000").status == 200
    tell("told after, ms at most", round(slowest * 1000))


@pytest.mark.parametrize("number", [
    signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT])
def test_a_fault_is_a_crash(lab, tell, number):
    paused = lab.pause("/?rows=300000")
    begun = time.monotonic()
    paused.kill(number)
    answer = paused.future.result(TOLD_S)
    tell("told after, ms", round((time.monotonic() - begun) * 1000))
    assert verdict_of(answer) == ("crash", "proven")
    assert answer.json["signal"] == number
    assert told(lab, "/?rows=1000").status == 200


def test_another_signal_is_a_signal(lab):
    paused = lab.pause("/?rows=300000")
    paused.kill(signal.SIGTERM)
    answer = paused.future.result(TOLD_S)
    assert verdict_of(answer) == ("signal", "proven")
    assert answer.json["signal"] == signal.SIGTERM


def race(lab, at_the_counter):
    """kill -9 of one worker while the kernel kills another: both answers."""
    bystander = lab.pause("/?rows=200000")
    kills = lab.cgroup.oom_kills()
    victim = lab.later(TOO_MUCH, {"Accept": "application/json"})
    if at_the_counter:
        wait_until(lambda: lab.cgroup.oom_kills() > kills, 60,
                   "an OOM kill", 0)
    else:
        wait_until(lambda: lab.cgroup.usage_bytes() > LIMIT_BYTES - (8 << 20)
                   or lab.cgroup.oom_kills() > kills, 60, "a full cgroup", 0)
    bystander.kill(signal.SIGKILL)
    return bystander.future.result(), victim.result()


@pytest.mark.parametrize("at_the_counter", [True, False])
def test_kill_9_beside_an_oom_kill_is_never_wrongly_proven(
        lab, tell, at_the_counter):
    seen = {"killed by hand": collections.Counter(),
            "killed by the kernel": collections.Counter()}
    for _ in range(RACES // 2):
        by_hand, by_kernel = race(lab, at_the_counter)
        seen["killed by hand"][verdict_of(by_hand)] += 1
        seen["killed by the kernel"][verdict_of(by_kernel)] += 1
    for who, verdicts in seen.items():
        tell(who, dict(verdicts))
    assert not [one for one in seen["killed by hand"]
                if one[0] in OOM and one[1] == "proven"]
    assert not [one for one in seen["killed by the kernel"]
                if one[0] not in OOM and one[1] == "proven"]


def test_an_idle_worker_that_is_killed_is_an_event_of_its_own(lab):
    known = known_events(lab)
    os.kill(lab.workers()[0], signal.SIGKILL)
    events = wait_until(lambda: new_events(lab, known, "idle-death"), 5,
                        "its event")
    assert (events[0]["verdict"], events[0]["outcome"]) == ("signal", None)
    assert len(events[0]["id"]) == 32
    assert lab.ask(f"/loads/{events[0]['id']}").status == 404
    assert told(lab, "/?rows=1000").status == 200


def test_a_stranger_that_is_killed_in_our_place_is_a_bystander(lab):
    known, kills = known_events(lab), lab.cgroup.oom_kills()
    hog = subprocess.run(
        ["bash", "-c", "echo 1000 >/proc/self/oom_score_adj; " + IN_CGROUP,
         "hog", lab.cgroup.directory, "/usr/bin/python3", "-c", HOG],
        check=False)
    assert hog.returncode == -signal.SIGKILL
    assert lab.cgroup.oom_kills() == kills + 1
    events = wait_until(lambda: new_events(lab, known, "bystander"), 10,
                        "its event")
    assert events[0]["certainty"] == "proven"
    assert not new_events(lab, known, "killed")


def test_over_an_ancestors_limit_is_told_as_the_ancestors():
    if mount(1) is None:
        pytest.skip("kernel: cgroup v2 takes no processes beside children")
    outer = MemoryCgroup.make(f"oomlab-outer-{os.getpid()}", 300 << 20)
    try:
        with Lab(cgroup=outer, limit="2G") as lab:
            answer = told(lab, TOO_MUCH)
            assert answer.status == 502
            assert verdict_of(answer) == ("cgroup-oom", "proven")
            limit = answer.json["limit"]
            assert (limit["bytes"], limit["level"]) == \
                (300 << 20, "ancestor")
            assert outer.directory.endswith(limit["path"])
    finally:
        outer.remove()
