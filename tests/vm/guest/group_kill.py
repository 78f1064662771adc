# SPDX-License-Identifier: MIT
"""memory.oom.group: a kill at the cgroup's limit takes load's master and all
workers. Whoever waited reads what it was, and load is started again."""
import pytest

from processes import wait_until

pytestmark = pytest.mark.unweighed  # another master each time

SETTINGS = {"limit": "256M"}
LIMIT_BYTES = 256 << 20
TIMES = 3


@pytest.fixture(autouse=True)
def group(lab):
    lab.cgroup.write("memory.oom.group", 1)
    wait_until(lambda: lab.ask("/readyz").status == 200, 30, "load")


def is_right(said):
    assert (said["verdict"], said["certainty"]) == ("group-oom", "proven"), \
        said
    assert (said["limit"]["level"], said["limit"]["bytes"]) == \
        ("own", LIMIT_BYTES), said


def test_status_and_forecast_warn_of_it(lab):
    for path in "/status", "/forecast?size=200%":
        assert "oom-group" in {one["code"]
                               for one in lab.json(path)["warnings"]}, path


@pytest.mark.parametrize("_", range(TIMES))
def test_its_client_reads_a_group_kill(lab, tell, _):
    master = lab.pid("load")
    answer = lab.ask("/hold?size=200%&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    is_right(said)
    assert said["id"] == answer.id
    tell("resident, of the limit",
         round(said["resident_bytes"] / LIMIT_BYTES, 3))
    moved = {row["source"]: row["after"] - row["before"]
             for row in said["evidence"] if row["before"] is not None}
    assert moved[f"{lab.cgroup.directory}/memory.events.local "
                 "oom_group_kill"] == 1
    wait_until(lambda: lab.ask("/readyz").status == 200, 30, "load again")
    assert lab.pid("load") != master
    is_right(lab.json(f"/events/{answer.id}"))


def test_who_only_held_reads_it_too(lab):
    waiting = lab.later("/hold?size=32M&for=60s&score=0&format=json")
    wait_until(lambda: [one for one in lab.json("/loads")["loads"]
                        if one["state"] == "holding"], 30, "a hold")
    lab.ask("/hold?size=200%&format=json")
    answer = waiting.result(30)
    assert answer.status == 502, answer.text
    is_right(answer.json)


def test_in_the_background_it_is_an_event(lab):
    sent = lab.ask("/loads?size=200%&format=json", "POST")
    assert sent.status == 202, sent.text
    event = wait_until(
        lambda: (now := lab.ask(f"/events/{sent.id}?format=json")).status ==
        200 and now.json, 30, "its event")
    is_right(event)
