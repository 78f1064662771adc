# SPDX-License-Identifier: MIT
"""The eight kinds: charged where each belongs, by the kernel's count and in
the answer; and how each ends at twice the limit. A bystander in the same
cgroup and the service live through it all."""
import os
import shutil
import subprocess
import tempfile

import pytest

import processes
from lab import IN_CGROUP, Lab
from loads import MIB, Load, calm
from processes import wait_until

LIMIT = 256 * MIB
GONE_S = 20  # 2 s, ten times wider

# kind: bytes, counter, the same in the answer's `charged`
CHARGED = {
    "anon": (64 * MIB, "anon", "anon_bytes"),
    "huge": (64 * MIB, "anon", "anon_bytes"),
    "rows": (64 * MIB, "anon", "anon_bytes"),
    "shm": (64 * MIB, "shmem", "shmem_bytes"),
    "file": (64 * MIB, "file", "file_bytes"),
    "locked": (4 * MIB, "unevictable", "unevictable_bytes"),
    "pipe": (48 * MIB, "kernel", "kernel_bytes"),
    "pagetable": (64 * MIB, "kernel", "kernel_bytes")}
PLACES = {"anon": "anon", "huge": "anon", "rows": "anon", "shm": "shmem",
          "file": "file", "locked": "unevictable", "pipe": "kernel",
          "pagetable": "kernel"}
FATAL = ["anon", "huge", "rows", "shm", "pagetable"]
QUOTAS = {"locked": "RLIMIT_MEMLOCK", "pipe": "fs.pipe-user-pages-soft"}
BYSTANDER = "import sys; x = bytearray(8 << 20); print('there', flush=True)" \
    "; sys.stdin.read()"


@pytest.fixture(scope="module")
def disk():
    """A scratch directory on a disk, not on tmpfs."""
    made = tempfile.mkdtemp(prefix="oomlab-scratch-", dir="/var/tmp")
    os.chmod(made, 0o755)
    yield f"{made}/scratch"
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def lab(disk):
    with Lab(limit=LIMIT, scratch=disk) as one:
        for kind in CHARGED:  # what each needs once
            one.ask(f"/hold?size=1M&kind={kind}")
        yield one


@pytest.fixture(scope="module")
def bystander(lab):
    with subprocess.Popen(
            ["bash", "-c", IN_CGROUP, "bystander", lab.cgroup.directory,
             "/usr/bin/python3", "-c", BYSTANDER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert one.stdout.readline() == b"there\n"
        yield one
        one.stdin.close()
        one.wait(10)


def back_again(lab):
    calm(lab)
    wait_until(lambda: lab.cgroup.usage_bytes() < LIMIT // 2, GONE_S,
               "memory given back", 0.005)


@pytest.fixture(autouse=True)
def all_live(lab, bystander):
    calm(lab)
    master = lab.pid("load")
    yield
    back_again(lab)
    assert bystander.poll() is None
    assert lab.pid("load") == master
    assert lab.ask("/?rows=1000").status == 200


@pytest.mark.parametrize("kind", CHARGED)
def test_a_kind_is_charged_where_it_belongs(lab, tell, kind):
    count, counter, _ = CHARGED[kind]
    before = lab.cgroup.counter(counter)
    load = Load(lab, f"size={count}&kind={kind}&for=60s")
    shown = load.held()
    # The kernel gathers its statistics for up to 2 s.
    grown = wait_until(
        lambda: near(lab.cgroup.counter(counter) - before, count), 5,
        lambda: f"{counter}: {count}, but "
        f"{lab.cgroup.counter(counter) - before}; {shown}", 0.02)
    tell(f"{counter}, of what was asked", round(grown / count, 4))
    assert near(shown["resident_bytes"], count)
    assert load.release().status == 204
    wait_until(lambda: lab.cgroup.counter(counter) - before < count // 4 + MIB,
               GONE_S, f"{counter} gone", 0.02)


def near(got, count):
    """got, if it is within 2 % of count."""
    return got if abs(got - count) <= count // 50 else 0


@pytest.mark.parametrize("kind", CHARGED)
def test_the_answer_tells_where_it_was_charged(lab, tell, kind):
    count, _, member = CHARGED[kind]
    told = lab.ask(f"/hold?size={count}&kind={kind}&for=100ms&format=json")
    assert told.status == 200, told.text
    charged = told.json["charged"]
    tell(member, (charged[member], count))
    assert told.json["outcome"] == "held"
    assert charged["place"] == PLACES[kind]
    assert near(charged[member], count), charged
    assert told.json["agrees"] is not False


def test_a_file_on_tmpfs_is_told_as_the_shmem_that_it_is(new_lab):
    lab = new_lab(limit=LIMIT).start()  # its scratch is in /dev/shm
    told = lab.ask("/hold?size=64M&kind=file&for=100ms&format=json").json
    assert told["charged"]["place"] == "shmem"
    assert near(told["charged"]["shmem_bytes"], 64 * MIB)


def idle_deaths(lab):
    return len([one for one in lab.json("/events")["events"]
                if one["kind"] == "idle-death"])


@pytest.mark.parametrize("kind", FATAL)
def test_at_twice_the_limit_it_ends_as_a_post_mortem(lab, tell, kind):
    kills, idle = lab.cgroup.oom_kills(), idle_deaths(lab)
    answer = lab.ask(f"/hold?size=200%&kind={kind}&format=json")
    assert answer.status == 502, answer.text
    told = answer.json
    tell("certainty; resident at the kill, of the limit; s; kills",
         (told["certainty"], round(told["resident_bytes"] / LIMIT, 3),
          round(answer.seconds, 2), lab.cgroup.oom_kills() - kills))
    assert (told["verdict"], told["certainty"]) == ("cgroup-oom", "proven")
    assert (told["kind"], told["id"]) == (kind, answer.id)
    assert told["resident_bytes"] <= LIMIT
    # While the dead one's page tables are on their way back the next to ask
    # for a page may cost an idle worker.
    calm(lab)
    assert lab.cgroup.oom_kills() - kills == 1 + idle_deaths(lab) - idle


def test_page_cache_at_twice_the_limit_is_short_of_what_stayed(lab, tell):
    kills = lab.cgroup.oom_kills()
    answer = lab.ask("/hold?size=200%&kind=file&format=json")
    told = answer.json
    tell("status, outcome, resident of the limit, s", (
        answer.status, told["outcome"],
        round(told["resident_bytes"] / LIMIT, 3), round(answer.seconds, 2)))
    assert (answer.status, told["outcome"]) == (507, "short")
    assert told["requested_bytes"] == 2 * LIMIT
    assert 0 < told["resident_bytes"] <= LIMIT
    assert told["reason"]
    assert lab.cgroup.oom_kills() == kills


@pytest.mark.parametrize("kind", QUOTAS)
def test_beyond_a_quota_it_is_short_and_names_it(lab, tell, kind):
    answer = lab.ask(f"/hold?size=200%&kind={kind}&format=json")
    told = answer.json
    tell("reason", told["reason"])
    assert (answer.status, told["outcome"]) == (507, "short")
    assert QUOTAS[kind] in told["reason"]
    assert told["requested_bytes"] == 2 * LIMIT
    assert 0 < told["resident_bytes"] < LIMIT


def test_nothing_is_left_in_the_scratch_directory(lab, disk):
    load = Load(lab, "size=8M&kind=file&for=60s")
    pid = load.held()["worker"]["pid"]
    assert any(to.startswith(disk) and to.endswith(" (deleted)")
               for to in processes.descriptors(pid))
    assert os.listdir(disk) == []


@pytest.mark.parametrize("kind", FATAL)
def test_who_comes_after_a_post_mortem_is_served(lab, kind):
    """Its memory may be on its way back for a while, page tables longest."""
    for _ in range(5):
        answer = lab.ask(f"/hold?size=200%&kind={kind}&format=json")
        assert answer.status == 502, answer.text
        answer = lab.ask("/?rows=1000&format=json")
        assert answer.status == 200, answer.text
