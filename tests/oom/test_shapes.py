# SPDX-License-Identifier: MIT
"""The shape of a load in time, read from the kernel and from /loads/ID: its
growth, its hold, what it is filled with, how hot it is kept."""
import os
import re
import shutil
import subprocess
import time
import zlib

import pytest

import processes
from client import Repeated
from loads import MIB, Load
from processes import wait_until

pytestmark = pytest.mark.usefixtures("nothing_left")

SETTINGS = {"limit": "512M"}
CI = os.environ.get("CI") == "true"
RATE, FIRST, SIZE = 50 * MIB, 100 * MIB, 400 * MIB
PAIR_S = 5 if CI else 20   # two that do not fit together
HOLD_S = 10 if CI else 60  # one, for what it costs
MOST_PERCENT = 10  # of a core: 1, ten times wider
SURE_S = 0.05              # a reading that took longer has no moment
READ = 32 * MIB            # of random bytes
HOT_S = 30                 # a touch each second, loaded machine


def slopes(points):
    """Bytes per second over every 2 s of (second, bytes)."""
    found = []
    for at, count in points:
        later = [one for one in points if one[0] >= at + 2]
        if later:
            found.append((later[0][1] - count) / (later[0][0] - at))
    return found


def test_growth_at_a_rate_is_a_straight_line(lab, tell):
    load = Load(lab, "size=400M&rate=50M/s&first=100M&for=60s")
    pid = load.told["worker"]["pid"]

    def look():
        """(how far from, second, state, bytes told, second, RSS)"""
        asked = time.monotonic()
        now = load.now()
        told = time.monotonic()
        rss = processes.rss_bytes(pid)
        known = time.monotonic()
        return known - asked, (asked + told) / 2, now["state"], \
            now["resident_bytes"], (told + known) / 2, rss
    with Repeated(look, 0.2) as looks:
        wait_until(lambda: load.now()["state"] == "holding", 60, "the end")
    growing = [one for one in looks.seen
               if one[2] == "growing" and (one[3] or 0) >= FIRST]
    timed = [one for one in growing if one[0] < SURE_S]
    told = slopes([(one[1], one[3]) for one in timed])
    seen = slopes([(one[4], one[5]) for one in timed])
    tell("readings, those with a moment that is known",
         (len(growing), len(timed)))
    tell("MiB/s over any 2 s by /loads/ID, least and most",
         (round(min(told) / MIB, 2), round(max(told) / MIB, 2)))
    tell("the same by the worker's RSS",
         (round(min(seen) / MIB, 2), round(max(seen) / MIB, 2)))
    assert len(told) >= 10
    assert all(abs(one - RATE) < RATE / 10 for one in told + seen)
    assert growing[0][5] >= FIRST
    took = load.now()["grow_seconds"]
    tell("grown in, of 6 s", took)
    assert abs(took - (SIZE - FIRST) / RATE) < 0.6


def test_of_two_that_do_not_fit_exactly_one_is_killed(lab, tell):
    kills = lab.cgroup.oom_kills()
    asked = [lab.later(f"/hold?size=300M&for={PAIR_S}s&format=json")
             for _ in range(2)]
    killed, held = sorted((one.result() for one in asked),
                          key=lambda one: -one.status)
    assert (killed.status, held.status) == (502, 200)
    assert (killed.json["outcome"], held.json["outcome"]) == \
        ("killed", "held")
    assert killed.json["verdict"] == "cgroup-oom"
    tell("held, s", held.json["held_seconds"])
    assert held.json["held_seconds"] >= PAIR_S
    assert held.seconds >= PAIR_S
    assert held.json["resident_bytes"] == 300 * MIB
    # The larger one dies, which may be the one that is there already.
    assert killed.json["resident_bytes"] <= 300 * MIB
    for one in (killed, held):
        assert one.json["id"] == one.id
    assert killed.json["worker"]["pid"] != held.json["worker"]["pid"]
    assert lab.cgroup.oom_kills() == kills + 1


def test_a_hold_costs_little_of_a_core(lab, tell):
    load = Load(lab, f"size=256M&for={HOLD_S + 30}s")
    pids = {"worker": load.held()["worker"]["pid"],
            "master": lab.pid("load")}
    before = {who: processes.cpu_seconds(pid) for who, pid in pids.items()}
    begun = time.monotonic()
    wait_until(lambda: time.monotonic() - begun >= HOLD_S, HOLD_S + 10,
               "its time", 0.5)
    took = time.monotonic() - begun
    cost = {who: 100 * (processes.cpu_seconds(pid) - before[who]) / took
            for who, pid in pids.items()}
    tell("percent of a core", {who: round(one, 3)
                               for who, one in cost.items()})
    assert load.now()["state"] == "holding"
    assert sum(cost.values()) < MOST_PERCENT


def memory_of(pid, count):
    """count bytes of the mapping that has most of them in memory."""
    text = processes.read(f"/proc/{pid}/smaps")
    found = re.findall(
        r"^([0-9a-f]+)-([0-9a-f]+) .*\n(?:[^-\n]*\n)*?Rss: +(\d+) kB",
        text, re.M)
    begin, _, _ = max(found, key=lambda one: int(one[2]))
    with open(f"/proc/{pid}/mem", "rb") as file:
        file.seek(int(begin, 16) + MIB)
        return file.read(count)


@pytest.mark.parametrize("kind", ["anon", "huge", "rows", "shm"])
def test_random_filling_does_not_compress(lab, tell, kind):
    load = Load(lab, f"size=64M&kind={kind}&fill=random&for=60s")
    data = memory_of(load.held()["worker"]["pid"], READ)
    assert len(data) == READ
    shares = {"zlib": len(zlib.compress(data, 1)) / READ}
    if shutil.which("zstd"):
        out = subprocess.run(["zstd", "-q", "-3", "--long=27", "-c"],
                             input=data, stdout=subprocess.PIPE, check=True)
        shares["zstd"] = len(out.stdout) / READ
    tell("compressed to", {who: round(one, 4) for who, one in shares.items()})
    assert all(one > 0.99 for one in shares.values())
    pages = {data[at:at + 4096] for at in range(0, READ, 4096)}
    assert len(pages) == READ // 4096, "pages that are alike"


def test_zero_filling_is_zero(lab):
    load = Load(lab, "size=64M&for=60s")
    data = memory_of(load.held()["worker"]["pid"], READ)
    assert len(zlib.compress(data, 1)) < READ // 50


def referenced(pid):
    return sum(int(count) << 10 for count in re.findall(
        r"^Referenced: +(\d+) kB", processes.read(f"/proc/{pid}/smaps"),
        re.M))


def forget_references(pid):
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("1")


def test_what_is_touched_stays_hot_and_what_is_not_does_not(lab, tell):
    hot, cold = (
        Load(lab, f"size=64M&for=60s{touch}").held()["worker"]["pid"]
        for touch in ("&touch=1s", ""))
    took = []
    for _ in range(3):
        forget_references(hot)
        forget_references(cold)
        begun = time.monotonic()
        wait_until(lambda: referenced(hot) >= 64 * MIB, HOT_S,
                   lambda: f"64 MiB referenced, but {referenced(hot)}", 0.02)
        took.append(round(time.monotonic() - begun, 2))
        assert referenced(cold) < 4 * MIB
    tell("all referenced again after, s, of 1", took)


@pytest.mark.parametrize("score", [300, 0, 1000])
def test_a_score_is_the_workers_own(lab, score):
    load = Load(lab, f"size=1M&score={score}&for=60s")
    shown = load.held()
    pid = shown["worker"]["pid"]
    assert int(processes.read(f"/proc/{pid}/oom_score_adj")) == score
    assert shown["oom_score_adj"] == score


def test_a_score_that_is_not_to_be_had_is_422_or_read_back(lab):
    answer = lab.ask("/hold?size=1M&score=-1000&format=json")
    if answer.status == 422:
        assert "score" in answer.json["detail"]
    else:
        assert answer.json["oom_score_adj"] == -1000
