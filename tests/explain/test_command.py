# SPDX-License-Identifier: MIT
"""oomlab explain as a person or a script calls it: what it ends with, what it
reads, how much memory that takes."""
import json
import os
import re
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
OOMLAB = os.environ.get("OOMLAB_BINARY", os.path.join(ROOT, "build/oomlab"))
KILL = (b"Out of memory: Killed process %d (a b) total-vm:8kB, anon-rss:4kB, "
        b"file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n")
MEMORY_BYTES = 16 << 20
CALLS = [
    (["explain"], 2), (["explain", "--format"], 2),
    (["explain", "--format", "xml", "-"], 2), (["explain", "a", "b"], 2),
    (["explain", "--colour", "-"], 2), (["explain", "/nowhere"], 1),
    (["explain", "/"], 1), (["explain", "-"], 0),
    (["explain", "--format=json", "-"], 0),
    (["explain", "--format", "text", "-"], 0),
    (["explain", "--", "/dev/null"], 0)]


def run(*arguments, text=b"", **more):
    return subprocess.run([OOMLAB, *arguments], input=text,
                          capture_output=True, check=False, **more)


def told(text):
    answer = run("explain", "--format", "json", "-", text=text)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize("arguments, status", CALLS)
def test_exit_status(arguments, status):
    answer = run(*arguments)
    assert answer.returncode == status
    assert (answer.stderr.count(b"\n") == 1) == (status != 0)
    assert bool(answer.stdout) == (status == 0)


def test_settings_that_are_wrong_do_not_matter():
    assert run("explain", "-", env={"OOMLAB_LIMIT": "nonsense"}) \
        .returncode == 0


def test_a_log_without_a_kill_has_empty_lists():
    assert told(b"nothing\n") == {
        "kills": [], "incomplete_reports": [], "kernel": None,
        "no_killable": 0}
    assert b"No OOM kill" in run("explain", "-", text=b"").stdout


def test_kills_are_in_the_order_of_the_text():
    kills = told(b"".join(KILL % pid for pid in range(1, 300)))["kills"]
    assert [kill["victim_pid"] for kill in kills] == list(range(1, 300))


def test_what_may_follow_in_a_name_cannot_steer_a_terminal():
    text = b"Out of memory: Killed process 5 (\x1b]0;x\x07\x9b) total-vm:8kB\n"
    assert b"\x1b" not in run("explain", "-", text=text).stdout
    assert told(text)["kills"][0]["victim_pid"] == 5


def test_disk_full_is_told():
    with open("/dev/full", "wb") as full:
        answer = subprocess.run(
            [OOMLAB, "explain", "-"], input=KILL % 1, stdout=full,
            stderr=subprocess.PIPE, check=False)
    assert answer.returncode == 1 and b"No space" in answer.stderr


def peak(*texts):
    """Bytes that were resident at most, of one that reads these in turn."""
    with subprocess.Popen([OOMLAB, "explain", "--format", "json", "-"],
                          stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as process:
        for text in texts:
            process.stdin.write(text)
        process.stdin.flush()
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            high = re.search(r"VmHWM:\s+(\d+) kB", status.read())
        process.stdin.close()
    assert process.returncode == 0
    return int(high[1]) << 10


HEAD = b"x invoked oom-killer: gfp_mask=0x0, order=0, oom_score_adj=0\n"


@pytest.mark.parametrize("text", [
    b"x" * (1 << 20), b"\0" * (1 << 20), KILL % 5 * 4000, HEAD * 8000,
    b"[    5]     0     5     8     6     1     0             0 a\n" * 9000,
    b"Memory cgroup stats for /" + b"a" * (1 << 20)],
    ids=["line", "NULs", "kills", "heads", "rows", "path"])
def test_memory_is_bounded_however_long_the_log(text):
    assert peak(*[text] * 32) - peak(text) < 1 << 20
    assert peak(text) < MEMORY_BYTES
