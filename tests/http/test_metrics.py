# SPDX-License-Identifier: MIT
"""/metrics as Prometheus reads it: its format, what it counts, that nothing is
lost or counted twice when watch and load are started again, what it costs."""
import statistics

import pytest

import processes
from loads import Load
from processes import wait_until
from restarts import kill_load, restart
from prometheus import names, promtool, samples, scrape

OUTCOMES = ["held", "left", "released", "disconnected", "short", "stalled",
            "refused", "busy", "killed"]
VERDICTS = ["cgroup-oom", "host-oom", "oom", "group-oom", "signal", "crash",
            "load-gone", "unknown"]
MIB = 1 << 20
SOON_S = 10  # what the collector does in 250 ms, on a loaded machine
ASKED = 200
MEDIAN_S = 0.2  # 20 ms, ten times wider


def until(lab, key, value):
    """The samples once that one has come so far, and not further."""
    found = wait_until(
        lambda: scrape(lab).get(key, -1) >= value and scrape(lab), SOON_S,
        lambda: f"{key} {value}, but {scrape(lab).get(key)}", 0.02)
    assert found[key] == value
    return found


def test_it_is_the_text_format_whatever_is_asked_for(lab):
    for path, accept in (("/metrics", None), ("/metrics?format=json", None),
                         ("/metrics", "application/json"),
                         ("/metrics", "application/openmetrics-text")):
        answer = lab.ask(path, headers={"Accept": accept} if accept else {})
        assert answer.status == 200
        assert answer.headers["Content-Type"] == \
            "text/plain; version=0.0.4; charset=utf-8"
        assert answer.text.startswith("# HELP oomlab_build_info ")
    assert int(lab.ask("/metrics", "HEAD").headers["Content-Length"]) > 1000
    refused = lab.ask("/metrics", "POST")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert lab.ask("/metrics?step=5").status == 400


def test_promtool_finds_nothing_to_say(lab):
    assert promtool("check", "metrics",
                    input=lab.ask("/metrics").body) == (0, "")


def test_every_verdict_and_outcome_is_there_from_the_start(new_lab):
    lab = new_lab().start()
    found = until(lab, ("oomlab_loads_total", "held"), 0)
    for name, words in (("oomlab_loads_total", OUTCOMES),
                        ("oomlab_kills_total", VERDICTS)):
        assert {key[1]: value for key, value in found.items()
                if key[0] == name} == dict.fromkeys(words, 0)


def test_figures_are_those_of_status(lab):
    load = Load(lab, "size=32M&for=60s")
    load.held()
    found, status = scrape(lab), lab.status()
    assert found["oomlab_target_bytes",] == 32 * MIB
    assert found["oomlab_resident_bytes",] == \
        status["memory"]["resident_bytes"]
    assert found["oomlab_workers", "holding"] == 1
    assert found["oomlab_pool_busy_loads",] == 1
    assert found["oomlab_pool_max_loads",] == status["pool"]["max"]
    host = status["limits"][-1]
    assert found["oomlab_limit_bytes", "host"] == host["bytes"]
    own = [one for one in status["limits"] if one["level"] == "own"]
    if own and own[0]["bytes"] is not None:
        assert found["oomlab_limit_bytes", "own"] == own[0]["bytes"]
    else:
        assert ("oomlab_limit_bytes", "own") not in found
    log = "kernel log (/dev/kmsg)" in status["readable"]
    assert found["oomlab_kernel_log_readable",] == log
    assert found["oomlab_load_up",] == 1
    assert load.release().status == 204


def test_growth_is_observed(lab):
    before = scrape(lab)["oomlab_growth_seconds_count",]
    assert lab.ask("/hold?size=8M").status == 200
    found = until(lab, ("oomlab_growth_seconds_count",), before + 1)
    assert found["oomlab_growth_seconds_bucket", "+Inf"] == before + 1
    buckets = [value for key, value in found.items()
               if key[0] == "oomlab_growth_seconds_bucket"]
    assert buckets == sorted(buckets)


@pytest.mark.unweighed
def test_nothing_is_lost_or_counted_twice_over_restarts(new_lab):
    lab = new_lab().start()
    kills, held = ("oomlab_kills_total", "signal"), \
        ("oomlab_loads_total", "held")
    for life, service in enumerate(("watch", "load", "watch"), 1):
        kill_load(lab)
        assert lab.ask("/hold?size=1M").status == 200
        until(lab, held, life)
        found = until(lab, kills, life)
        assert found["oomlab_loads_total", "killed"] == life
        restart(lab, service, serves=lambda: (
            "oomlab_kills_total", "signal") in scrape(lab))
        found = until(lab, held, life)
        assert found[kills] == life
        assert found["oomlab_loads_total", "killed"] == life
    lab.stop()
    lab.start()  # another scoreboard
    assert until(lab, held, 3)[kills] == 3
    assert lab.ask("/hold?size=1M").status == 200
    assert until(lab, held, 4)[kills] == 3


def test_a_scrape_is_cheap_and_load_does_not_notice(lab, tell):
    pids = {who: lab.pid(who) for who in ("load", "watch")}
    before = {who: processes.cpu_seconds(pid) for who, pid in pids.items()}
    took = [lab.ask("/metrics").seconds for _ in range(ASKED)]
    cost = {who: round(1e6 * (processes.cpu_seconds(pid) - before[who]) /
                       ASKED) for who, pid in pids.items()}
    tell("ms at the median; most", (
        round(1000 * statistics.median(took), 2), round(1000 * max(took), 2)))
    tell("microseconds of a core for one", cost)
    assert statistics.median(took) < MEDIAN_S
    assert cost["load"] < 1000  # of its own ticks, no more


def test_names_end_as_their_types_want(lab):
    for name, kind in names(lab.ask("/metrics").text).items():
        assert (kind == "counter") == name.endswith("_total")
        assert not name.endswith(("_ms", "_us", "_kb", "_percent"))
    assert samples(lab.ask("/metrics").text)
