# SPDX-License-Identifier: MIT
"""locked and pipe where no quota ends them first, as root has it: the service
runs as its own user all the same, so that user's quotas are lifted."""
import pytest

from processes import read, wait_until

SETTINGS = {"limit": "256M", "before": "ulimit -l unlimited"}
LIMIT_BYTES = 256 << 20
PIPE_QUOTA = "/proc/sys/fs/pipe-user-pages-soft"  # 0: none
KINDS = {"locked": "unevictable", "pipe": "kernel"}
NEAR = 0.02
TIMES = 3


@pytest.fixture(scope="module", autouse=True)
def pipes_without_quota():
    before = read(PIPE_QUOTA)
    write(PIPE_QUOTA, "0")
    yield
    write(PIPE_QUOTA, before)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


@pytest.mark.parametrize("kind", KINDS)
def test_within_the_limit_it_is_held(lab, kind, tell):
    answer = lab.ask(f"/hold?size=64M&kind={kind}&format=json")
    assert answer.status == 200, answer.text
    said = answer.json
    assert said["outcome"] == "held", answer.text
    assert said["resident_bytes"] == 64 << 20
    charged = said["charged"]
    tell("charged", charged)
    assert charged["place"] == KINDS[kind]
    assert charged[f"{KINDS[kind]}_bytes"] == \
        pytest.approx(64 << 20, rel=NEAR)


@pytest.mark.parametrize("_", range(TIMES))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.unweighed  # an event more each
def test_at_twice_the_limit_it_is_killed(lab, kind, tell, _):
    master, kills = lab.pid("load"), lab.cgroup.oom_kills()
    answer = lab.ask(f"/hold?size=512M&kind={kind}&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    tell("resident, of the limit",
         round(said["resident_bytes"] / LIMIT_BYTES, 3))
    assert (said["outcome"], said["verdict"], said["certainty"]) == \
        ("killed", "cgroup-oom", "proven"), answer.text
    assert (said["kind"], said["id"]) == (kind, answer.id)
    assert (said["limit"]["level"], said["limit"]["bytes"]) == \
        ("own", LIMIT_BYTES)
    assert 0.9 * LIMIT_BYTES < said["resident_bytes"] <= LIMIT_BYTES
    assert lab.cgroup.oom_kills() > kills  # an idle worker may go as well
    assert lab.pid("load") == master
    wait_until(lambda: lab.cgroup.usage_bytes() < LIMIT_BYTES / 4, 2,
               "free memory")
