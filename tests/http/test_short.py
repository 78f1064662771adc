# SPDX-License-Identifier: MIT
"""What the kernel refuses is told as `short`, with what was got and why; it
is never a kill."""
import re

import pytest

import processes
from lab import Lab
from loads import MIB

SPACE_KIB = 1 << 20  # 1 GiB of addresses for every process


@pytest.fixture(scope="module")
def lab():
    with Lab(before=f"ulimit -v {SPACE_KIB}") as one:
        one.ask("/?rows=0")
        yield one


@pytest.mark.parametrize("kind", ["anon", "huge", "rows", "shm", "pagetable"])
def test_beyond_ulimit_v_a_load_is_short_and_not_killed(lab, tell, kind):
    size = "8G" if kind == "pagetable" else "1536M"
    answer = lab.ask(f"/hold?size={size}&kind={kind}&format=json")
    told = answer.json
    assert (answer.status, told["outcome"]) == (507, "short"), answer.text
    tell("got, reason", (told["resident_bytes"], told["reason"]))
    assert told["requested_bytes"] >= 1536 * MIB
    assert 0 <= told["resident_bytes"] < SPACE_KIB << 10
    assert "RLIMIT_AS" in told["reason"]
    event = lab.json(told["event"])
    assert event["outcome"] == "short"


def test_within_ulimit_v_a_load_is_held(lab):
    answer = lab.ask("/hold?size=64M&format=json")
    assert (answer.status, answer.json["outcome"]) == (200, "held")


def test_the_limit_is_really_there(lab):
    limits = processes.read(f"/proc/{lab.workers()[0]}/limits")
    assert re.search(rf"^Max address space +{SPACE_KIB << 10} ", limits,
                     re.M)


def test_a_kind_is_short_and_names_its_quota(lab):
    answer = lab.ask("/hold?size=1G&kind=locked&format=json")
    assert (answer.status, answer.json["outcome"]) == (507, "short")
    assert "RLIMIT_" in answer.json["reason"]
