# SPDX-License-Identifier: MIT
"""What one open dashboard asks of the watch, idle and while a load grows: few
questions, small ones, and little of a core."""
import re
import time

from loads import Load
from processes import cpu_seconds, wait_until

SETTINGS = {"limit": "512M", "max": 8}
TURNS = 10        # that are looked at, a second each
CORE_MOST = 0.30  # 3 %, ten times wider
QUESTIONS_MOST = 4 * TURNS


def asked(lab, since):
    return re.findall(r'"GET (/\S*) [^"]*" \d+ (\d+)', lab.said()[since:])


def measure(lab, tell, what):
    pid, since = lab.pid("watch"), len(lab.said())
    begun, before = time.monotonic(), cpu_seconds(pid)
    wait_until(lambda: sum(path.startswith("/memory") for path, _ in
                           asked(lab, since)) >= TURNS,
               60, f"{TURNS} turns of the page", 0.1)
    core = (cpu_seconds(pid) - before) / (time.monotonic() - begun)
    questions = asked(lab, since)
    tell(f"{what}: share of a core, questions, bytes of a turn",
         (round(core, 4), len(questions),
          sum(int(size) for _, size in questions) // TURNS))
    assert core < CORE_MOST
    assert len(questions) <= QUESTIONS_MOST


def test_an_idle_dashboard_asks_little(page, lab, tell):
    assert page.text("#finding")
    measure(lab, tell, "idle")


def test_it_asks_little_more_while_a_load_grows(page, lab, tell):
    Load(lab, "size=300M&rate=10M/s&for=5m")
    page.one("#loads li")
    measure(lab, tell, "a load that grows")
