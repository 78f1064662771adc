# SPDX-License-Identifier: MIT
"""Real OOM kills want a memory cgroup that a test can make. Where there can be
none the tests are skipped with the reason, for tests/run to tell."""
import pytest

from loads import calm
from memory_cgroup import why_none


@pytest.fixture(scope="session", autouse=True)
def memory_cgroup():
    why = why_none()
    if why:
        pytest.skip(why)


@pytest.fixture
def nothing_left(lab):
    """No load under way before and after."""
    calm(lab)
    yield
    calm(lab)
