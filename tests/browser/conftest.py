# SPDX-License-Identifier: MIT
"""The dashboard in a real browser, with real kills behind it: so a memory
cgroup is wanted, as in tests/oom."""
import pytest

from chromium import Chromium
from loads import calm
from memory_cgroup import why_none


@pytest.fixture(scope="session", autouse=True)
def memory_cgroup():
    why = why_none()
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def chromium():
    one = Chromium()
    yield one
    one.close()


@pytest.fixture
def page(request, lab, chromium):
    """The dashboard, opened and filled. Afterwards: nothing on the console,
    nobody else asked, no load left. Chromium itself writes a line there for
    each fetch that fails; a test that means one to fail says how, by a mark."""
    chromium.look()
    chromium.errors()
    chromium.open(f"{lab.url}/dashboard/")
    chromium.until_says("#finding", "in use")
    chromium.one("#field-size")
    yield chromium
    chromium.open("about:blank")
    said = chromium.errors()
    assert not [line for line in said if not meant(request.node, line)]
    assert not chromium.foreign(lab.port)
    calm(lab)


def meant(node, line):
    mark = node.get_closest_marker("may_log")
    return mark and "Failed to load resource: " in line and \
        any(words in line for words in mark.args)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "may_log(words, ...): fetches that are meant to fail")
