# SPDX-License-Identifier: MIT
"""Starting: what is left from before, what is in the way, what is wrong."""
import os
import pwd
import re
import socket
import struct
import subprocess

import pytest

import processes
from lab import ROOT, Lab
from processes import wait_until

HEAD = 16  # bytes: eight of magic, layout and size as uint32_t


def service_user():
    """Whom deploy/run starts everything as."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    found = pwd.getpwnam(os.environ.get("OOMLAB_USER", "www-data"))
    return found.pw_uid, found.pw_gid


@pytest.fixture(scope="module")
def board():
    """(magic, layout, size) of a scoreboard as this version makes it."""
    with Lab() as one, open(f"{one.run}/scoreboard", "rb") as file:
        magic, layout, size = struct.unpack("=8sII", file.read(HEAD))
        assert size == os.path.getsize(f"{one.run}/scoreboard")
        return magic, layout, size


def bad_board(what, magic, layout, size):
    def head(layout, size):
        return struct.pack("=8sII", magic, layout, size)
    return {
        "noise": os.urandom(size),
        "empty": b"",
        "zeros": bytes(size),
        "cut short": head(layout, size),
        "of the next layout": head(layout + 1, size).ljust(size, b"\0"),
        "of another size": head(layout, size + 8).ljust(size, b"\0"),
        "longer than it says": head(layout, size).ljust(size + 8, b"\0"),
    }[what]


@pytest.mark.parametrize("what", [
    "noise", "empty", "zeros", "cut short", "of the next layout",
    "of another size", "longer than it says"])
def test_a_scoreboard_that_is_not_ours_is_moved_aside(new_lab, board, what):
    content = bad_board(what, *board)
    lab = new_lab()
    os.mkdir(lab.run)
    with open(f"{lab.run}/scoreboard", "wb") as file:
        file.write(content)
    for path in (lab.run, f"{lab.run}/scoreboard"):
        os.chown(path, *service_user())
    lab.start()
    assert lab.ask("/?rows=0").status == 200
    assert lab.status()["master"]["generation"] == 1
    with open(f"{lab.run}/scoreboard.bad", "rb") as file:
        assert file.read() == content
    assert len(re.findall("moved to .*scoreboard.bad", lab.said())) == 1


def refuse_to_start(lab, status=1):
    """Starts what cannot run; its one line of complaint."""
    lab.launch()
    assert lab.process.wait(30) == status, lab.said()
    lines = [line for line in lab.said().splitlines() if line]
    assert len(lines) == 1, lines
    lab.forget()
    return lines[0]


def test_a_port_in_use_is_one_clear_line(new_lab):
    lab = new_lab()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", lab.port))
        taken.listen()
        assert f"port {lab.port} is in use" in refuse_to_start(lab)


def test_a_second_copy_on_the_same_directories_is_one_clear_line(
        lab, new_lab):
    for name in ("run", "state"):
        other = new_lab(**{name: lab.settings[name]})
        line = refuse_to_start(other)
        assert "another" in line and lab.settings[name] in line
    assert lab.ask("/?rows=0").status == 200


@pytest.mark.parametrize("name, value", [
    ("port", "0"), ("port", "x"), ("max", "0"), ("limit", "lots"),
    ("limit", "1K"), ("guard", "perhaps"), ("spare", "-1"),
    ("hosts", "b$c")])
def test_a_bad_setting_is_one_line_that_names_it(new_lab, name, value):
    line = refuse_to_start(new_lab(**{name: value}), 2)
    assert f"OOMLAB_{name.upper()}" in line
    assert value in line
    assert "allowed" in line


def test_ready_tells_the_url_and_the_limit(new_lab):
    lab = new_lab(limit="600M").start()
    wait_until(lambda: re.search("limit", lab.said()), 5, "the limit")
    if "no memory limit" not in lab.said():
        assert str(600 << 20) in lab.said()
        assert lab.status()["limits"][0]["bytes"] == 600 << 20
    assert f"http://127.0.0.1:{lab.port}/" in lab.said()


def test_nothing_runs_as_root(lab):
    uid = service_user()[0]
    for service in ("load", "watch", "nginx"):
        pid = lab.pid(service)
        assert uid != 0
        for process in [pid] + processes.children(pid):
            assert re.search(rf"^Uid:\s+{uid}\s+{uid}\s",
                             processes.read(f"/proc/{process}/status"), re.M)


def test_who_is_killed_first_is_a_worker(lab):
    """Master and watch are the kernel's last choice, idle workers sooner."""
    for service, score in (("load", 0), ("watch", 0)):
        pid = lab.pid(service)
        assert int(processes.read(f"/proc/{pid}/oom_score_adj")) == score
    for pid in lab.workers():
        wait_until(lambda p=pid: processes.read(
            f"/proc/{p}/oom_score_adj").strip() == "500", 5, "500")


def test_the_settings_are_told_by_name(lab):
    binary = os.environ.get("OOMLAB_BINARY", f"{ROOT}/build/oomlab")
    told = subprocess.run([binary, "settings"], capture_output=True,
                          text=True, check=True, env=lab.environment())
    assert f"OOMLAB_PORT={lab.port}\n" in told.stdout
