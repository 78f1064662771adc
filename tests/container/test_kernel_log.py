# SPDX-License-Identifier: MIT
"""With the override that grants the watch the kernel log: its lines stand in
the evidence, found by name across pid namespaces. Without it: counters alone,
and that is said."""
import os
import subprocess

import pytest

from lab import IN_CGROUP
from memory_cgroup import MemoryCgroup
from stack import Stack

OVERRIDE = "deploy/docker-compose.kernel-log.yml"
LOG = "kernel log (/dev/kmsg)"
LIMIT_BYTES = 256 << 20
OTHER_BYTES = 64 << 20
TIMES = 3


@pytest.fixture(scope="module")
def granted(engine):
    if not os.access("/dev/kmsg", os.R_OK):
        pytest.skip("kernel: no /dev/kmsg")
    one = Stack(engine, files=[OVERRIDE], limit="256m")
    try:
        yield one.up()
    finally:
        one.close()


def lines(said):
    return [row["says"] for row in said["evidence"]
            if row["source"] == "/dev/kmsg"]


@pytest.mark.parametrize("_", range(TIMES))
def test_the_line_is_in_the_evidence(granted, tell, _):
    answer = granted.ask("/hold?size=200%&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    assert (said["verdict"], said["certainty"]) == ("cgroup-oom", "proven")
    assert (said["limit"]["bytes"], said["limit"]["level"]) == \
        (LIMIT_BYTES, "own")
    assert said["unreadable"] == []
    killed = [line for line in lines(said) if "Killed process " in line]
    tell("line", killed)
    assert len(killed) == 1
    assert f"(oom:{answer.id[:8]}) " in killed[0]
    # Of the host's namespace: load's own is another.
    assert f"Killed process {said['worker']['pid']} " not in killed[0]


def test_the_watch_has_that_capability_and_no_other(granted):
    with open(f"/proc/{granted.pid('watch')}/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)
    syslog = 1 << 34
    for what in "CapEff", "CapPrm", "CapInh", "CapAmb", "CapBnd":
        assert int(status[what], 16) == syslog, what
    assert status["Uid"].split() == ["900"] * 4
    assert status["NoNewPrivs"].strip() == "1"


def test_it_is_healthy_by_its_own_check(granted):
    said = granted.engine.docker(
        "exec", granted.inspect("watch")["Id"], "setpriv", "--reuid=900",
        "--regid=900", "--clear-groups", "/usr/local/bin/oomlab-healthy")
    assert said == ""


def test_an_oom_kill_in_an_unrelated_container_makes_no_bystander(granted):
    known = granted.event_ids()
    load = granted.later("/hold?size=128M&rate=64M/s&format=json")
    other = MemoryCgroup.make(f"oomlab-other-{os.getpid()}", OTHER_BYTES)
    try:
        died = subprocess.run(
            ["bash", "-c", IN_CGROUP, "other", other.directory,
             "/usr/bin/python3", "-c", f"bytearray({4 * OTHER_BYTES})"],
            check=False)
    finally:
        other.remove()
    assert died.returncode == -9
    assert load.result(60).json["outcome"] == "held"
    assert granted.event_ids() == known


def test_without_it_the_counters_do_and_the_log_is_named(stack):
    answer = stack.ask("/hold?size=200%&format=json")
    said = answer.json
    assert (said["verdict"], said["certainty"]) == ("cgroup-oom", "proven")
    assert said["unreadable"] == [LOG]
    assert lines(said) == []
    assert LOG in stack.status()["unreadable"]
