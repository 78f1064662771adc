# SPDX-License-Identifier: MIT
"""Fixtures of the tests from outside, and the figures they measured."""
import pytest

from lab import Lab
from processes import wait_until

# What a test may leave behind. The master allocates nothing after its start;
# each thread of the watch keeps the stack that it once needed.
RSS_LEFT_BYTES = {"load": 512 << 10, "watch": 4 << 20}

# Of a lab's log beside a failure, what went well left out.
LOG_LINES, LOG_COLUMNS = 20, 200

figures = []


@pytest.fixture(scope="module")
def lab(request):
    """One for all tests of a file, by its SETTINGS."""
    with Lab(**getattr(request.module, "SETTINGS", {})) as one:
        warm_up(one)
        yield one


def warm_up(one):
    """So that every page and every thread has been used once."""
    paths = ["/status", "/events", "/loads", "/help", "/nowhere", "/?rows=0"]
    asked = [one.later(f"{path}{'&' if '?' in path else '?'}format={form}")
             for path in paths * 6 for form in ("html", "json", "text")]
    for future in asked:
        future.result()


@pytest.fixture
def new_lab():
    """Makes further ones: new_lab(max=4). Not started yet."""
    made = []

    def make(**settings):
        made.append(Lab(**settings))
        return made[-1]
    yield make
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def appetite(request):
    """No test leaves master or watch hungrier than it found them."""
    if "lab" not in request.fixturenames or \
            request.node.get_closest_marker("unweighed"):
        yield
        return
    one = request.getfixturevalue("lab")
    before = one.appetite()
    yield
    grown = wait_until(lambda: settled(before, one.appetite()), 5,
                       lambda: f"{before} again, now {one.appetite()}", 0.05)
    assert grown


def settled(before, now):
    return all(
        now[who]["rss_bytes"] - before[who]["rss_bytes"] <= most and
        now[who]["descriptors"] <= before[who]["descriptors"] and
        now[who]["zombies"] == 0
        for who, most in RSS_LEFT_BYTES.items())


@pytest.fixture
def tell(request, record_property):
    """Notes a measured figure: tell("busy at once", 97)."""
    def note(what, value):
        figures.append(f"{request.node.name}: {what}: {value}")
        record_property(what, value)
    return note


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    """What failed is shown with the last lines of every lab's log."""
    report = (yield).get_result()
    if report.failed:
        for one in Lab.running:
            lines = [line for line in one.said().splitlines()
                     if '" 200 ' not in line and "prematurely" not in line]
            report.sections.append((f"log of port {one.port}", "\n".join(
                line[:LOG_COLUMNS] for line in lines[-LOG_LINES:])))


MARKERS = (
    "unweighed: master and watch are ended, or weighed by a test of its own",
    "first: before all others, for what takes its time beside them",
    "last: after all others")


def pytest_configure(config):
    for line in MARKERS:
        config.addinivalue_line("markers", line)


def pytest_collection_modifyitems(items):
    def order(item):
        return (item.get_closest_marker("last") is not None) - \
            (item.get_closest_marker("first") is not None)
    items.sort(key=order)


def pytest_terminal_summary(terminalreporter):
    if figures:
        terminalreporter.section("measured")
        for line in figures:
            terminalreporter.write_line(line)
