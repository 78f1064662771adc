# SPDX-License-Identifier: MIT
"""vm.overcommit_memory=2: the kernel refuses what it could not back, so a load
is short of it and nobody is killed."""
import pytest

from processes import read

SETTINGS = {"limit": "none", "guard": "off"}
MODE = "/proc/sys/vm/overcommit_memory"


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


@pytest.fixture(scope="module", autouse=True)
def strict(lab):
    before = read(MODE)
    write(MODE, "2")
    yield
    write(MODE, before)


@pytest.mark.parametrize("kind", ["anon", "huge", "rows", "shm"])
def test_what_cannot_be_backed_is_short(lab, tell, kind):
    master = lab.pid("load")
    answer = lab.ask(f"/hold?size=8G&kind={kind}&format=json")
    said = answer.json
    tell("got, reason", (said.get("resident_bytes"), said.get("reason")))
    assert (answer.status, said["outcome"]) == (507, "short"), answer.text
    assert said["requested_bytes"] >= 8 << 30  # whole rows
    assert said["reason"], answer.text
    assert lab.pid("load") == master
    assert lab.ask("/?rows=1000").status == 200


def test_nobody_was_killed(lab):
    assert {one["kind"] for one in lab.json("/events")["events"]} <= {"ended"}
