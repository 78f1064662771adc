# SPDX-License-Identifier: MIT
"""With swap to be had, what does not fit into the limit is swapped out: held,
and told how much."""
import pytest

SETTINGS = {"limit": "256M"}
LIMIT_BYTES = 256 << 20


@pytest.fixture(autouse=True)
def swap(lab):
    lab.cgroup.write("memory.swap.max", "max")


def test_more_than_the_limit_is_held_and_its_swap_told(lab, tell):
    kills = lab.cgroup.oom_kills()
    answer = lab.ask("/hold?size=320M&for=1s&format=json")
    assert answer.status == 200, answer.text
    said = answer.json
    tell("resident, swapped, MiB", (said["resident_bytes"] >> 20,
                                    said["swapped_bytes"] >> 20))
    assert said["outcome"] == "held", answer.text
    assert said["swapped_bytes"] >= 64 << 20
    assert said["resident_bytes"] <= LIMIT_BYTES
    assert said["resident_bytes"] + said["swapped_bytes"] >= 320 << 20
    assert lab.cgroup.oom_kills() == kills


def test_the_forecast_says_that_swap_absorbs_it(lab):
    said = lab.json("/forecast?size=320M")
    assert said["fits"] is True, said
    assert "swap" in {one["code"] for one in said["warnings"]}, said


def test_more_than_limit_and_swap_is_killed(lab):
    answer = lab.ask("/hold?size=900M&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    assert (said["verdict"], said["certainty"]) == ("cgroup-oom", "proven"), \
        answer.text
    assert said["limit"]["level"] == "own"
