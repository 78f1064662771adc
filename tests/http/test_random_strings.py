# SPDX-License-Identifier: MIT
"""Random parameter strings through a real nginx, many at once on connections
that are kept: whatever comes, it is answered, and who is refused takes
nothing. (Ten thousand go through the parser alone: test_random_params.c.)"""
import collections
import concurrent.futures
import http.client
import os
import random

from client import ASK_S
from loads import FORM, calm

SETTINGS = {"max": 64}
STRINGS, AT_ONCE = 800, 8
WORKER_BYTES = 512 << 10  # an idle one, the kernel's part too
ANSWERS = {202, 400, 414, 422, 503}
NAMES = ["size", "kind", "for", "rate", "first", "leave", "fill", "touch",
         "score", "within", "dies", "format", "rows", "Size", "", "x"]
# No size above 64K is among them, and no junk can make one.
VALUES = ["64K", "4096", "1.5K", "0", "-1", "nan", "0x10", "1e30", "%", "10%%",
          "anon", "shm", "pipe", "zero", "random", "1ms", "0s", "5ms", "9y",
          "json", "worker", "300", "-1000", "18446744073709551617", "%00",
          "%zz", "%41", "+", "&&", "=", ";", "\"", "<b>", "\u00e9"]
JUNK = "%&=+;/.-_~KMs\"<> \u00e9\x7f"


def value(dice):
    if dice.random() < 0.8:
        return dice.choice(VALUES)
    return "".join(dice.choice(JUNK) for _ in range(dice.randrange(12)))


def string(dice):
    pairs = [f"{dice.choice(NAMES)}={value(dice)}"
             for _ in range(dice.randrange(5))]
    if dice.random() < 0.7:
        pairs.insert(0, dice.choice(["size=4K", "size=64K", "size=1.5K"]))
    return "&".join(pairs)


def send(port, seed, count):
    """(status, string) of each, on one connection; half in the query."""
    dice = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ASK_S)
    seen = []
    for number in range(count):
        text = string(dice)
        if number % 2:
            query = "".join(
                c if 32 < ord(c) < 127 else f"%{ord(c):02x}" for c in text)
            connection.request("POST", f"/loads?for=1ms&{query}")
        else:
            connection.request("POST", "/loads?format=json",
                               text.encode(), FORM)
        answer = connection.getresponse()
        answer.read()
        seen.append((answer.status, text))
    connection.close()
    return seen


def test_random_strings_are_all_answered_and_nobody_dies(lab, tell):
    seed = int(os.environ.get("OOMLAB_TEST_SEED", random.randrange(10**9)))
    tell("OOMLAB_TEST_SEED", seed)
    master, before = lab.pid("load"), calm(lab)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        seen = [one for part in pool.map(
            lambda i: send(lab.port, seed + i, STRINGS // AT_ONCE),
            range(AT_ONCE)) for one in part]
    counts = collections.Counter(status for status, _ in seen)
    tell("answers", dict(counts))
    assert not [one for one in seen if one[0] not in ANSWERS]
    assert counts[400] > STRINGS // 2
    assert lab.pid("load") == master
    assert {event["kind"] for event in lab.json("/events")["events"]} <= \
        {"ended"}
    after = calm(lab)
    idle = len(lab.status()["workers"])
    assert before is None or after - before < idle * WORKER_BYTES
    assert len(lab.json("/loads")["loads"]) <= \
        counts[202] + counts[422] + counts[503] + 20
