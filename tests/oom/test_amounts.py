# SPDX-License-Identifier: MIT
"""The amount that was asked for, by the kernel's own count: a share of the
limit, a share of a parent's limit, all but what is left, and too much."""
import os
import statistics
import subprocess

import pytest

from client import Repeated
from lab import IN_CGROUP, Lab
from loads import MIB, Load, calm
from memory_cgroup import MemoryCgroup
from processes import wait_until

SETTINGS = {"limit": "512M"}
LIMIT = 512 * MIB
GONE_S = 20        # 2 s, ten times wider
LEAVE = 32 * MIB
STEP = 8 * MIB     # by which growth may come nearer than was asked
CACHE = 150 * MIB


@pytest.fixture(autouse=True)
def nothing_left(lab):
    calm(lab)
    yield
    calm(lab)


def test_half_of_the_limit_is_flat_for_its_time_and_gone_after(lab, tell):
    before = lab.cgroup.counter("anon")
    with Repeated(lambda: lab.cgroup.counter("anon") - before, 0.05) as looks:
        load = Load(lab, "size=50%&for=10s")
        assert load.told["requested_bytes"] == LIMIT // 2
        load.held()
        from_here = len(looks.seen) + 1
        while load.now()["state"] == "holding":
            to_here = len(looks.seen) - 1
    ended = load.ended()
    flat = looks.seen[from_here:to_here]
    tell("samples; least and most of 256 MiB; standard deviation, %",
         (len(flat), *(round(100 * value / (LIMIT // 2), 3) for value in (
             min(flat), max(flat), statistics.pstdev(flat)))))
    assert ended["outcome"] == "held"
    assert len(flat) > 100
    assert all(abs(one - LIMIT // 2) < LIMIT // 200 for one in flat)
    assert statistics.pstdev(flat) < LIMIT // 200
    wait_until(lambda: lab.cgroup.counter("anon") < before + 4 * MIB, GONE_S,
               "the memory gone")


def test_half_in_a_leaf_without_limit_is_half_of_its_parents():
    outer = MemoryCgroup.make(f"oomlab-parent-{os.getpid()}", 256 * MIB)
    try:
        leaf = outer.leaf("leaf")
        try:
            with Lab(cgroup=leaf, limit="none") as lab:
                told = lab.ask("/hold?size=50%&format=json")
                limit = told.json["limit"]
                assert told.status == 200, told.text
                assert told.json["requested_bytes"] == 128 * MIB
                assert (limit["bytes"], limit["level"]) == \
                    (256 * MIB, "ancestor")
                assert outer.directory.endswith(limit["path"])
                assert limit["source"].startswith(outer.directory)
                told = lab.ask("/hold?size=150%&format=json").json
                assert told["verdict"] == "cgroup-oom"
                assert told["limit"]["level"] == "ancestor"
        finally:
            leaf.remove()
    finally:
        outer.remove()


def check_left(lab, load):
    """Bytes of headroom while it holds."""
    shown = load.held()
    left = LIMIT - lab.cgroup.usage_bytes()
    assert load.release().status == 204
    assert shown["resident_bytes"] > LIMIT - LEAVE - 24 * MIB
    return left


def test_what_is_to_be_left_is_left_ten_times_of_ten(lab, tell):
    kills, left = lab.cgroup.oom_kills(), []
    for _ in range(10):
        answer = lab.ask("/hold?size=600M&leave=32M&format=json")
        assert answer.status == 200, answer.text
        assert answer.json["outcome"] == "left"
        calm(lab)
        left.append(check_left(lab, Load(lab, "size=600M&leave=32M&for=60s")))
        calm(lab)
    tell("left, MiB, of 32", sorted(round(one / MIB, 1) for one in left))
    assert all(LEAVE - STEP < one < LEAVE + STEP for one in left)
    assert lab.cgroup.oom_kills() == kills


@pytest.fixture
def cached(lab, tmp_path_factory):
    """Reads 150 MiB of a file into the page cache of the lab's cgroup."""
    name = f"/var/tmp/oomlab-cache-{os.getpid()}"
    with open(name, "wb") as file:
        file.write(bytes(CACHE))
        os.fsync(file.fileno())

    def read():
        with open(name, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        subprocess.run(["bash", "-c", IN_CGROUP, "reader",
                        lab.cgroup.directory, "cat", name],
                       stdout=subprocess.DEVNULL, check=True)
        assert lab.cgroup.counter("file") > 0.9 * CACHE
    yield read
    os.unlink(name)


def test_clean_page_cache_is_reclaimed_before_anything_is_left(
        lab, tell, cached):
    kills, left = lab.cgroup.oom_kills(), []
    for _ in range(10):
        cached()
        answer = lab.ask("/hold?size=600M&leave=32M&format=json")
        assert answer.status == 200, answer.text
        told = answer.json
        assert told["outcome"] == "left"
        left.append(LIMIT - told["resident_bytes"])
    tell("limit less resident, MiB", sorted(one // MIB for one in left))
    assert all(one < LEAVE + 24 * MIB for one in left)
    assert lab.cgroup.oom_kills() == kills


def test_too_much_is_told_by_how_much_was_there(lab, tell):
    shares = []
    for _ in range(5):
        answer = lab.ask("/hold?size=600M&format=json")
        assert answer.status == 502
        assert answer.json["verdict"] == "cgroup-oom"
        assert answer.json["certainty"] == "proven"
        shares.append(answer.json["resident_bytes"] / LIMIT)
    tell("resident at the kill, of the limit",
         [round(one, 3) for one in shares])
    assert all(0.95 <= one <= 1 for one in shares)


def test_a_background_load_that_is_killed_reads_so_with_its_event(lab):
    load = Load(lab, "size=600M&for=60s")
    ended = load.ended()
    assert ended["outcome"] == "killed"
    assert ended["event"] == f"/events/{load.id}"
    event = lab.json(ended["event"])
    assert (event["verdict"], event["certainty"]) == ("cgroup-oom", "proven")
    assert event["id"] == load.id
    assert load.release().status == 410
