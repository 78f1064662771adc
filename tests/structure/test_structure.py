# SPDX-License-Identifier: MIT
"""The house as docs/DESIGN.md draws it: small files, calls that run one way,
nothing in C that belongs into a template."""
import os
import re

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LINES = 350
CODE = (".c", ".h", ".cc", ".py", ".sh", ".bash", ".tpl", ".template",
        ".js", ".css")
ROOMS = ("load", "scoreboard", "watch", "evidence", "readings", "views",
         "http")
# Which room may include which. A view sees filled structs, so it knows what
# the rooms below it fill.
MAY = {
    "load": {"load", "scoreboard", "readings", "views", "http", "config"},
    "watch": {"watch", "scoreboard", "evidence", "readings", "views", "http",
              "config"},
    "scoreboard": {"scoreboard", "readings", "views"},
    "evidence": {"evidence", "scoreboard", "readings", "views"},
    "readings": {"readings"},
    "views": {"views", "http", "readings", "evidence", "scoreboard"},
    "http": {"http"},
}


def files(*suffixes, below=""):
    for directory, names, found in os.walk(os.path.join(ROOT, below)):
        names[:] = sorted(set(names) - {".git", "build", "data",
                                        "__pycache__"})
        for name in sorted(found):
            if name.endswith(suffixes):
                yield os.path.relpath(os.path.join(directory, name), ROOT)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def is_script(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read(2) == b"#!"


def sources():
    """All that is code, by suffix or by its first line."""
    return [path for path in files("") if path.endswith(CODE)
            or "." not in os.path.basename(path) and is_script(path)]


def test_no_source_file_is_over_350_lines():
    long = {path: read(path).count("\n") for path in sources()
            if read(path).count("\n") > LINES}
    assert not long


def test_every_source_file_names_its_licence():
    assert not [path for path in sources() if not path.endswith(".tpl")
                and "SPDX-License-Identifier: MIT" not in
                "\n".join(read(path).splitlines()[:3])]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_includes_only_what_it_may(room):
    wrong = []
    for path in files(".c", ".h", ".cc", below=f"fcgi-app/{room}"):
        for other in re.findall(r'^#include "([\w-]+)[/.]', read(path), re.M):
            if other not in MAY[room]:
                wrong.append((path, other))
    assert not wrong


def test_load_and_watch_never_include_each_other():
    for room, other in (("load", "watch"), ("watch", "load")):
        assert not [path for path in
                    files(".c", ".h", below=f"fcgi-app/{room}")
                    if f'#include "{other}/' in read(path)]


def test_no_html_in_c():
    assert not [path for path in files(".c", ".h", ".cc", below="fcgi-app")
                if re.search(r'"[^"\n]*</?(html|body|h1|p|table|div)>',
                             read(path))]


def test_only_main_ends_the_process():
    """A worker ends itself by _exit, and so does a child that has failed."""
    assert not [path for path in files(".c", below="fcgi-app")
                if not path.endswith("/main.c")
                and re.search(r"(?<![\w_])exit\(", read(path))]


def test_the_documents_are_there():
    for name in ("README.md", "CHANGELOG.md", "LICENSE", "docs/DESIGN.md",
                 "docs/API.md", "docker-compose.yml", "Makefile"):
        assert os.path.exists(os.path.join(ROOT, name)), name


def test_the_readme_points_to_what_it_names():
    for target in re.findall(r"\]\((?!\w+:)([^)#]+)", read("README.md")):
        assert os.path.exists(os.path.join(ROOT, target)), target


def test_no_test_waits_by_the_clock():
    """The one helper that polls a condition is all that sleeps."""
    assert not [path for path in files(".py", below="tests")
                if re.search(r"(?<!\w)sleep\(", read(path))
                and not path.endswith(("processes.py", "test_structure.py"))]
