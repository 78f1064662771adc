# SPDX-License-Identifier: MIT
"""A real Prometheus scrapes oomlab through nginx every second while the
ancestor's storm goes over it, twice, and watch and load are killed in between:
what it has in the end is what the kernel counted, no more and no less."""
import collections

import pytest

import processes
from processes import wait_until
from restarts import restart
from prometheus import Prometheus, scrape

pytestmark = pytest.mark.unweighed

SETTINGS = {"limit": "2G"}
STORM, LATER, LAST = 100, 60, 20  # requests of 920 MB
MID = 10        # kills, then the watch is killed amid the storm
KILLED = 80     # of the first storm, at least
BACK_S = 60
SETTLED_S = 60  # each event kept, each record read
OOM = 'verdict=~"cgroup-oom|host-oom|oom|group-oom"'

Seen = collections.namedtuple("Seen", "begun ended answers kernel prometheus")


def sum_of(found, name, *values):
    return sum(value for key, value in found.items()
               if key[0] == name and (not values or key[1] in values))


def oom_kills(found):
    return sum_of(found, "oomlab_kills_total", "cgroup-oom", "host-oom",
                  "oom", "group-oom")


def settle(lab, kills):
    """Until all is counted that the kernel counted, and no load goes on."""
    wait_until(lambda: lab.status()["pool"]["busy"] == 0, BACK_S, "the calm")
    wait_until(lambda: oom_kills(scrape(lab)) >= lab.cgroup.oom_kills() -
               kills, SETTLED_S,
               lambda: f"{lab.cgroup.oom_kills() - kills} kills, but "
               f"{oom_kills(scrape(lab))}", 0.1)


def storm(lab, count, meanwhile=None):
    one = lab.storm(count)
    if meanwhile:
        meanwhile()
    return one.wait()


@pytest.fixture(scope="module")
def seen(lab):
    kills = lab.cgroup.oom_kills()
    assert oom_kills(scrape(lab)) == 0

    def amid_the_storm():
        now = lab.cgroup.oom_kills()
        wait_until(lambda: lab.cgroup.oom_kills() >= now + MID, 60,
                   f"{MID} kills")
        restart(lab, "watch")
    with Prometheus(lab) as prometheus:
        begun, before = prometheus.scraped(), scrape(lab)
        answers = storm(lab, STORM)
        settle(lab, kills)
        wait_until(lambda: prometheus.firing("OomlabKill"), 60,
                   "the alert of a kill", 0.1)
        storm(lab, LATER, amid_the_storm)
        settle(lab, kills)
        restart(lab, "load")
        storm(lab, LAST)
        settle(lab, kills)
        wait_until(lambda: sum_of(scrape(lab), "oomlab_loads_total") -
                   sum_of(before, "oomlab_loads_total") >=
                   STORM + LATER + LAST, SETTLED_S, lambda: scrape(lab), 0.1)
        prometheus.await_scrape()
        yield Seen(begun, prometheus.scraped(), answers,
                   lab.cgroup.oom_kills() - kills, prometheus)


def statuses(answers):
    return collections.Counter(answer and answer.status for answer in answers)


def over_the_run(seen, expression):
    """Its value at the last scrape less that at the first."""
    return (seen.prometheus.value(expression, time=seen.ended) -
            seen.prometheus.value(expression, time=seen.begun))


def increase(seen, series):
    """increase() from scrape to scrape: with no time beyond them there is
    nothing to extrapolate over."""
    span = round(1000 * (seen.ended - seen.begun))
    return seen.prometheus.value(f"sum(increase({series}[{span}ms]))",
                                 time=seen.ended)


def test_a_storm_was_there_and_killed(seen, tell):
    counts = statuses(seen.answers)
    tell("answers of the first storm", dict(counts))
    assert set(counts) <= {200, 502} and counts[502] >= KILLED


def test_the_increase_of_kills_is_the_kernels_count(seen, tell):
    kills = f"oomlab_kills_total{{{OOM}}}"
    told = increase(seen, kills), over_the_run(seen, f"sum({kills})")
    tell("kills by the kernel; increase(); last less first",
         (seen.kernel, *told))
    assert round(told[0], 6) == told[1] == seen.kernel


def test_no_counter_was_ever_set_back(seen):
    """Watch and load were killed in between."""
    span = round(1000 * (seen.ended - seen.begun))
    for name in ("oomlab_kills_total", "oomlab_loads_total"):
        found = seen.prometheus.query(f"resets({name}[{span}ms])",
                                      time=seen.ended)
        assert len(found) >= 8
        assert {one["value"][1] for one in found} == {"0"}, name


def test_outcomes_add_up_to_what_was_asked(seen, tell):
    found = seen.prometheus.query(
        "sum by (outcome) (oomlab_loads_total) > 0", time=seen.ended)
    tell("outcomes", {one["metric"]["outcome"]: int(one["value"][1])
                      for one in found})
    asked = STORM + LATER + LAST
    assert over_the_run(seen, "sum(oomlab_loads_total)") == asked
    assert round(increase(seen, "oomlab_loads_total"), 6) == asked


def test_killed_loads_are_kills_less_idle_workers(seen):
    kills = over_the_run(seen, "sum(oomlab_kills_total)")
    killed = over_the_run(
        seen, 'sum(oomlab_loads_total{outcome="killed"})')
    assert killed <= kills
    assert killed >= statuses(seen.answers)[502]


def test_the_alert_of_a_kill_fires_and_names_the_verdict(seen, lab):
    firing = seen.prometheus.firing("OomlabKill")
    assert "cgroup-oom" in {labels["verdict"] for labels in firing}
    assert {labels["instance"] for labels in firing} == \
        {f"localhost:{lab.port}"}


def test_who_scrapes_sees_the_pool_fill(seen, tell):
    span = round(1000 * (seen.ended - seen.begun))
    most = seen.prometheus.value(
        f"max_over_time(oomlab_pool_peak_loads[{span}ms])", time=seen.ended)
    tell("places taken at once", most)
    assert most >= KILLED


def test_scrapes_were_answered_throughout(seen, tell):
    span = round(1000 * (seen.ended - seen.begun))
    up = seen.prometheus.value(f'avg_over_time(up{{job="oomlab"}}[{span}ms])',
                               time=seen.ended)
    took = seen.prometheus.value(
        f"quantile_over_time(0.5, scrape_duration_seconds[{span}ms])",
        time=seen.ended)
    tell("part of the scrapes that were answered, the watch killed once; "
         "median s", (round(up, 3), round(took, 4)))
    assert up > 0.5 and took < 0.2


def test_its_process_is_the_same(seen, lab):
    assert processes.name(seen.prometheus.process.pid) == "prometheus"
    assert lab.ask("/metrics").status == 200
