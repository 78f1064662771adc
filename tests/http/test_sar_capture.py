# SPDX-License-Identifier: MIT
"""On captured /proc/meminfo files /sar prints the line that sysstat prints.
The packaged sar knows no other root, so each file is put over /proc/meminfo in
a mount namespace of its own, and the real one is asked there."""
import os
import re
import subprocess
import tempfile
import time

import pytest

import processes
import sar_table
from lab import Lab
from processes import wait_until
from samples import iso

DATA = os.path.join(os.path.dirname(__file__), "..", "unit", "data")
SIZE = 4000  # a file is rewritten by one write, so it has always that size

PLAIN = """\
MemTotal:       24684096 kB
MemFree:        20123456 kB
MemAvailable:   21234567 kB
Buffers:           45678 kB
Cached:          1234567 kB
SwapCached:          890 kB
Active:           987654 kB
Inactive:         456789 kB
Active(anon):     111111 kB
Inactive(anon):   222222 kB
SwapTotal:       2097148 kB
SwapFree:        2000000 kB
Dirty:              1234 kB
AnonPages:        333333 kB
Slab:             245678 kB
SReclaimable:     123456 kB
CommitLimit:    14439196 kB
Committed_AS:    3456789 kB
"""


def changed(**lines):
    """PLAIN with other figures, or without a line (None)."""
    text = PLAIN
    for name, kb in lines.items():
        text = re.sub(rf"^{name}: .*\n", "" if kb is None else
                      f"{name}: {kb} kB\n", text, flags=re.M)
    return text


def captured(name):
    return processes.read(f"{DATA}/{name}/proc/meminfo")


# No Cached line either, so what is used cannot be told: sysstat takes 0 for it.
OLD = ("kbavail", "kbcached", "kbmemused", "%memused")

# The file, and the columns of which a line is missing.
FILES = {
    "this machine": (processes.read("/proc/meminfo"), ()),
    "hybrid": (captured("hybrid-v1-memory"), ()),
    "plain": (PLAIN, ()),
    "no MemAvailable": (changed(MemAvailable=None), ("kbavail",)),
    "before Linux 3.14": (captured("meminfo-old"), OLD),
    "no swap": (changed(SwapTotal=0, SwapFree=0), ()),
    "nothing free": (changed(MemFree=0, MemAvailable=0), ()),
    "nothing at all": (changed(MemTotal=0, MemFree=0, MemAvailable=0,
                               SwapTotal=0), ()),
    "24 TiB": (changed(MemTotal=24 << 30, MemFree=23 << 30,
                       MemAvailable=(24 << 30) - 1, Committed_AS=99 << 30),
               ()),
    "overcommitted": (changed(Committed_AS=98765432), ()),
    "more than there is": (changed(MemFree=24684095), ()),
    "a share of half a hundredth": (
        changed(MemTotal=20000000, Buffers=0, Cached=0, Slab=0,
                MemFree=19999000, SwapTotal=0, Committed_AS=1000), ()),
}


@pytest.fixture(scope="module")
def root():
    """A machine without a memory controller, whose /proc/meminfo a test
    rewrites."""
    with tempfile.TemporaryDirectory(prefix="oomlab-sar-") as directory:
        os.makedirs(f"{directory}/proc/self")
        for path in (directory, f"{directory}/proc"):
            os.chmod(path, 0o755)
        for name, text in (("vmstat", "oom_kill 0\n"),
                           ("self/cgroup", "0::/\n"), ("self/mountinfo", "")):
            with open(f"{directory}/proc/{name}", "w", encoding="utf-8") as \
                    file:
                file.write(text)
        put(directory, PLAIN)
        yield directory


@pytest.fixture(scope="module")
def captures(root):
    """A lab that reads its host there; nothing is loaded in it."""
    with Lab(root=root, limit="none") as one:
        yield one


def put(directory, text):
    """In place, for whoever has it open reads on."""
    text = text.rstrip("\n") + "\n"
    descriptor = os.open(f"{directory}/proc/meminfo",
                         os.O_WRONLY | os.O_CREAT, 0o644)
    os.pwrite(descriptor, text.encode().ljust(SIZE, b"\n"), 0)
    os.close(descriptor)


def sysstats(path):
    """What the real one prints of that file: a row and the average."""
    if os.geteuid() != 0:
        pytest.skip("only root can put a file over /proc/meminfo")
    inside = ["unshare", "-m", "sh", "-c",
              'mount --bind "$1" /proc/meminfo && shift && exec "$@"', "sh",
              path]
    try:
        subprocess.run([*inside, "true"], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"kernel: no mount namespace: {error.stderr}")
    real = sar_table.sysstat(1, inside)
    said, failed = real.communicate(timeout=60)
    assert real.returncode == 0, failed
    return sar_table.Table(said)


def ours(lab):
    """Once two samples are of the file that is there now."""
    since = iso(time.time())
    wait_until(lambda: len(lab.json(f"/memory?from={since}")["samples"]) > 1,
               20, "two samples", 0.05)
    return sar_table.Table(lab.ask("/sar?count=1").text)


def with_dashes(real, names):
    """The real one's figures, with a dash for each of these."""
    return "".join(f" {'-' if name in names else real.values[name]:>9}"
                   for name in sar_table.COLUMNS)


@pytest.mark.unweighed
@pytest.mark.parametrize("name", FILES)
def test_a_captured_file_gives_sysstats_line(captures, root, name):
    text, missing = FILES[name]
    put(root, text)
    table, real = ours(captures), sysstats(f"{root}/proc/meminfo")
    for mine, theirs in ((table.rows[0], real.rows[0]),
                         (table.averages[0], real.averages[0])):
        dashes = {name for name in mine.values if mine.values[name] == "-"}
        assert dashes == set(missing)
        assert mine.text == with_dashes(theirs, dashes)
