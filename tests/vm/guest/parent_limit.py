# SPDX-License-Identifier: MIT
"""The limit that binds is the parent's, and it is in sight: what is a percent
is a percent of it, and a kill is told as the parent's."""
import pytest

from lab import Lab
from memory_cgroup import MemoryCgroup
from processes import wait_until

pytestmark = pytest.mark.unweighed  # an event more each

LIMIT_BYTES = 256 << 20
OWN = ("536870912", "max")  # wider than the parent's, or none
TIMES = 5


@pytest.fixture(scope="module")
def parent():
    made = MemoryCgroup.make("oomlab-parent", LIMIT_BYTES)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def lab(parent):
    """deploy/run makes load's cgroup beside the leaf that it was started in:
    below the one that hands memory down."""
    leaf = parent.leaf("leaf")
    with Lab(cgroup=leaf, limit="512M") as one:
        yield one
    leaf.remove()


@pytest.fixture(params=OWN, autouse=True)
def own(request, lab):
    lab.cgroup.write("memory.max", request.param)


def is_the_parents(limit, parent):
    return (limit["level"], limit["bytes"], limit["source"]) == \
        ("ancestor", LIMIT_BYTES, f"{parent.directory}/memory.max") and \
        parent.directory.endswith(limit["path"])


def known_free(lab):
    """What is published is up to a second old while nothing is under way."""
    return all(limit["usage_bytes"] < LIMIT_BYTES / 4
               for limit in lab.status()["limits"]
               if limit["level"] == "ancestor" and limit["bytes"])


def test_load_is_below_the_parent(lab, parent):
    assert lab.cgroup.directory == f"{parent.directory}/oomlab-{lab.port}"
    assert lab.status()["ancestors_visible"] is True


def test_a_percent_is_of_the_parents_limit(lab, parent):
    answer = lab.ask("/hold?size=50%&format=json")
    assert answer.status == 200, answer.text
    said = answer.json
    assert said["requested_bytes"] == LIMIT_BYTES // 2
    assert said["resident_bytes"] == pytest.approx(LIMIT_BYTES // 2, rel=0.01)
    assert is_the_parents(said["limit"], parent), said["limit"]


@pytest.mark.parametrize("_", range(TIMES))
def test_a_kill_at_it_is_told_as_the_parents(lab, parent, tell, _):
    master, kills = lab.pid("load"), lab.cgroup.oom_kills()
    wait_until(lambda: known_free(lab), 5, "a reading from after the last")
    foretold = lab.json("/forecast?size=200%")
    answer = lab.ask("/hold?size=200%&format=json")
    assert answer.status == 502, answer.text
    said = answer.json
    assert (said["verdict"], said["certainty"]) == ("cgroup-oom", "proven"), \
        answer.text
    assert is_the_parents(said["limit"], parent), said["limit"]
    moved = {row["source"]: row["after"] - row["before"]
             for row in said["evidence"] if row["before"] is not None}
    assert moved[f"{parent.directory}/memory.events.local oom"] > 0
    assert lab.cgroup.oom_kills() > kills  # an idle worker may go as well
    assert lab.pid("load") == master
    tell("foretold at, killed with", (foretold["kill_at_bytes"],
                                      said["resident_bytes"]))
    assert is_the_parents(foretold["limit"], parent)
    assert foretold["kill_at_bytes"] == \
        pytest.approx(said["resident_bytes"], rel=0.03)
