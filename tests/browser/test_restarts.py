# SPDX-License-Identifier: MIT
"""Load and watch ended and started again under the open page: it says so, and
goes on by itself."""
import contextlib
import os
import signal

import pytest

from processes import wait_until

pytestmark = [pytest.mark.unweighed,
              pytest.mark.may_log("net::ERR_", "status of 503")]

SETTINGS = {"limit": "512M", "max": 8}


@contextlib.contextmanager
def ended(lab, service):
    """Ends it; started again is it only afterwards, for deploy/run, which
    would do so within a second, stands still meanwhile."""
    os.kill(lab.process.pid, signal.SIGSTOP)
    try:
        os.kill(lab.pid(service), signal.SIGKILL)
        yield
    finally:
        os.kill(lab.process.pid, signal.SIGCONT)


def latest(page):
    """When the newest sample that is drawn was taken, in the page's words."""
    return page.attribute("#plot-cgroup .canvas", "aria-label")


def goes_on(page):
    before = latest(page)
    wait_until(lambda: latest(page) != before, 30, "a newer sample", 0.05)


def test_load_ended_and_started_again(page, lab):
    with ended(lab, "load"):
        page.until_says("#health", "Load is down")
    page.until_says("#health", "Load is up again.", 60)
    page.until_says("#finding", "in use")
    goes_on(page)
    page.type("#field-size", "10M")
    page.press("#load-start")
    page.until_says("#load-said", "Started: ")


def test_watch_ended_and_started_again(page, lab):
    with ended(lab, "watch"):
        page.until_says("#health", "The watch does not answer")
    page.until_says("#health", "The watch answers again.", 60)
    assert "does not answer" not in page.text("#health")
    goes_on(page)


def test_a_start_that_was_too_quick_to_be_seen_is_told(page, lab):
    """Load is back within a second, and the page may have asked before and
    after it alone."""
    before = lab.status()["master"]["pid"]
    os.kill(lab.pid("load"), signal.SIGKILL)
    page.until_says("#health", "Load ", 60)
    page.until("/up again|started again/.test("
               "document.getElementById('health').innerText)",
               "that load has started again", 60)
    assert lab.status()["master"]["pid"] != before
