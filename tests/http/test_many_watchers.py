# SPDX-License-Identifier: MIT
"""Eight who follow /sar and twenty dashboards, while a load grows: whoever
asks whether the service is alive notices nothing."""
import contextlib
import statistics
import time

import pytest

import processes
from client import Repeated
from loads import Load
from processes import wait_until
from samples import samples
from sar_table import Follower

pytestmark = pytest.mark.unweighed

FOLLOWERS, DASHBOARDS = 8, 20
SECONDS = 8
HEALTH_S = 0.02      # between two questions
HEALTH_P99_S = 0.5   # 50 ms, ten times wider
WATCH_BYTES = 64 << 20


class Dashboard:
    """Asks as the page does, one question after another, a turn a second."""

    def __init__(self, lab):
        self.lab, self.turn = lab, 0
        self.since = samples(lab)[-1]["at"]

    def __call__(self):
        found = samples(self.lab, f"from={self.since}")
        self.since = found[-1]["at"]
        self.lab.json("/loads?state=busy")
        if self.turn % 5 == 0:
            self.lab.json("/status")
            self.lab.json("/events?limit=20")
        self.turn += 1
        return len(found)


def test_health_is_unharmed_by_all_who_look(lab, tell):
    wait_until(lambda: samples(lab), 10, "a sample")
    followers = [Follower(lab, f"follow={SECONDS + 4}s")
                 for _ in range(FOLLOWERS)]
    load = Load(lab, "size=800M&rate=80M/s&for=1m")
    pid = lab.pid("watch")
    before, begun = processes.cpu_seconds(pid), time.monotonic()
    with contextlib.ExitStack() as stack:
        boards = [stack.enter_context(Repeated(Dashboard(lab), 1))
                  for _ in range(DASHBOARDS)]
        health = stack.enter_context(Repeated(
            lambda: lab.ask("/healthz"), HEALTH_S))
        followers[0].rows(SECONDS)
    spent = (processes.cpu_seconds(pid) - before) / (time.monotonic() - begun)
    took = [answer.seconds for answer in health.seen]
    p99 = statistics.quantiles(took, n=100)[98]
    tell("healthz: asked, p99 and most, ms",
         (len(took), round(1000 * p99, 1), round(1000 * max(took), 1)))
    tell("the watch's share of a core", round(spent, 3))
    tell("turns of the dashboards, samples", (
        sum(len(board.seen) for board in boards),
        sum(sum(board.seen) for board in boards)))
    assert {answer.status for answer in health.seen} == {200}
    assert p99 < HEALTH_P99_S
    assert all(len(board.seen) >= SECONDS // 4 for board in boards)
    assert processes.rss_bytes(pid) < WATCH_BYTES
    assert load.release().status == 204
    for follower in followers:
        follower.rest()
