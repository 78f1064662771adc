# SPDX-License-Identifier: MIT
"""Loads in containers: a limit that only a parent has, which v1 tells though
the parent cannot be seen; and a load that takes its container with it."""
import glob
import os
import time

import pytest

from memory_cgroup import LIMITS, MemoryCgroup, mount
from processes import wait_until
from stack import READY_S, Stack

MIB = 1 << 20
PARENT = 256 * MIB
OTHERS = 3


@pytest.fixture(scope="module")
def small(engine):
    one = Stack(engine, limit="512m")
    try:
        yield one.up()
    finally:
        one.close()


@pytest.fixture(scope="module")
def parent(engine):
    """A cgroup of 256 MiB at the root, for --cgroup-parent."""
    if mount(1) is None:
        pytest.skip("kernel: v2 tells no limit of an ancestor out of sight")
    if engine.docker("info", "--format", "{{.CgroupDriver}}") != "cgroupfs":
        pytest.skip("the engine's cgroups are systemd's")
    label = f"oomlab-docker-{os.getpid()}"
    made = MemoryCgroup(1, f"{mount(1)[0]}/{label}")
    os.mkdir(made.directory)
    made.write(LIMITS[0][0], PARENT)
    yield label
    # The engine has made the same in every other hierarchy.
    for directory in glob.glob(f"/sys/fs/cgroup/*/{label}"):
        os.rmdir(directory)


@pytest.fixture(params=["private", "host"])
def below_parent(request, small, parent, engine):
    """The stack, its load under that parent and without a limit."""
    load, name = small.inspect("load")["Id"], f"{small.project}-below"
    small.compose("stop", "load")
    try:
        engine.docker(
            "run", "-d", "--name", name, f"--cgroup-parent=/{parent}",
            f"--cgroupns={request.param}", "--volumes-from", load,
            "--network", "none", "--user", "900:900", "--read-only",
            "--cap-drop", "ALL", "--entrypoint", "spawn-fcgi", "oomlab",
            "-n", "-s", "/run/oomlab/load.sock", "-M", "0660", "--",
            "/usr/local/bin/oomlab", "load")
        wait_until(lambda: small.serves("/?rows=0"), READY_S, "load", 0.05)
        yield small
    finally:
        engine.docker("rm", "-f", name)
        small.compose("start", "load")
        wait_until(lambda: small.serves("/?rows=0"), READY_S, "load", 0.05)


def check_limit(limit):
    assert (limit["bytes"], limit["level"]) == (PARENT, "ancestor")
    assert "/memory.stat" in limit["source"]
    assert (limit["path"], limit["headroom_bytes"]) == (None, None)


def test_a_parents_limit_binds_though_it_cannot_be_seen(below_parent):
    answer = below_parent.ask("/hold?size=50%&format=json")
    assert answer.status == 200, answer.text
    assert answer.json["requested_bytes"] == PARENT // 2
    check_limit(answer.json["limit"])
    assert below_parent.status()["ancestors_visible"] is False
    told = below_parent.json("/forecast?size=50%")
    check_limit(told["limit"])
    assert "ancestors-hidden" in {one["code"] for one in told["warnings"]}


def test_over_the_parents_limit_it_is_killed_and_told(below_parent, tell):
    answer = below_parent.ask("/hold?size=120%&format=json")
    assert answer.status == 502, answer.text
    told = answer.json
    tell("verdict", (told["verdict"], told["certainty"], told["limit"]))
    assert told["verdict"] in ("cgroup-oom", "oom")


def deaths(stack, container, since):
    """Exit codes of a container's processes 1 that have ended since."""
    return stack.engine.docker(
        "events", "--since", str(since), "--until", str(time.time()),
        "--filter", f"container={container}", "--filter", "event=die",
        "--format", "{{.Actor.Attributes.exitCode}}").split()


def test_dies_container_restarts_it_and_everybody_is_told(small, tell):
    container, since = small.inspect("load")["Id"], time.time()
    restarts, start = small.life("load")
    others = [small.later("/hold?size=8M&for=10m&format=json")
              for _ in range(OTHERS)]
    wait_until(lambda: [one["state"] for one in
                        small.json("/loads")["loads"]].count("holding") ==
               OTHERS, READY_S, "all that hold", 0.05)
    own = small.ask("/hold?size=1G&dies=container&format=json")
    told = [one.result() for one in others]
    tell("its own client and the others",
         (own.json.get("verdict"), [one.json["verdict"] for one in told]))
    assert (own.status, own.json["verdict"]) == (502, "cgroup-oom")
    assert own.json["certainty"] == "proven"
    assert {(one.status, one.json["verdict"]) for one in told} == \
        {(502, "load-gone")}
    wait_until(lambda: small.life("load")[1] != start, READY_S, "a restart",
               0.05)
    assert small.life("load")[0] == restarts + 1
    assert deaths(small, container, since) == ["137"]
    wait_until(lambda: small.serves("/?rows=0"), READY_S, "load", 0.05)
