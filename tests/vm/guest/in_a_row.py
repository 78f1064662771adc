# SPDX-License-Identifier: MIT
"""Many kills in a row at the cgroup's own limit. v2 counts an OOM before the
kernel reports it, and its kill after that: no reading from in between may hide
the one from the other, and make a kill seem somebody else's."""
import collections
import subprocess
import time

import pytest

pytestmark = pytest.mark.unweighed  # an event more each

SETTINGS = {"limit": "128M"}
IN_A_ROW = 60
CROWD = 150  # others in the cgroup: a line of the kernel's report each


@pytest.fixture
def crowd(lab):
    """Makes the time between an OOM and its kill, which is that of the report
    on a serial console, a long one."""
    others = [subprocess.Popen(["sleep", "1000"]) for _ in range(CROWD)]
    for other in others:
        lab.cgroup.write("cgroup.procs", other.pid)
    yield
    for other in others:
        other.kill()
        other.wait()


@pytest.mark.usefixtures("crowd")
def test_each_is_the_cgroups_own(lab, tell):
    master, kills = lab.pid("load"), lab.cgroup.oom_kills()
    wrong, seconds = collections.Counter(), []
    began = time.monotonic()
    for _ in range(IN_A_ROW):
        answer = lab.ask("/hold?size=200%&format=json")
        assert answer.status == 502, answer.text
        said = answer.json
        seconds.append(answer.seconds)
        if (said["verdict"], said["certainty"], said["limit"]["level"]) != \
                ("cgroup-oom", "proven", "own"):
            wrong[said["verdict"], said["certainty"]] += 1
    tell("kills, in s, each at most", (IN_A_ROW, round(
        time.monotonic() - began), round(max(seconds), 2)))
    assert not wrong, wrong
    # A victim whose last thread is on its way out is out of the OOM killer's
    # sight while its memory still counts: then an idle worker goes as well.
    idle = sum(event["kind"] == "idle-death"
               for event in lab.json("/events")["events"])
    tell("idle workers killed beside them", idle)
    assert lab.cgroup.oom_kills() == kills + IN_A_ROW + idle
    assert lab.pid("load") == master
