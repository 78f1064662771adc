# SPDX-License-Identifier: MIT
"""The machine itself runs out, without a limit and without the guard, beside a
bystander that is larger than the load is by then."""
import subprocess

import pytest

from processes import wait_until

pytestmark = pytest.mark.unweighed

SETTINGS = {"limit": "none", "guard": "off"}
BYSTANDER_BYTES = 700 << 20
LOAD = f"size={900 << 20}&format=json"
HOG = f"x = bytearray({BYSTANDER_BYTES}); print('there', flush=True); " \
    "import sys; sys.stdin.read()"


@pytest.fixture
def bystander():
    with subprocess.Popen(["/usr/bin/python3", "-c", HOG],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert one.stdout.readline() == b"there\n"
        yield one
        if one.poll() is None:
            one.stdin.close()
            one.wait(10)


def has_log(lab):
    return "kernel log (/dev/kmsg)" in lab.json("/status")["readable"]


def test_status_warns_that_nothing_protects_the_machine(lab):
    assert {"no-limit", "guard-off"} <= {
        one["code"] for one in lab.json("/status")["warnings"]}


def test_the_likeliest_victim_is_killed_and_told(lab, bystander):
    master = lab.pid("load")
    answer = lab.ask(f"/hold?{LOAD}&score=1000")
    assert answer.status == 502, answer.text
    said = answer.json
    assert said["verdict"] == "host-oom", answer.text
    assert said["certainty"] == "proven" or not has_log(lab), answer.text
    assert said["limit"]["level"] == "host"
    assert bystander.poll() is None
    assert lab.pid("load") == master


def bystanders(lab):
    return [one for one in lab.json("/events")["events"]
            if one["kind"] == "bystander"]


def test_a_bystander_in_its_place_has_an_event_of_its_own(lab, bystander):
    known = {one["id"] for one in bystanders(lab)}
    answer = lab.ask(f"/hold?{LOAD}&score=0")
    # What the bystander held may come back too late for the load as well.
    assert answer.json["outcome"] == "held" or \
        answer.json["verdict"] == "host-oom", answer.text
    bystander.wait(10)
    fresh = wait_until(
        lambda: [one for one in bystanders(lab) if one["id"] not in known],
        10, "its event")
    assert len(fresh) == 1, fresh
    said = lab.json(fresh[0]["url"])
    assert said["verdict"] == "host-oom", said
    assert said["certainty"] == ("proven" if has_log(lab) else "likely"), said
    if has_log(lab):
        assert any(f"Killed process {bystander.pid} (python3)" in row["says"]
                   for row in said["evidence"]), said["evidence"]


def test_a_kill_in_somebody_elses_cgroup_makes_no_bystander(lab, other):
    known = {one["id"] for one in bystanders(lab)}
    load = lab.later("/hold?size=256M&rate=64M/s&format=json")
    # Not in the same second as whatever was before.
    wait_until(lambda: [one for one in lab.json("/loads")["loads"]
                        if (one["resident_bytes"] or 0) > 128 << 20 and
                        one["state"] == "growing"], 30, "growth")
    died = subprocess.run(
        ["bash", "-c", 'echo $$ >"$1/cgroup.procs"; exec /usr/bin/python3 '
         "-c 'x = bytearray(256 << 20)'", "other", other.directory],
        check=False)
    assert died.returncode == -9
    assert load.result(60).json["outcome"] == "held"
    assert {one["id"] for one in bystanders(lab)} == known


@pytest.fixture
def other():
    from memory_cgroup import MemoryCgroup
    made = MemoryCgroup.make("oomlab-other", 64 << 20)
    yield made
    made.remove()
