# SPDX-License-Identifier: MIT
"""A userspace killer leaves no trace but systemd-oomd's own: it marks the
cgroup, before and after. What it kills is a signal's, and says whose."""
import os
import signal

import pytest

from processes import wait_until

pytestmark = pytest.mark.unweighed  # another master

SETTINGS = {"limit": "256M"}


def mark(lab, name):
    """As systemd's oomd-util.c does: a count in decimal."""
    try:
        count = int(os.getxattr(lab.cgroup.directory, name))
    except OSError:
        count = 0
    os.setxattr(lab.cgroup.directory, name, str(count + 1).encode())


def is_told(answer):
    assert answer.status == 502, answer.text
    said = answer.json
    assert (said["verdict"], said["certainty"]) == ("signal", "proven"), \
        answer.text
    assert "systemd-oomd" in said["detail"], said["detail"]


def hold(lab):
    future = lab.later("/hold?size=32M&for=60s&format=json")
    load = wait_until(lambda: [one for one in lab.json("/loads")["loads"]
                               if one["state"] == "holding"], 30, "a hold")[0]
    return future, load["worker"]["pid"]


def test_one_worker_that_it_killed(lab):
    future, worker = hold(lab)
    mark(lab, "user.oomd_kill")
    os.kill(worker, signal.SIGKILL)
    is_told(future.result(30))


def test_one_that_somebody_else_killed_later(lab):
    future, worker = hold(lab)
    os.kill(worker, signal.SIGKILL)
    said = future.result(30).json
    assert said["verdict"] == "signal"
    assert "systemd-oomd" not in said["detail"], said["detail"]


def test_all_of_the_cgroup(lab):
    future, _ = hold(lab)
    mark(lab, "user.oomd_ooms")
    lab.cgroup.write("cgroup.kill", 1)
    mark(lab, "user.oomd_kill")
    is_told(future.result(30))
    wait_until(lambda: lab.ask("/readyz").status == 200, 30, "load again")
