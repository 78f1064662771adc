# SPDX-License-Identifier: MIT
"""The real `sar -r 1` beside /sar?follow during a storm, as the ancestor was
watched: every line's arithmetic is sysstat's, every kill has one mark, and a
line at most a second before it, whoever was started again meanwhile."""
import collections
import os
import signal
import time

import pytest

import processes
import sar_table
from processes import wait_until
from restarts import restart
from samples import at as moment
from samples import iso
from sar_table import Follower, Table

pytestmark = pytest.mark.unweighed  # watch and load are killed

SETTINGS = {"limit": "512M"}
SECONDS = 20
STORM = "/hold?size=300M&for=1s"
CLIENTS = 12
NEAR_S = 1.0
NEAR_MORE_S = 9.0  # ten times that, on a machine that is overloaded
SLACK = 0.1        # of the memory, for what falls between two samples

Seen = collections.namedtuple("Seen", "begun table cgroup real total swap")


def meminfo(name):
    for line in processes.read("/proc/meminfo").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def kills(lab, begun, end):
    """By /events: (moment, id) of each death, oldest first."""
    events = lab.json(f"/events?since={iso(begun)}")["events"]
    return sorted((moment(event["at"]), event["id"]) for event in events
                  if event["verdict"] and moment(event["at"]) <= end)


def samples(lab, begun, end):
    return lab.json(f"/memory?from={iso(begun)}&to={iso(end)}")["samples"]


def storm(lab, path, count):
    for answer in lab.storm(count, path).wait():
        assert answer.status in (200, 502, 503), answer.text


@pytest.fixture(scope="module")
def seen(lab):
    begun = time.time()
    with Follower(lab, f"follow={SECONDS}s") as host, \
            Follower(lab, f"follow={SECONDS}s&of=cgroup") as cgroup:
        real = sar_table.sysstat(SECONDS)
        host.rows(2)
        while time.time() < begun + SECONDS / 2:
            storm(lab, STORM, CLIENTS)
        table, other = host.rest(), cgroup.rest()
    return Seen(begun, table, other,
                Table(real.communicate(timeout=60)[0]),
                meminfo("MemTotal"), meminfo("SwapTotal"))


def test_heads_and_layout_are_sysstats(seen):
    assert len(seen.table.rows) == len(seen.real.rows) == SECONDS
    mine, theirs = (one.text.splitlines() for one in (seen.table, seen.real))
    assert mine[2][8:] == theirs[2][8:]
    assert len(mine) == len(theirs)
    assert [line[8:11] for line in mine[3:-1]] == ["   "] * SECONDS
    for line in seen.table.rows:
        assert [len(word) for word in line.text.split(" ")][0] == 0
        assert line.text == "".join(
            f" {value:>9}" for value in line.values.values())


def test_derived_columns_are_sysstats_arithmetic(seen):
    for table in (seen.table, seen.real):
        for line in table.rows:
            sar_table.check_shares(line, seen.total, seen.swap)
        sar_table.check_average(table)


def test_rows_are_the_samples_of_their_seconds(seen, lab):
    found = {}
    for sample in samples(lab, seen.begun - 2, seen.begun + SECONDS + 5):
        at = time.localtime(int(moment(sample["at"])))
        found.setdefault(time.strftime("%H:%M:%S", at), sample["host"])
    for line in seen.table.rows:
        host = {name[:-6]: value // 1024 for name, value in
                found[line.time].items() if name.endswith("_bytes")}
        assert int(line.values["kbmemfree"]) == host["free"]
        assert int(line.values["kbmemused"]) == max(
            0, host["total"] - host["free"] - host["buffers"] -
            host["cached"] - host["slab"])
        assert host["total"] == seen.total


def test_the_same_seconds_rows_differ_by_the_instant_alone(seen, lab):
    """Sysstat's figures lie among those of the seconds around theirs."""
    ours = {"kbmemfree": "free_bytes", "kbavail": "available_bytes",
            "kbbuffers": "buffers_bytes", "kbcached": "cached_bytes",
            "kbactive": "active_bytes", "kbinact": "inactive_bytes"}
    around = collections.defaultdict(list)
    for sample in samples(lab, seen.begun - 2, seen.begun + SECONDS + 5):
        second = int(moment(sample["at"]))
        for other in (second - 1, second, second + 1):
            at = time.strftime("%H:%M:%S", time.localtime(other))
            around[at].append(sample["host"])
    slack = SLACK * seen.total
    for line in seen.real.rows:
        for column, name in ours.items():
            values = [host[name] // 1024 for host in around[line.time]]
            assert min(values) - slack <= int(line.values[column]) <= \
                max(values) + slack, (line.time, column)


def test_every_kill_of_the_storm_is_marked_once(seen, lab, tell):
    found = kills(lab, seen.begun - 1, seen.begun + SECONDS + 5)
    ids = [id_ for _, id_ in found]
    for table in (seen.table, seen.cgroup):
        marks = [line.mark for line in table.rows if line.mark]
        tell("kills, marks, marked lines",
             (len(found), table.kills, len(marks)))
        assert table.kills == len(found) > 0
        at = 0
        for mark in marks:
            assert mark.what == "OOM kill"
            assert mark.id in ids[at:at + 2]
            at += mark.count


def check_history(lab, begun, end, tell):
    """Each kill once, on the first line after it, and a line before it."""
    table = Table(lab.ask(f"/sar?from={iso(begun)}&to={iso(end)}").text)
    lines = line_moments(lab, table, begun, end)
    last = lines[-1]
    found = [(at, id_) for at, id_ in kills(lab, begun, end)
             if lines[0] < at <= last]
    marks = [line.mark for line in table.rows]
    before = lines[0]
    for at, mark in zip(lines[1:], marks[1:]):
        inside = [kill for kill in found if before < kill[0] <= at]
        assert (mark.count if mark else 0) == len(inside), (at, mark, inside)
        if mark:
            assert mark.id == inside[0][1]
        before = at
    gaps = [at - max(line for line in lines if line <= at)
            for at, _ in found]
    tell("kills; farthest from the line before, s",
         (len(found), round(max(gaps), 3)))
    assert max(gaps) <= NEAR_S + NEAR_MORE_S
    return table, found


def line_moments(lab, table, begun, end):
    """When each line's sample was taken: the first of /memory, from the
    line before on, that has its figures."""
    taken, rest = [], samples(lab, begun, end)
    for line in table.rows:
        while True:
            sample = rest.pop(0)
            at = time.localtime(int(moment(sample["at"])))
            if time.strftime("%H:%M:%S", at) == line.time and \
                    sample["host"]["free_bytes"] // 1024 == \
                    int(line.values["kbmemfree"]):
                taken.append(moment(sample["at"]))
                break
    return taken


def test_each_kill_has_a_line_at_most_a_second_before(seen, lab, tell):
    check_history(lab, seen.begun - 1, seen.begun + SECONDS, tell)


def test_history_says_what_was_followed(seen, lab):
    kept = Table(lab.ask(f"/sar?from={iso(seen.begun - 5)}").text)
    lines = [line for line in kept.rows if line in seen.table.rows]
    assert lines == seen.table.rows


def test_restarts_lose_no_line_and_no_mark(seen, lab):
    span = f"/sar?from={iso(seen.begun)}&to={iso(seen.begun + SECONDS)}"
    before = lab.ask(span).text
    assert Table(before).kills > 0
    for service in ("watch", "load", "watch"):
        restart(lab, service)
        assert lab.ask(span).text == before


def test_a_kill_while_the_watch_stood_still(seen, lab, tell):
    """Its sample is the one that the death brought with it."""
    assert seen
    begun = time.time()
    with Follower(lab, "follow=60s") as follower:
        follower.rows(2)
        watch, killed = lab.pid("watch"), lab.cgroup.oom_kills()
        os.kill(watch, signal.SIGSTOP)
        try:
            asked = [lab.later(STORM) for _ in range(3)]
            wait_until(lambda: lab.cgroup.oom_kills() > killed, 30, "a kill")
            stood = time.time()
            wait_until(lambda: time.time() > stood + 2.5, 10, "a gap", 0.1)
        finally:
            os.kill(watch, signal.SIGCONT)
        for future in asked:
            future.result()
        follower.rows(3)
        known = kills(lab, begun, time.time())
        assert known
        wait_until(lambda: Table(follower.text).kills >= len(known) or
                   follower.rows(1), 30, "the marks")
        assert Table(follower.text).kills == len(known)
    wait_until(lambda: samples(lab, known[-1][0] + 2, time.time()), 20,
               "later samples", 0.1)
    _, found = check_history(lab, begun - 1, time.time(), tell)
    assert found == known
