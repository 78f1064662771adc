# SPDX-License-Identifier: MIT
"""What oomlab itself takes: an idle worker next to nothing, and nobody ever
more and more."""
import collections
import glob
import os
import re
import shutil
import signal

import pytest

import processes
from lab import ROOT
from processes import wait_until

PRIVATE_BYTES = 200 << 10
WATCH_BYTES = 64 << 20
STILL_BYTES = 128 << 10  # in two rounds
SERVED = 100  # requests, by one worker
PATHS = ("/?rows=x&", "/?rows=10&", "/status?", "/events?", "/loads?",
         "/help?", "/nowhere?", "/healthz?", "/metrics?")


def test_an_idle_worker_has_little_of_its_own(new_lab, tell):
    lab = new_lab(spare=8).start()
    wait_until(lambda: len(lab.workers()) >= 8, 10, "eight idle workers")
    wait_until(lambda: lab.status()["pool"]["idle"] >= 8, 10, "all in accept")
    most = max(processes.private_bytes(pid) for pid in lab.workers())
    tell("private bytes of an idle worker", most)
    assert most < PRIVATE_BYTES


def test_a_worker_that_has_served_gives_its_memory_back(new_lab, tell):
    lab = new_lab(spare=1, max=1).start()
    for rows in (0, 1000, 500000) * 5:
        assert lab.ask(f"/?rows={rows}").status == 200
    most = max(processes.private_bytes(pid) for pid in lab.workers())
    tell("private bytes of a worker that has served", most)
    assert most < 2 << 20


def test_watch_stops_growing(lab, tell):
    """Each of its threads keeps the stack that it once needed; after that it
    is the same memory, however often it is asked."""
    paths = ["/status", "/loads", "/events", "/help", "/healthz", "/nowhere",
             "/metrics"]
    sizes = [lab.appetite()["watch"]["rss_bytes"]]
    while len(sizes) < 3 or sizes[-1] - sizes[-3] > STILL_BYTES:
        for path in paths * 25:
            for form in ("html", "json", "text"):
                lab.ask(f"{path}?format={form}")
        sizes.append(lab.appetite()["watch"]["rss_bytes"])
        assert len(sizes) < 30, f"it still grows: {sizes}"
    tell("RSS of watch after each 450 requests", sizes)
    assert sizes[-1] < WATCH_BYTES


def test_the_master_keeps_nothing_of_a_worker_that_has_gone(lab):
    def kept():
        """Descriptors, for each worker that is there."""
        every = len(processes.descriptors(lab.pid("load")))
        return (every - lab.appetite()["load"]["descriptors"]) / \
            len(lab.workers())
    before, workers = kept(), lab.workers()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(lab.workers()) > 1 and
               not set(workers) & set(lab.workers()), 30, "new workers")
    wait_until(lambda: kept() <= before, 5, f"{before} a worker again")


@pytest.mark.skipif(not shutil.which("valgrind"),
                    reason="valgrind is not installed")
def test_valgrind_finds_no_leak_in_watch_and_in_a_worker(new_lab, tell):
    lab = new_lab(spare=1, max=1, binary=f"{ROOT}/tests/http/valgrind")
    reports = f"{lab.base}/reports"
    os.mkdir(reports)
    os.chmod(reports, 0o777)
    lab.settings["reports"] = reports
    lab.settings["real"] = os.environ.get(
        "OOMLAB_BINARY", f"{ROOT}/build/oomlab")
    lab.start()
    served = collections.Counter()
    forms = ("json", "html", "text")
    while max(served.values(), default=0) < SERVED:
        served[lab.json("/?rows=100")["worker"]["pid"]] += 1
        number = sum(served.values())
        lab.ask(f"{PATHS[number % len(PATHS)]}format="
                f"{forms[number // len(PATHS) % len(forms)]}")
        assert sum(served.values()) < 10 * SERVED
    tell("requests by the busiest worker", max(served.values()))
    lab.stop()
    texts = {file: processes.read(file) for file in glob.glob(f"{reports}/*")}
    worker = max(served, key=served.get)
    assert any(file.endswith(f"load.{worker}") for file in texts)
    assert any("/watch." in file for file in texts)
    for file, text in texts.items():
        summary = re.search(r"ERROR SUMMARY: (\d+) errors", text)
        assert summary and summary.group(1) == "0", f"{file}:\n{text}"
