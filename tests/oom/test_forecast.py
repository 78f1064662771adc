# SPDX-License-Identifier: MIT
"""What /forecast foretold, and what then happened: at how many bytes the kill
comes, and who dies of it."""
import os
import subprocess

import pytest

from lab import IN_CGROUP, Lab
from loads import MIB, Load, calm
from memory_cgroup import MemoryCgroup
from processes import wait_until

pytestmark = pytest.mark.usefixtures("nothing_left")

SETTINGS = {"limit": "512M"}


def settled(lab):
    """Until the master's sample is what is in use."""
    wait_until(lambda: abs(lab.status()["limits"][0]["usage_bytes"] -
                           MemoryCgroup.of(lab.pid("load")).usage_bytes()) <
               2 * MIB, 5, "a sample of now", 0.01)


def foretold_and_happened(lab, query):
    settled(lab)
    before = lab.json(f"/forecast?{query}")
    assert before["fits"] is False
    after = lab.ask(f"/hold?{query}&format=json")
    assert after.status == 502, after.text
    assert after.json["verdict"] == "cgroup-oom"
    return before, after.json


def check_own_death(lab, tell, query, level="own"):
    before, after = foretold_and_happened(lab, query)
    ratio = before["kill_at_bytes"] / after["resident_bytes"]
    tell("foretold of what was resident", round(ratio, 4))
    assert 0.97 <= ratio <= 1.03
    first = before["victims"][0]
    assert (first["name"], first["pid"]) == ("oom:this", None)
    assert before["limit"]["level"] == after["limit"]["level"] == level
    assert before["limit"]["bytes"] == after["limit"]["bytes"]
    return before


def test_alone(lab, tell):
    check_own_death(lab, tell, "size=600M")


def test_beside_a_smaller_load_that_holds(lab, tell):
    load = Load(lab, "size=150M&for=60s")
    pid = load.held()["worker"]["pid"]
    before = check_own_death(lab, tell, "size=600M")
    assert before["victims"][1]["pid"] == pid
    assert load.now()["state"] == "holding"


def test_beside_a_larger_load_with_a_low_score(lab, tell):
    load = Load(lab, "size=280M&for=60s&score=0")
    load.held()
    check_own_death(lab, tell, "size=600M&kind=shm")
    assert load.now()["state"] == "holding"


def test_beside_clean_page_cache(lab, tell):
    name = f"/var/tmp/oomlab-clean-{os.getpid()}"
    try:
        with open(name, "wb") as file:
            file.write(bytes(150 * MIB))
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        subprocess.run(["bash", "-c", IN_CGROUP, "reader",
                        lab.cgroup.directory, "cat", name],
                       stdout=subprocess.DEVNULL, check=True)
        assert lab.cgroup.counter("file") > 135 * MIB
        check_own_death(lab, tell, "size=600M")
    finally:
        os.unlink(name)


def test_under_a_tighter_parent(tell):
    outer = MemoryCgroup.make(f"oomlab-parent-{os.getpid()}", 256 * MIB)
    try:
        leaf = outer.leaf("leaf")
        try:
            with Lab(cgroup=leaf, limit="none") as lab:
                check_own_death(lab, tell, "size=200%", "ancestor")
        finally:
            leaf.remove()
    finally:
        outer.remove()


def test_when_another_is_larger_the_other_is_foretold_and_dies(lab, tell):
    other = Load(lab, "size=350M&for=60s")
    pid = other.held()["worker"]["pid"]
    settled(lab)
    before = lab.json("/forecast?size=250M")
    first = before["victims"][0]
    assert (first["name"], first["pid"]) == (f"oom:{other.id[:8]}", pid)
    assert "another-dies" in {one["code"] for one in before["warnings"]}
    answer = lab.ask("/hold?size=250M&format=json")
    assert (answer.status, answer.json["outcome"]) == (200, "held")
    died = other.ended()
    assert died["outcome"] == "killed"
    tell("foretold RSS of the victim of its last",
         round(first["rss_bytes"] / died["resident_bytes"], 4))


def test_what_fits_is_foretold_to_fit_and_does(lab):
    settled(lab)
    before = lab.json("/forecast?size=90%")
    assert (before["fits"], before["kill_at_bytes"]) == (True, None)
    assert before["victims"] == []
    assert lab.ask("/hold?size=90%").status == 200


def test_a_forecast_goes_by_what_is_free_at_that_moment(lab):
    """Not by a sample of before the load that has just ended."""
    for _ in range(5):
        load = Load(lab, "size=300M&for=60s")
        load.held()
        assert lab.json("/forecast?size=300M")["fits"] is False
        assert load.release().status == 204
        assert lab.json("/forecast?size=300M")["fits"] is True


def test_a_forecast_takes_nothing(lab):
    before = calm(lab)
    for _ in range(20):
        lab.json("/forecast?size=10000%")
    assert lab.cgroup.usage_bytes() - before < MIB
    assert lab.status()["pool"]["busy"] == 0
