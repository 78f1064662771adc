# SPDX-License-Identifier: MIT
"""Loads as a client sees them: in the background by POST, in the foreground
by a request that waits."""
from client import ASK_S
from processes import wait_until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
MIB = 1 << 20
FREE_S = 2  # 200 ms, ten times wider


class Load:
    """One in the background, by its 202."""

    def __init__(self, lab, query):
        answer = lab.ask(f"/loads?{query}&format=json", "POST")
        assert answer.status == 202, answer.text
        self.lab, self.told = lab, answer.json
        self.id = answer.id
        self.path = answer.headers["Location"]
        assert self.path == f"/loads/{self.id}"

    def now(self):
        return self.lab.json(self.path)

    def until(self, state, seconds=ASK_S):
        """Its JSON once it has come so far; AssertionError when it ended
        before that."""
        def come():
            now = self.now()
            assert now["state"] in (state, "growing", "holding",
                                    "releasing"), now
            return now["state"] == state and now
        return wait_until(come, seconds, lambda: f"{state}: {self.now()}",
                          0.01)

    def held(self):
        return self.until("holding")

    def ended(self, seconds=ASK_S):
        return self.until("ended", seconds)

    def release(self):
        return self.lab.ask(f"{self.path}?format=json", "DELETE")


class Waiting:
    """One in the foreground, found in /loads once it holds."""

    def __init__(self, lab, query):
        known = {one["id"] for one in lab.json("/loads")["loads"]}
        self.future = lab.later(f"/hold?{query}&format=json")
        self.id = wait_until(
            lambda: new_holding(lab, known), ASK_S, "a load that holds")

    def answer(self):
        return self.future.result(ASK_S)


def new_holding(lab, known):
    """The id of a load that holds and is not among the known, or None."""
    for one in lab.json("/loads")["loads"]:
        if one["state"] == "holding" and one["id"] not in known:
            return one["id"]
    return None


def calm(lab):
    """No load under way; the cgroup's usage then, None without a cgroup."""
    for load in lab.json("/loads")["loads"]:
        if load["state"] != "ended":
            lab.ask(f"/loads/{load['id']}", "DELETE")
    wait_until(lambda: lab.status()["pool"]["busy"] == 0, 10, "the calm")
    return lab.cgroup.usage_bytes() if lab.cgroup else None
