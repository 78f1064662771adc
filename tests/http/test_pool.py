# SPDX-License-Identifier: MIT
"""The pool: bounded, elastic, and never a request lost."""
import collections
import concurrent.futures
import http.client
import os
import signal

import pytest

from client import ACCEPT, PROBLEM, Repeated
from lab import Lab
from processes import wait_until

BUSY_S = 1.0   # 100 ms, ten times wider
IDLE_S = 60    # a surplus idle worker's life
REQUESTS = 10000
# At once, and how many: they add up to REQUESTS.
WAVES = [(1, 200), (64, 2000), (8, 800), (32, 1500), (2, 500), (64, 2500),
         (16, 1500), (48, 1000)]


@pytest.fixture(scope="module")
def full():
    """A lab of four places, each taken by a load that stands still."""
    with Lab(max=4) as one:
        taken = [one.pause("/?rows=400000") for _ in range(4)]
        yield one
        for paused in taken:
            paused.go_on()
        for paused in taken:
            answer = paused.future.result()
            # A load that stands still past its time is ended as stalled.
            assert answer.status == 200 or \
                answer.json["outcome"] == "stalled"


def test_a_full_pool_says_busy_at_once(full, tell):
    slowest = 0
    for _ in range(10):
        answer = full.ask("/?rows=1&format=json")
        assert answer.status == 503
        assert answer.json["outcome"] == "busy"
        assert int(answer.headers["Retry-After"]) > 0
        slowest = max(slowest, answer.seconds)
    tell("slowest busy, ms", round(slowest * 1000, 1))
    assert slowest < BUSY_S


@pytest.mark.parametrize("form", ACCEPT)
def test_busy_comes_in_every_format(full, form):
    answer = full.ask("/?rows=1", headers={"Accept": ACCEPT[form]})
    assert (answer.status, answer.type) == (503, PROBLEM[form])
    assert "usy" in answer.text


def test_a_busy_request_is_never_run(full):
    answer = full.ask("/?rows=1&format=json")
    assert answer.json["id"] == answer.id
    assert answer.id not in {
        load["id"] for load in full.json("/loads")["loads"]}
    assert full.ask(f"/loads/{answer.id}").status == 404
    status = full.status()
    assert status["pool"]["busy"] == 4
    assert len([one for one in status["workers"]
                if one["state"] == "growing"]) == 4


def test_a_hundred_at_once_find_a_full_pool_busy(full):
    answers = full.storm(100, "/?rows=1").wait()
    assert collections.Counter(answer and answer.status
                               for answer in answers) == {503: 100}


def test_a_full_pool_is_alive_and_not_ready(full):
    assert full.ask("/healthz").status == 200
    answer = full.ask("/readyz?format=json")
    assert answer.status == 503
    assert "busy" in answer.json["detail"]


def test_a_place_that_is_free_again_is_given_away(new_lab):
    lab = new_lab(max=1).start()
    paused = lab.pause()
    assert lab.ask("/?rows=1").status == 503
    paused.go_on()
    assert paused.future.result().status == 200
    wait_until(lambda: lab.ask("/?rows=1").status == 200, 5, "a free place")
    assert lab.ask("/readyz").status == 200


def serve(lab, count):
    """One client's requests, one after the other on one connection; how
    often each status came, None for none."""
    seen = collections.Counter()
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=60)
    for _ in range(count):
        try:
            connection.request("GET", "/?rows=0&format=text")
            response = connection.getresponse()
            assert response.read().startswith(b"Current Memory Usage")
            seen[response.status] += 1
        except (OSError, http.client.HTTPException, AssertionError):
            seen[None] += 1
            connection.close()
    connection.close()
    return seen


def waves(lab, numbers):
    seen = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(64) as threads:
        for at_once, count in numbers:
            shares = [count // at_once + (i < count % at_once)
                      for i in range(at_once)]
            for one in threads.map(lambda n: serve(lab, n), shares):
                seen += one
    return seen


@pytest.fixture(scope="session")
def grown():
    """A lab whose pool has grown, and what is seen of it twice a second,
    while others run and its surplus idles: a request's status, how many
    workers there are."""
    with Lab() as one:
        assert waves(one, [(64, 640)]) == {200: 640}
        with Repeated(lambda: (one.ask("/?rows=0").status,
                               len(one.workers())), 0.5) as looks:
            yield one, looks


@pytest.mark.first
def test_the_pool_grows_with_what_is_asked(grown, tell):
    pool = grown[0].status()["pool"]
    tell("workers after 64 at once", pool["idle"] + pool["busy"])
    assert pool["idle"] + pool["busy"] > 2 * pool["spare"]


def test_no_request_of_ten_thousand_is_lost(lab, tell):
    assert sum(count for _, count in WAVES) == REQUESTS
    with_most = max(at_once for at_once, _ in WAVES)
    seen = waves(lab, WAVES)
    pool = lab.status()["pool"]
    tell("workers at most", pool["peak_busy"])
    assert seen == {200: REQUESTS}
    assert pool["peak_busy"] <= with_most
    assert pool["forks"] > pool["peak_busy"]


def test_a_worker_killed_while_idle_is_replaced(lab):
    before = lab.workers()
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: before[0] not in lab.workers(), 5, "its end")
    wait_until(lambda: lab.status()["pool"]["idle"] >= 2, 5, "a new one")
    assert lab.ask("/?rows=0").status == 200


@pytest.mark.last
def test_the_surplus_retires_and_no_request_is_lost(grown, tell):
    lab, looks = grown
    most = wait_until(lambda: looks.seen, 5, "a look")[0][1]
    wait_until(lambda: looks.seen[-1][1] < most - 5, IDLE_S * 1.5,
               "the first to retire", 0.2)
    seen = waves(lab, [(1, 500), (4, 1500)])
    tell("workers at most and now", (most, looks.seen[-1][1]))
    tell("requests meanwhile", len(looks.seen))
    assert seen == {200: 2000}
    assert {status for status, _ in looks.seen} == {200}
