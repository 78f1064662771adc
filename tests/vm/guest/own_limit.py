# SPDX-License-Identifier: MIT
"""Under cgroup v2, in the cgroup that deploy/run makes: the ancestor's page,
and a kill at that cgroup's own limit."""

SETTINGS = {"limit": "256M"}
LIMIT_BYTES = 256 << 20


def test_the_limit_is_deploy_runs_own(lab):
    assert lab.cgroup.version == 2
    assert lab.cgroup.directory == f"/sys/fs/cgroup/oomlab-{lab.port}"
    own = [limit for limit in lab.status()["limits"]
           if limit["level"] == "own"]
    assert [limit["bytes"] for limit in own] == [LIMIT_BYTES]


def test_a_page_that_fits(lab):
    assert lab.ask("/?rows=10000").status == 200


def test_a_page_that_does_not(lab):
    master, kills = lab.pid("load"), lab.cgroup.oom_kills()
    answer = lab.ask("/?rows=1000000&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    assert (said["outcome"], said["verdict"], said["certainty"]) == \
        ("killed", "cgroup-oom", "proven"), answer.text
    assert said["id"] == answer.id
    assert said["limit"]["level"] == "own"
    assert said["limit"]["bytes"] == LIMIT_BYTES
    assert said["limit"]["source"] == f"{lab.cgroup.directory}/memory.max"
    assert 0.9 * LIMIT_BYTES < said["resident_bytes"] <= LIMIT_BYTES
    moved = {row["source"]: row["after"] - row["before"]
             for row in said["evidence"] if row["before"] is not None}
    local = f"{lab.cgroup.directory}/memory.events.local"
    assert moved[f"{local} oom_kill"] == 1
    # Two threads that grow may both meet the limit before the one kill.
    assert moved[f"{local} oom"] >= 1
    assert lab.cgroup.oom_kills() == kills + 1
    assert lab.pid("load") == master
    assert lab.ask("/?rows=10000").status == 200
