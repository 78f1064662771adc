# SPDX-License-Identifier: MIT
"""Ends by kill -9, and what comes after them."""
import os
import signal

from processes import wait_until

BACK_S = 30


def restart(lab, service, serves=lambda: True):
    """kill -9 of load's master or the watch, until another is there, ready, and
    serves()."""
    lab.remember()
    was = lab.pid(service)
    os.kill(was, signal.SIGKILL)

    def back():
        try:
            return lab.pid(service) != was and \
                lab.ask("/readyz").status == 200 and serves()
        except OSError:
            return False
    wait_until(back, BACK_S, f"another {service}", 0.01)


def kill_load(lab, path="/?rows=400000"):
    """kill -9 of a worker in mid-growth: what its client read of it."""
    paused = lab.pause(path)
    paused.kill(signal.SIGKILL)
    answer = paused.future.result()
    assert answer.status == 502, answer.text
    return answer.json
