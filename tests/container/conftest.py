# SPDX-License-Identifier: MIT
"""One engine and one stack for all tests of compose, built once."""
import pytest

from stack import Engine, Stack, compose_commands


@pytest.fixture(scope="session")
def commands():
    found = compose_commands()
    if not found:
        pytest.skip("neither docker-compose nor docker compose is installed")
    return found


@pytest.fixture(scope="session")
def engine(commands):  # pylint: disable=unused-argument
    one = Engine()
    try:
        yield one.start()
    finally:
        one.stop()


def brought_up(engine, limit):
    one = Stack(engine, limit=limit)
    try:
        yield one.up()
    finally:
        one.close()


@pytest.fixture(scope="session")
def stack(engine):
    yield from brought_up(engine, "2g")


@pytest.fixture
def small(engine):
    yield from brought_up(engine, "512m")
