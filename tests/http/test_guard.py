# SPDX-License-Identifier: MIT
"""The guard: without a cgroup limit, a captured meminfo of 3 GiB available is
all there is, and no number of requests at once is promised more than that."""
import collections
import os

import pytest

from client import Repeated
from lab import Lab
from memory_cgroup import MemoryCgroup

GIB = 1 << 30
TOTAL, AVAILABLE = 16 * GIB, 3 * GIB
RESERVE = TOTAL // 20  # 5 % of it is more than 512 MiB
BELT_BYTES = 6 * GIB   # of this very machine, should the guard fail
ROWS = 300000
ASKED = int(ROWS * 920.5)
MEMINFO = f"""MemTotal:       {TOTAL >> 10} kB
MemFree:        {GIB >> 10} kB
MemAvailable:   {AVAILABLE >> 10} kB
Buffers:               0 kB
Cached:                0 kB
SwapTotal:             0 kB
SwapFree:              0 kB
"""


def capture(root, meminfo):
    """A machine whose memory controller nobody has mounted."""
    for name, text in (("proc/meminfo", meminfo),
                       ("proc/vmstat", "oom_kill 0\n"),
                       ("proc/self/cgroup", "0::/\n"),
                       ("proc/self/mountinfo", "")):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for directory in (root, *root.parents):
        if os.stat(directory).st_uid == os.getuid():
            directory.chmod(directory.stat().st_mode | 0o055)
    return root


@pytest.fixture(scope="module")
def belt():
    """A real cgroup around the whole lab; None where none can be made."""
    try:
        made = MemoryCgroup.make(f"oomlab-guard-{os.getpid()}", BELT_BYTES)
    except OSError:
        yield None
        return
    yield made
    made.remove()


@pytest.fixture(scope="module")
def lab(belt, tmp_path_factory):
    root = capture(tmp_path_factory.mktemp("machine") / "root", MEMINFO)
    with Lab(cgroup=belt, limit="none", root=root) as one:
        one.ask("/?rows=0&format=json")
        yield one


def test_status_tells_what_the_guard_goes_by(lab):
    guard = lab.status()["guard"]
    assert guard["mode"] == "host"
    assert guard["available_bytes"] == AVAILABLE
    assert guard["keeps_free_bytes"] == RESERVE
    assert guard["allows_bytes"] == AVAILABLE - RESERVE
    assert guard["promised_bytes"] == 0


def test_a_load_that_fits_is_let_through(lab):
    assert lab.ask(f"/?rows={ROWS}").status == 200


def test_a_load_that_would_exhaust_the_host_is_refused_with_figures(lab):
    rows = (AVAILABLE - RESERVE) // 920
    answer = lab.ask(f"/?rows={rows}&format=json")
    assert (answer.status, answer.type) == (403, "application/problem+json")
    problem = answer.json
    assert problem["outcome"] == "refused"
    assert problem["requested_bytes"] == rows * 9205 // 10
    for figure in (problem["requested_bytes"], AVAILABLE, RESERVE):
        assert str(figure) in problem["detail"]
    assert not problem["resident_bytes"]
    assert problem["limit"]["level"] == "host"


def test_twice_the_hosts_memory_is_refused_with_figures(lab):
    """Without a limit a share is one of the host's memory."""
    answer = lab.ask("/hold?size=200%&format=json")
    assert (answer.status, answer.type) == (403, "application/problem+json")
    problem = answer.json
    assert problem["outcome"] == "refused"
    assert problem["requested_bytes"] == 2 * TOTAL
    for figure in (2 * TOTAL, AVAILABLE, RESERVE):
        assert str(figure) in problem["detail"]
    assert problem["limit"]["level"] == "host"
    assert not problem["resident_bytes"]


def test_a_refusal_is_kept_as_an_event(lab):
    answer = lab.ask("/?rows=100000000&format=json")
    assert answer.json["event"] == f"/events/{answer.id}"
    event = lab.json(f"/events/{answer.id}")
    assert (event["outcome"], event["status"]) == ("refused", 403)
    assert answer.id in {one["id"] for one in lab.json("/events")["events"]}


def test_a_hundred_at_once_are_never_promised_more_than_there_is(lab, tell):
    def look():
        guard = lab.status()["guard"]
        return guard["promised_bytes"], guard["allows_bytes"]
    with Repeated(look, 0.01) as looks:
        answers = lab.storm(100, f"/?rows={ROWS}").wait()
    seen = collections.Counter(one and one.status for one in answers)
    most = max(promised for promised, _ in looks.seen)
    tell("answers", dict(seen))
    tell("promised at most, of allowed", (most, AVAILABLE - RESERVE))
    assert set(seen) <= {200, 403}
    assert seen[200] >= (AVAILABLE - RESERVE) // ASKED
    assert all(promised <= allowed for promised, allowed in looks.seen)
    assert lab.status()["guard"]["promised_bytes"] == 0


def test_the_guard_can_be_switched_off(belt, new_lab, tmp_path):
    root = capture(tmp_path / "root", MEMINFO.replace(
        str(AVAILABLE >> 10), str(RESERVE >> 10)))
    lab = new_lab(cgroup=belt, limit="none", root=root, guard="off").start()
    assert lab.ask("/?rows=1000").status == 200
    assert lab.status()["guard"]["mode"] == "off"


def test_the_guard_says_no_when_nothing_may_be_taken(belt, new_lab, tmp_path):
    root = capture(tmp_path / "root", MEMINFO.replace(
        str(AVAILABLE >> 10), str(RESERVE >> 10)))
    lab = new_lab(cgroup=belt, limit="none", root=root).start()
    assert lab.ask("/?rows=1000").status == 403
    assert lab.ask("/?rows=0").status == 200
