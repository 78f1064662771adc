# SPDX-License-Identifier: MIT
"""memory.high at half of what is asked for. The kernel then holds the worker
up inside its calls, and the master has to end what does not end by itself: a
load that is not there in time, that is released, whose client hangs up. What
was so ended reads as what it was, and everybody else is answered meanwhile."""
import time

import pytest

from client import Repeated
from processes import wait_until

pytestmark = pytest.mark.unweighed  # /events and /loads grow with each

SETTINGS = {"limit": "600M"}
HIGH_BYTES = 200 << 20
SIZE = "size=400M&format=json"
WITHIN_S = 5
ENDED_S = 2      # by the master's hand, after that
SLACK_S = 2      # emulated, on a machine that has other work
HEALTH_S = 0.1   # between two questions
HEALTH_MOST_S = 1
TIMES = 3
JSON = {"Accept": "application/json"}
# Far below what is held already the kernel holds each call up for 2 s at a
# time, and the only way out is the master's.
TINY_BYTES = 4 << 20
STILL_BYTES = 2 << 20
STUCK = "size=400M&kind=huge&rate=100M/s&format=json"


@pytest.fixture(autouse=True)
def high(lab):
    lab.cgroup.write("memory.high", HIGH_BYTES)


@pytest.fixture(autouse=True)
def healthy(lab, tell):
    """Alive, and telling of its loads, as long as each test lasts."""
    with Repeated(lambda: lab.ask("/healthz"), HEALTH_S) as health, \
            Repeated(lambda: lab.ask("/loads", headers=JSON), HEALTH_S) \
            as loads:
        yield
    for what, asked in ("healthz", health.seen), ("loads", loads.seen):
        took = [answer.seconds for answer in asked]
        tell(f"{what}: asked, most seconds", (len(took), round(max(took), 3)))
        assert {answer.status for answer in asked} == {200}
        assert max(took) < HEALTH_MOST_S


def held_up(lab):
    """Until the usage has not moved by much for a second."""
    since, bytes_then = time.monotonic(), lab.cgroup.usage_bytes()

    def is_still():
        nonlocal since, bytes_then
        now = lab.cgroup.usage_bytes()
        if abs(now - bytes_then) > STILL_BYTES:
            since, bytes_then = time.monotonic(), now
        return time.monotonic() - since > 1
    wait_until(is_still, 30, "a load that is held up")


def full(lab):
    """The cgroup is where the kernel begins to hold it up."""
    wait_until(lambda: lab.cgroup.usage_bytes() > 0.97 * HIGH_BYTES, 30,
               "a load that meets memory.high")
    load = under_way(lab)
    held_up(lab)
    return load


def free(lab):
    wait_until(lambda: lab.cgroup.usage_bytes() < HIGH_BYTES / 4, ENDED_S,
               lambda: f"free memory, not {lab.cgroup.usage_bytes()}")


def under_way(lab):
    return wait_until(lambda: [one["id"] for one in lab.json("/loads")["loads"]
                               if one["state"] == "growing"], 10,
                      "a load under way")[0]


def test_what_is_not_there_in_time_is_stalled(lab, tell):
    master = lab.pid("load")
    answer = lab.ask(f"/hold?{SIZE}&within={WITHIN_S}s")
    tell("stalled after, s", round(answer.seconds, 2))
    assert answer.status == 503, answer.text
    said = answer.json
    assert said["outcome"] == "stalled", answer.text
    assert said["id"] == answer.id
    assert said["limit"]["high_bytes"] == HIGH_BYTES
    tell("resident of it", said["resident_bytes"])
    assert 0.8 * HIGH_BYTES < said["resident_bytes"] < 2 * HIGH_BYTES
    assert WITHIN_S <= answer.seconds < WITHIN_S + ENDED_S + SLACK_S
    free(lab)
    assert lab.json(f"/loads/{answer.id}")["outcome"] == "stalled"
    assert lab.json(f"/events/{answer.id}")["outcome"] == "stalled"
    assert lab.pid("load") == master


@pytest.mark.parametrize("_", range(TIMES))
def test_in_the_background_it_is_released(lab, tell, _):
    sent = lab.ask(f"/loads?{SIZE}&for=60s", "POST")
    assert sent.status == 202, sent.text
    full(lab)
    answer = lab.ask(f"/loads/{sent.id}", "DELETE", JSON)
    tell("released after, s", round(answer.seconds, 2))
    assert answer.status == 204, answer.text
    assert answer.seconds < ENDED_S + SLACK_S
    free(lab)
    assert lab.json(f"/loads/{sent.id}")["outcome"] == "released"
    assert lab.ask(f"/loads/{sent.id}", "DELETE", JSON).status == 410


def test_who_waits_for_it_reads_that_it_was_released(lab, tell):
    future = lab.later(f"/hold?{SIZE}&for=60s")
    full(lab)
    deleted = lab.ask("/loads", "DELETE", JSON)
    tell("released after, s", round(deleted.seconds, 2))
    assert (deleted.status, deleted.json["released"]) == (200, 1)
    assert deleted.seconds < ENDED_S + SLACK_S
    answer = future.result(SLACK_S)
    assert answer.status == 200, answer.text
    assert answer.json["outcome"] == "released", answer.text
    free(lab)


def hang_up(lab, query, until, tell):
    with lab.connect() as client:
        client.sendall(f"GET /hold?{query} HTTP/1.1\r\n"
                       "Host: localhost\r\n\r\n".encode())
        load = until(lab)
    began = time.monotonic()
    said = wait_until(
        lambda: (now := lab.json(f"/loads/{load}"))["state"] == "ended" and
        now, ENDED_S + SLACK_S, "its end")
    tell("disconnected after, s", round(time.monotonic() - began, 2))
    assert said["outcome"] == "disconnected", said
    free(lab)
    assert lab.json(f"/events/{load}")["outcome"] == "disconnected"


@pytest.mark.parametrize("_", range(TIMES))
def test_a_client_that_hangs_up_is_disconnected(lab, tell, _):
    hang_up(lab, SIZE, full, tell)


def stuck(lab):
    """A load that is under way, now inside the kernel for good."""
    load = under_way(lab)
    wait_until(lambda: lab.cgroup.usage_bytes() > HIGH_BYTES / 2, 10,
               "half of it")
    lab.cgroup.write("memory.high", TINY_BYTES)
    held_up(lab)
    return load


def test_the_master_ends_who_is_stuck_and_past_its_time(lab, tell):
    future = lab.later(f"/hold?{STUCK}&within={WITHIN_S}s")
    stuck(lab)
    answer = future.result(WITHIN_S + ENDED_S + SLACK_S)
    tell("stalled after, s", round(answer.seconds, 2))
    assert (answer.status, answer.json["outcome"]) == (503, "stalled"), \
        answer.text
    # The kernel lets go of it every 2 s: it may end itself just before.
    tell("by the master's hand", "master had to end it" in
         answer.json["detail"])
    assert WITHIN_S <= answer.seconds < WITHIN_S + ENDED_S + SLACK_S
    free(lab)


def test_the_master_ends_who_is_stuck_and_released(lab, tell):
    future = lab.later(f"/hold?{STUCK}&for=60s")
    load = stuck(lab)
    deleted = lab.ask(f"/loads/{load}", "DELETE", JSON)
    tell("released after, s", round(deleted.seconds, 2))
    assert deleted.status == 204, deleted.text
    assert deleted.seconds < ENDED_S + SLACK_S
    answer = future.result(SLACK_S)
    assert (answer.status, answer.json["outcome"]) == (200, "released"), \
        answer.text
    free(lab)


def test_the_master_ends_who_is_stuck_and_alone(lab, tell):
    hang_up(lab, STUCK, stuck, tell)


def test_no_end_is_called_a_kill(lab):
    kinds = {(event["kind"], event["outcome"])
             for event in lab.json("/events")["events"]}
    assert kinds <= {("ended", "stalled"), ("ended", "disconnected"),
                     ("restart", None)}, kinds
    assert lab.cgroup.oom_kills() == 0


def test_what_stays_below_is_held(lab):
    answer = lab.ask("/hold?size=100M&format=json")
    assert (answer.status, answer.json["outcome"]) == (200, "held")
