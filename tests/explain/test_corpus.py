# SPDX-License-Identifier: MIT
"""The explainer held against real excerpts with their truth, read by eye. They
are others' text and lie outside of the repository: in OOMLAB_SHARED, or in
../shared. Where they are not, that is a failure and no gap."""
import json
import os
import re
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SHARED = os.environ.get("OOMLAB_SHARED", os.path.join(ROOT, "../shared"))
LOGS = os.path.join(SHARED, "data/kernel-logs")
CASES = 45  # as delivered: one that vanishes must not pass for one that is right
OOMLAB = os.environ.get("OOMLAB_BINARY", os.path.join(ROOT, "build/oomlab"))


def explain(path):
    return json.loads(subprocess.run(
        [OOMLAB, "explain", "--format", "json", path],
        capture_output=True, check=True).stdout)


def test_every_case_is_read_right():
    assert os.path.isdir(f"{LOGS}/corpus"), \
        f"no {LOGS}/corpus: say where it is in OOMLAB_SHARED"
    run = subprocess.run(
        [sys.executable, f"{LOGS}/check.py", f"{LOGS}/corpus", OOMLAB,
         "explain", "--format", "json"],
        capture_output=True, text=True, check=False)
    right = re.search(r"(\d+) of (\d+) cases right", run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert right and int(right[1]) == int(right[2]) >= CASES, run.stdout


def test_the_ancestors_own_log_is_one_report_without_a_kill():
    told = explain(f"{LOGS}/ancestor.log")
    assert told["kills"] == [] and told["no_killable"] == 0
    assert [(report["invoker_comm"], report["invoker_pid"])
            for report in told["incomplete_reports"]] == [("python", 2711)]


def test_a_report_of_this_kernel_is_read_whole():
    told = explain(f"{LOGS}/live-memcg-v1-6.18.log")
    assert [kill["victim_pid"] for kill in told["kills"]] == [26474, 27233]
    first = told["kills"][0]
    assert first["victim"]["badness_pages"] == 1495696 + 12369920 // 4096
    assert first["badness_rank"] == 1
    assert first["memcg"]["anon_kb"] == 8570310656 // 1024
    assert first["page_kb"] == 4


@pytest.mark.parametrize("width", [80])
def test_the_text_fits_a_terminal(width):
    for directory, _, names in os.walk(LOGS):
        for name in names:
            if not name.endswith(".log"):
                continue
            text = subprocess.run(
                [OOMLAB, "explain", os.path.join(directory, name)],
                capture_output=True, check=True).stdout.decode()
            assert max(map(len, text.splitlines())) <= width, name
