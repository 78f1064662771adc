# SPDX-License-Identifier: MIT
"""A storm of real OOM kills in /memory: each is marked once, with a sample at
most a second before it, though the watch was ended in the midst of it."""
import pytest

from loads import calm
from processes import wait_until
from restarts import restart
from samples import check_marks, kills, samples

pytestmark = pytest.mark.unweighed

SETTINGS = {"limit": "512M"}


def storm(lab, count):
    return [answer for answer in lab.storm(count).wait()
            if answer and answer.status == 502]


def oom_events(lab):
    return {event["id"] for event in lab.json("/events?limit=1000")["events"]
            if event["kind"] in ("killed", "idle-death", "bystander")}


def check(lab, ids, killed):
    """So many events, and each of them marked."""
    assert len(ids) == killed
    found = wait_until(
        lambda: (lambda seen: seen if len(kills(seen)) >= killed else None)(
            samples(lab)), 10, "all marks")
    check_marks(found, ids)


def test_each_kill_of_a_storm_is_marked_once(lab, tell):
    counted = lab.cgroup.oom_kills()
    assert storm(lab, 30)
    calm(lab)
    ids = oom_events(lab)
    killed = lab.cgroup.oom_kills() - counted
    check(lab, ids, killed)
    tell("kills", killed)


def test_so_it_is_when_the_watch_dies_meanwhile(lab, tell):
    counted = lab.cgroup.oom_kills() - len(oom_events(lab))
    running = lab.storm(30)
    wait_until(lambda: lab.cgroup.oom_kills() > counted + 5, 60, "kills")
    restart(lab, "watch")
    running.wait()
    calm(lab)
    killed = lab.cgroup.oom_kills() - counted
    ids = wait_until(lambda: (lambda known: known if len(known) >= killed
                              else None)(oom_events(lab)), 10, "the events")
    check(lab, ids, killed)
    tell("kills", killed)
