# SPDX-License-Identifier: MIT
"""The disk full, read-only, the database damaged, the watch killed while it
writes: no event that a client was told of is lost, none is there twice, and
nothing crashes."""
import os
import random
import re
import signal
import sqlite3
import subprocess

import pytest

import processes
from lab import ROOT
from processes import wait_until
from prometheus import scrape
from test_start import service_user

ROUNDS = int(os.environ.get("OOMLAB_TEST_WATCH_KILLS", "100"))
LATEST_S = 0.010  # after a worker's end, for the end of the watch

pytestmark = pytest.mark.unweighed


def mount(*words):
    return subprocess.run(["mount", *words], check=False,
                          capture_output=True).returncode == 0


@pytest.fixture
def disk(new_lab):
    """A lab whose state directory is a file system of 512 KiB of its own."""
    lab = new_lab()
    state = lab.settings["state"]
    os.mkdir(state)
    if not mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", state):
        pytest.skip("kernel: nothing can be mounted here")
    os.chown(state, *service_user())
    yield lab
    if lab.process:
        lab.stop()
    subprocess.run(["umount", state], check=True)


def fill(path):
    """Until nothing more goes onto the disk."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    with pytest.raises(OSError):
        while True:
            os.write(file, bytes(4096))
    os.close(file)


def killed(lab):
    paused = lab.pause("/?rows=400000")
    paused.kill(signal.SIGKILL)
    answer = paused.future.result()
    assert answer.status == 502, answer.text
    return answer.json


def end_watch(lab):
    lab.remember()
    pid = lab.pid("watch")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: processes.state(pid) in ("Z", ""), 5, "its end")
    return pid


def watch_back(lab, was):
    wait_until(lambda: lab.pid("watch") != was, 30, "another watch")
    wait_until(lambda: lab.ask("/healthz").status == 200, 30, "it to answer")


def warning(lab, code):
    return {one["code"]: one["says"]
            for one in lab.status()["warnings"]}.get(code)


def all_listed(lab):
    """Every id, page by page."""
    url, found = "/events?limit=1000", []
    while url:
        page = lab.json(url)
        found += [event["id"] for event in page["events"]]
        url = page["next"]
    return found


# What the watch alone knew: no ring has it.
OF_THE_WATCH = {"curve", "others", "others_in_all", "evidence", "unreadable"}


def check_all_there(lab, told, besides=()):
    """As their clients read them, and each once."""
    def kept(event):
        return {name: value for name, value in event.items()
                if name not in besides}
    for one in told:
        assert kept(lab.json(one["instance"])) == kept(one)
    listed = all_listed(lab)
    assert len(listed) == len(set(listed))
    assert {one["id"] for one in told} <= set(listed)


def check_counted(lab, told):
    """Each of these kills, which are all there were, once."""
    assert scrape(lab)["oomlab_kills_total", "signal"] == len(told)


def settled(lab):
    wait_until(lambda: warning(lab, "store-failing") is None, 10,
               "the database to work")


def test_a_full_disk_costs_nothing_that_was_told(disk, tell):
    lab = disk.start()
    told = [killed(lab) for _ in range(2)]
    filler = f"{lab.settings['state']}/filler"
    fill(filler)
    while not warning(lab, "store-failing"):
        told.append(killed(lab))  # what was allocated is used up first
        assert len(told) < 200
    tell("kills until it was full", len(told))
    told += [killed(lab) for _ in range(3)]
    says = warning(lab, "store-failing")
    assert re.search("full|I/O error|unable to open", says), says
    check_all_there(lab, told)
    check_counted(lab, told)
    line = f"kept in memory alone: {told[-1]['instance']} killed"
    assert lab.said().count(line) == 1
    assert lab.ask("/readyz").status == 200
    os.unlink(filler)
    settled(lab)
    check_all_there(lab, told)
    check_counted(lab, told)
    lab.stop()  # the scoreboard goes; the database is all that is left
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, told)


def test_it_starts_on_a_full_disk(disk):
    lab = disk
    filler = f"{lab.settings['state']}/filler"
    fill(filler)
    lab.start()
    told = [killed(lab) for _ in range(2)]
    assert warning(lab, "store-failing")
    check_all_there(lab, told)
    check_counted(lab, told)
    os.unlink(filler)
    settled(lab)
    check_counted(lab, told)
    lab.stop()
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, told)


def test_a_read_only_disk_is_read_and_memory_serves(disk):
    lab = disk.start()
    state = lab.settings["state"]
    told = [killed(lab) for _ in range(3)]
    # While nobody has a file open for writing there.
    was = end_watch(lab)
    wait_until(lambda: mount("-o", "remount,ro", state), 1, "read-only",
               0.01)
    watch_back(lab, was)
    says = wait_until(lambda: warning(lab, "store-failing"), 10, "a warning")
    assert "read" in says.lower(), says
    told += [killed(lab) for _ in range(3)]
    check_all_there(lab, told)
    check_counted(lab, told)
    assert told[-1]["instance"] in lab.said()
    assert mount("-o", "remount,rw", state)
    settled(lab)
    told.append(killed(lab))
    check_counted(lab, told)
    lab.stop()
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, told)


def garbage(path, at, length):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(os.urandom(length))


DAMAGES = {
    "garbage in the header": lambda path: garbage(path, 0, 100),
    "garbage in the middle":
        lambda path: garbage(path, 4096, os.path.getsize(path) // 2),
    "cut short":
        lambda path: os.truncate(path, os.path.getsize(path) * 2 // 3 - 100),
    "nothing but garbage":
        lambda path: garbage(path, 0, os.path.getsize(path)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_moved_aside(new_lab, damage):
    lab = new_lab().start()
    state = lab.settings["state"]
    database = f"{state}/oomlab.db"
    told = [killed(lab) for _ in range(20)]
    was = end_watch(lab)
    # Into the file with all of it, as at a clean end.
    link = sqlite3.connect(database, timeout=10)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()
    DAMAGES[damage](database)
    watch_back(lab, was)
    says = wait_until(lambda: warning(lab, "store-damaged"), 10, "a warning")
    aside = re.search(r"\S+\.damaged-\w+\.\w+Z", says).group(0)
    assert os.path.exists(aside), says
    assert aside in lab.said()
    assert not warning(lab, "store-failing")
    told.append(killed(lab))
    wait_until(lambda: set(all_listed(lab)) >= {one["id"] for one in told},
               10, "what the scoreboard still has")
    check_all_there(lab, told, OF_THE_WATCH)
    check_counted(lab, told)
    lab.stop()
    lab.start()
    check_all_there(lab, told, OF_THE_WATCH)
    check_counted(lab, told)
    assert not warning(lab, "store-damaged")


def test_damage_under_the_watchs_hands(new_lab, tell):
    lab = new_lab().start()
    database = f"{lab.settings['state']}/oomlab.db"
    told = [killed(lab) for _ in range(10)]
    for path in (database, f"{database}-wal"):
        if os.path.getsize(path):
            garbage(path, 0, os.path.getsize(path))
    told += [killed(lab) for _ in range(3)]
    check_all_there(lab, told)
    tell("warned of it", warning(lab, "store-damaged"))
    check_counted(lab, told)
    lab.stop()
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, told)


def test_a_database_that_was_removed_is_made_again(new_lab):
    lab = new_lab().start()
    told = [killed(lab) for _ in range(3)]
    for file in os.listdir(lab.settings["state"]):
        os.unlink(f"{lab.settings['state']}/{file}")
    told.append(killed(lab))
    check_counted(lab, told)
    lab.stop()
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, told)


def real_watch(lab):
    """The child of the wrapper."""
    def find():
        for pid in processes.descendants(lab.process.pid):
            if processes.name(pid) == "oomlab" and \
                    processes.arguments(pid)[-1:] == ["watch"]:
                return pid
        return None
    return wait_until(find, 30, "a watch", 0.0005)


def acknowledged(answers):
    return [answer.json for answer in answers
            if answer.status == 502 and "verdict" in answer.text]


def test_the_watch_is_killed_while_it_writes(new_lab, tell):
    lab = new_lab(binary=f"{ROOT}/tests/http/undying", real=os.environ.get(
        "OOMLAB_BINARY", f"{ROOT}/build/oomlab"))
    lab.start()
    told, lost = [], 0
    chance = random.Random(7)
    for _ in range(ROUNDS):
        paused = [lab.pause("/?rows=400000") for _ in range(2)]
        watch = real_watch(lab)
        for one in paused:
            one.kill(signal.SIGKILL)
        until = chance.random() * LATEST_S
        try:  # an answer, or the time is up
            paused[0].future.result(until)
        except TimeoutError:
            pass
        os.kill(watch, signal.SIGKILL)
        wait_until(lambda pid=watch: processes.state(pid) in ("Z", ""), 5,
                   "its end", 0.0005)
        answers = [one.future.result() for one in paused]
        told += acknowledged(answers)
        lost += len(answers) - len(acknowledged(answers))
    assert not [line for line in lab.said().splitlines()
                if "damaged" in line or "in memory alone" in line]
    tell("post-mortems read, and clients that had none", (len(told), lost))
    assert len(told) > ROUNDS / 5
    check_all_there(lab, told)
    wait_until(lambda: len(all_listed(lab)) >= 2 * ROUNDS, 10, "the ring read")
    check_counted(lab, range(2 * ROUNDS))
    lab.stop()
    lab.start()
    check_all_there(lab, told)
    check_counted(lab, range(2 * ROUNDS))
    link = sqlite3.connect(f"{lab.settings['state']}/oomlab.db")
    assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    link.close()
