# SPDX-License-Identifier: MIT
"""oomlab(1): all that there is to call and to set is in it, and mandoc finds
nothing to object to."""
import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
OOMLAB = os.environ.get("OOMLAB_BINARY", os.path.join(ROOT, "build/oomlab"))
TEMPLATES = os.path.join(ROOT, "templates")


def said(*arguments):
    return subprocess.run([OOMLAB, *arguments], capture_output=True,
                          check=True, text=True).stdout


@pytest.fixture(scope="module", name="page")
def the_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("man") / "oomlab.1"
    path.write_text(said("man", "--templates", TEMPLATES))
    return path


def read_c(name):
    with open(os.path.join(ROOT, "fcgi-app", name), encoding="utf-8") as file:
        return file.read()


def test_mandoc_finds_no_fault(page):
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is missing")
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)],
                          capture_output=True, check=False, text=True)
    assert (lint.returncode, lint.stdout) == (0, "")


def test_it_is_shown_without_a_marker_left(page):
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is missing")
    shown = subprocess.run(["mandoc", "-T", "ascii", str(page)], check=True,
                           capture_output=True, text=True).stdout
    text = re.sub(".\b", "", shown)  # bold and underlined, as printers did
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT",
                    "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"):
        assert re.search(f"^{heading}$", text, re.M), heading
    assert not re.search(r"[{}]|takes:$|default:$", text, re.M)


def test_every_command_is_in_it(page):
    names = re.findall(r"^  (\w+) +\S", said("help").split("\nSettings")[0],
                       re.M)
    assert {"load", "watch", "explain", "settings", "man", "help"} <= \
        set(names)
    for name in names:
        assert re.search(rf"^\.It Cm {name}\b", page.read_text(), re.M), name


def test_every_setting_is_in_it_as_a_flag_and_as_a_variable(page):
    names = re.findall(r"^  --(\S+) ", said("help"), re.M)
    assert len(names) == read_c("config.c").count("\tROW(") > 10
    for name in names:
        variable = "OOMLAB_" + name.upper().replace("-", "_")
        for line in (f".It Fl -{name} Ar value", f".It Ev {variable}"):
            assert line in page.read_text().splitlines(), line


def test_every_route_and_parameter_is_in_it(page):
    rows = re.findall(r'^\t\{"(/\S*)", "([A-Z ]+)"', read_c("load/routes.c") +
                      read_c("watch/routes.c"), re.M)
    assert len(rows) > 15
    for path, methods in rows:
        assert f".It Sy {methods} {path}" in page.read_text().splitlines()
    names = re.findall(r'^\t\{"(\w+)", PARAM_',
                       read_c("http/param_table.c"), re.M)
    assert len(names) > 20
    for name in names:
        assert f".It Sy {name}" in page.read_text().splitlines(), name
