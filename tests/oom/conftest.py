# SPDX-License-Identifier: MIT
"""Real OOM kills want a memory cgroup that a test can make. Where there can be
none the tests are skipped with the reason, for tests/run to tell."""
import os

import pytest

from loads import calm
from memory_cgroup import MemoryCgroup


@pytest.fixture(scope="session", autouse=True)
def memory_cgroup():
    if os.geteuid() != 0:
        pytest.skip("only root can make a memory cgroup")
    try:
        MemoryCgroup.make(f"oomlab-try-{os.getpid()}", 64 << 20).remove()
    except OSError as error:
        pytest.skip(str(error))


@pytest.fixture
def nothing_left(lab):
    """No load under way before and after."""
    calm(lab)
    yield
    calm(lab)
