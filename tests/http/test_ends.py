# SPDX-License-Identifier: MIT
"""How a hold ends before its client or in time: DELETE, a hang-up, `for`. The
memory's own way back is read from the cgroup."""
import statistics
import time

import pytest

from loads import FREE_S, MIB, Load, Waiting, calm, new_holding
from processes import wait_until

SIZE = 64 * MIB
TIMES = 20
NEAR = 4 * MIB  # what an idle worker more may take
EXACT_S = 0.5   # 50 ms, ten times wider


@pytest.fixture
def free(lab):
    """Usage with nothing held, which is come back to."""
    if lab.cgroup is None:
        pytest.skip("kernel: no memory cgroup can be seen")
    return calm(lab)


def until_free(lab, free, begun):
    """Seconds since begun."""
    wait_until(lambda: lab.cgroup.usage_bytes() < free + NEAR, FREE_S,
               lambda: f"{free} + {NEAR} bytes in use, but "
               f"{lab.cgroup.usage_bytes()}", 0.001)
    return time.monotonic() - begun


def told(took):
    return f"median {statistics.median(took) * 1000:.0f}, " \
        f"most {max(took) * 1000:.0f}"


def test_delete_tells_the_waiting_client_released(lab, free, tell):
    took = []
    for _ in range(TIMES):
        waiting = Waiting(lab, f"size={SIZE}&for=60s")
        begun = time.monotonic()
        answer = lab.ask(f"/loads/{waiting.id}", "DELETE")
        assert answer.status == 204
        took.append(until_free(lab, free, begun))
        read = waiting.answer()
        assert (read.status, read.json["outcome"]) == (200, "released")
        assert read.json["id"] == waiting.id
        assert read.json["resident_bytes"] == SIZE
    tell("free after DELETE, ms", told(took))


def test_a_second_delete_is_410_when_the_client_has_read(lab):
    for _ in range(TIMES):
        waiting = Waiting(lab, "size=1M&for=60s")
        path = f"/loads/{waiting.id}"
        assert lab.ask(path, "DELETE").status == 204
        waiting.answer()
        assert lab.ask(path, "DELETE").status == 410


def test_after_a_hang_up_the_memory_is_free(lab, free, tell):
    took = []
    for _ in range(TIMES):
        known = {one["id"] for one in lab.json("/loads")["loads"]}
        with lab.connect() as end:
            end.sendall(f"GET /hold?size={SIZE}&for=60s HTTP/1.1\r\n"
                        "Host: localhost\r\n\r\n".encode())
            load = wait_until(lambda: new_holding(lab, known), 30, "a hold")
            begun = time.monotonic()
        took.append(until_free(lab, free, begun))
        ended = wait_until(lambda: ended_load(lab, load), 5, "its end")
        assert ended["outcome"] == "disconnected"
        assert lab.json(f"/events/{load}")["outcome"] == "disconnected"
    tell("free after a hang-up, ms", told(took))


def ended_load(lab, load):
    now = lab.json(f"/loads/{load}")
    return now if now["state"] == "ended" else None


def test_a_hang_up_in_mid_growth_frees_as_well(lab, free):
    known = {one["id"] for one in lab.json("/loads")["loads"]}
    with lab.connect() as end:
        end.sendall(b"GET /hold?size=1G&rate=64M/s HTTP/1.1\r\n"
                    b"Host: localhost\r\n\r\n")
        load = wait_until(lambda: grown(lab, known), 30, "growth")
        begun = time.monotonic()
    until_free(lab, free, begun)
    ended = wait_until(lambda: ended_load(lab, load), 5, "its end")
    assert ended["outcome"] == "disconnected"


def grown(lab, known):
    for one in lab.json("/loads")["loads"]:
        if one["id"] not in known and (one["resident_bytes"] or 0) > SIZE:
            return one["id"]
    return None


def test_delete_in_mid_growth_is_released(lab, free):
    load = Load(lab, "size=1G&rate=64M/s")
    wait_until(lambda: (load.now()["resident_bytes"] or 0) > SIZE, 30,
               "growth")
    begun = time.monotonic()
    assert load.release().status == 204
    until_free(lab, free, begun)
    assert load.ended()["outcome"] == "released"


def test_for_is_exact(lab, free, tell):
    late = []
    for hold in (0.1, 0.3, 0.5, 1, 2):
        answer = lab.ask(f"/hold?size={SIZE}&for={hold}s&format=json")
        told_s = answer.json["held_seconds"]
        late.append(told_s - hold)
        assert answer.json["outcome"] == "held"
        assert answer.seconds >= hold
        assert answer.seconds - answer.json["grow_seconds"] - hold < EXACT_S
    tell("held longer than asked by, ms", told(late))
    assert all(0 <= one < EXACT_S for one in late)


def test_for_is_exact_by_the_cgroup(lab, free, tell):
    """From the outside: how long the memory was there."""
    Load(lab, f"size={SIZE}&for=1s")
    wait_until(lambda: lab.cgroup.usage_bytes() > free + SIZE - NEAR, 10,
               "the memory", 0.001)
    begun = time.monotonic()
    wait_until(lambda: lab.cgroup.usage_bytes() < free + SIZE - NEAR, 10,
               "its end", 0.001)
    there = time.monotonic() - begun
    tell("there for, of 1 s", round(there, 3))
    assert abs(there - 1) < EXACT_S


def test_within_ends_what_is_too_slow(lab, free, tell):
    answer = lab.ask("/hold?size=1G&rate=16M/s&within=1s&format=json")
    tell("within 1 s, told after, s", round(answer.seconds, 3))
    assert answer.status == 503
    told_it = answer.json
    assert told_it["outcome"] == "stalled"
    assert told_it["requested_bytes"] == 1 << 30
    assert 0 < told_it["resident_bytes"] <= 32 * MIB
    assert 1 <= answer.seconds < 1 + 10 * 0.1
    until_free(lab, free, time.monotonic())
