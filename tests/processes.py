# SPDX-License-Identifier: MIT
"""What /proc says of the processes under test, read from outside.

Everything here takes a pid and reads afresh; who is gone raises, or is left
out of a list. Sizes are bytes. Sources: proc(5).
"""
import os
import time

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def wait_until(condition, seconds, what, pause_s=0.002):
    """The first true value of condition(); AssertionError after seconds.
    what says what was waited for, or is called to say it."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            said = what() if callable(what) else what
            raise AssertionError(f"not in {seconds} s: {said}")
        time.sleep(pause_s)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def children(pid):
    """Of all its threads, zombies included; [] once it is gone."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += read(f"/proc/{pid}/task/{thread}/children").split()
    except OSError:
        return []
    return [int(child) for child in found]


def descendants(pid):
    found = []
    for child in children(pid):
        found += [child] + descendants(child)
    return found


def name(pid):
    """What PR_SET_NAME set; "" once it is gone."""
    try:
        return read(f"/proc/{pid}/comm").rstrip("\n")
    except OSError:
        return ""


def arguments(pid):
    try:
        return read(f"/proc/{pid}/cmdline").split("\0")[:-1]
    except OSError:
        return []


def stat_fields(pid):
    """From the state on: the name before it may hold anything."""
    return read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def state(pid):
    """R, S, D, T, Z...; "" once it is gone."""
    try:
        return stat_fields(pid)[0]
    except OSError:
        return ""


def identity(pid):
    """Tells a process from a later one of the same pid; None: gone."""
    try:
        return pid, stat_fields(pid)[19]
    except OSError:
        return None


def cpu_seconds(pid):
    """User and system time of all its threads so far."""
    ticks = sum(int(field) for field in stat_fields(pid)[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def rss_bytes(pid):
    return int(read(f"/proc/{pid}/statm").split()[1]) * PAGE_BYTES


def status_bytes(pid, field):
    for line in read(f"/proc/{pid}/status").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise KeyError(field)


def peak_rss_bytes(pid):
    return status_bytes(pid, "VmHWM")


def forget_peak_rss(pid):
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def private_bytes(pid):
    """What is this process's alone, by smaps_rollup."""
    total = 0
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(("Private_Clean:", "Private_Dirty:")):
            total += int(line.split()[1]) * 1024
    return total


def descriptors(pid):
    """What each open descriptor leads to."""
    found = []
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
        except OSError:
            pass  # closed meanwhile
    return found


def zombies(pid):
    return [child for child in children(pid) if state(child) == "Z"]
