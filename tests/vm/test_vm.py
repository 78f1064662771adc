# SPDX-License-Identifier: MIT
"""The virtual machine itself, and the real oomlab in it under cgroup v2.

What is asked of oomlab in there stands in guest/: files that pytest runs in
the machine, named so that nobody collects them outside.
"""
import os
import re

import pytest

import machine

missing = machine.missing()
pytestmark = pytest.mark.skipif(
    bool(missing), reason=f"no virtual machine without {' '.join(missing)}")

FACTS = """
uname -r
cat /sys/fs/cgroup/cgroup.subtree_control
head -n 1 /proc/pressure/memory
wc -l </proc/swaps
echo to stderr >&2
sleep 1000 &
exit 7
"""


@pytest.fixture
def boot(tell):
    """machine.run, with what the boot took noted."""
    def run(*command, **options):
        done = machine.run(*command, **options)
        for what, seconds in machine.figures().items():
            tell(what, seconds)
        return done
    return run


def told(done):
    return f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}"


def test_it_boots_a_kernel_with_cgroup_v2_and_psi(boot):
    done = boot("bash", "-c", FACTS)
    assert done.returncode == 7, told(done)
    assert done.stderr == "to stderr\n"
    release, controllers, pressure, swaps = done.stdout.splitlines()
    assert [int(n) for n in re.findall(r"\d+", release)[:2]] >= [6, 1]
    assert "memory" in controllers.split()
    assert pressure.startswith("some avg10=")
    assert swaps == "1", "a line that is the head alone"


def test_swap_is_on_when_asked_for(boot):
    done = boot("tail", "-n", "1", "/proc/swaps", swap="64M")
    assert done.returncode == 0, told(done)
    name, kind, kib = done.stdout.split()[:3]
    assert (name, kind) == ("/dev/vda", "partition")
    assert int(kib) == pytest.approx(64 << 10, abs=8)


def test_a_machine_that_goes_down_is_no_success(boot):
    done = boot("bash", "-c", "echo c >/proc/sysrq-trigger")
    assert done.returncode == 125, told(done)
    assert "went down before the command ended" in done.stderr


def test_its_time_is_bounded(boot):
    assert boot("true", timeout=1).returncode == 124


# Of each group one boot: its files, and what the machine has.
GROUPS = {
    "limits": (["own_limit.py", "parent_limit.py", "no_quota.py"], {}),
    "in-a-row": (["in_a_row.py"], {}),
    "memory-high": (["memory_high.py"], {}),
    "group-kill": (["group_kill.py", "systemd_oomd.py"], {}),
    "swap-and-overcommit": (["swap.py", "overcommit.py"], {"swap": "512M"}),
    "machine": (["machine_limit.py"], {}),
}
# What a kill is called must be right without the kernel log too.
WITHOUT_LOG = ["limits", "group-kill", "swap-and-overcommit", "machine"]
HIDE_LOG = "mount --bind /dev/null /dev/kmsg && exec \"$@\""
PYTEST = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider"]


def run_group(boot, group, *before):
    files, options = GROUPS[group]
    done = boot(*before, *PYTEST,
                *(f"tests/vm/guest/{file}" for file in files), **options)
    print(done.stdout)
    assert done.returncode == 0, told(done)


@pytest.mark.parametrize("group", GROUPS)
def test_oomlab_under_cgroup_v2(boot, group):
    run_group(boot, group)


@pytest.mark.parametrize("group", WITHOUT_LOG)
def test_the_same_without_the_kernel_log(boot, group):
    run_group(boot, group, "bash", "-c", HIDE_LOG, "hide")


def test_no_file_for_the_machine_is_left_out():
    asked = [file for files, _ in GROUPS.values() for file in files]
    assert sorted(asked) == sorted(
        name for name in os.listdir(f"{machine.HERE}/guest")
        if name.endswith(".py"))
