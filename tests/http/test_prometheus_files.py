# SPDX-License-Identifier: MIT
"""What deploy/ has for Prometheus and Grafana: well formed by their own tools,
and about metrics that oomlab has."""
import json
import re

import pytest
import yaml

from lab import ROOT
from prometheus import DEPLOY, RULES, names, promtool

METRIC = re.compile(r"\b(?:oomlab|process)_\w+")
HISTOGRAM = re.compile(r"_(bucket|sum|count)$")
GRAFANA = {"__rate_interval", "__interval", "__range"}


@pytest.fixture(scope="module")
def printed(lab):
    found = names(lab.ask("/metrics").text)
    assert len(found) > 30
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="module")
def dashboard():
    return json.loads(read(f"{ROOT}/deploy/grafana/oomlab.json"))


def strings(value, key):
    """All texts of that key, however deep."""
    if isinstance(value, list):
        return [one for inner in value for one in strings(inner, key)]
    if not isinstance(value, dict):
        return []
    return [inner for name, inner in value.items()
            if name == key and isinstance(inner, str)] + \
        [one for inner in value.values() for one in strings(inner, key)]


def unknown(expressions, printed):
    """Names in them that /metrics does not print."""
    found = {name for one in expressions for name in METRIC.findall(one)}
    assert found
    return {name for name in found if name not in printed and
            printed.get(HISTOGRAM.sub("", name)) != "histogram"}


def alerts():
    return [rule for group in yaml.safe_load(read(RULES))["groups"]
            for rule in group["rules"]]


def test_the_example_configuration_is_valid():
    status, said = promtool("check", "config", f"{DEPLOY}/prometheus.yml")
    assert status == 0, said
    assert "9 rules found" in said


def test_every_alert_fires_when_it_should_and_only_then():
    status, said = promtool("test", "rules", "oomlab.rules.test.yml",
                            cwd=DEPLOY)
    assert status == 0, said


def test_every_alert_is_tested_both_ways():
    tested = {rule["alert"]: set() for rule in alerts()}
    for case in yaml.safe_load(read(
            f"{DEPLOY}/oomlab.rules.test.yml"))["tests"]:
        for test in case["alert_rule_test"]:
            tested[test["alertname"]].add(bool(test.get("exp_alerts")))
    assert all(ways == {True, False} for ways in tested.values()), tested


def test_every_alert_says_what_it_is_and_what_to_do():
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert {"summary", "description"} == set(rule["annotations"])


def test_alerts_are_about_metrics_that_there_are(printed):
    of_oomlab = [rule["expr"] for rule in alerts()
                 if not rule["expr"].startswith("up{")]
    assert not unknown(of_oomlab, printed)


def test_the_dashboard_is_about_metrics_that_there_are(dashboard, printed):
    shown = strings(dashboard, "expr") + strings(dashboard, "query")
    assert not unknown([one for one in shown if one != "prometheus"], printed)


def test_the_dashboard_leaves_no_metric_of_load_out(dashboard, printed):
    shown = " ".join(strings(dashboard, "expr"))
    left_out = {name for name in printed if name not in shown}
    assert left_out <= {
        "oomlab_load_start_time_seconds", "oomlab_pool_peak_loads",
        "oomlab_pool_spare_workers", "process_start_time_seconds",
        "process_cpu_seconds_total"}


def test_its_variables_are_defined_and_used(dashboard):
    defined = {one["name"] for one in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(
        [dashboard["panels"], dashboard["annotations"]])))
    assert defined == used - GRAFANA == {"datasource", "node", "level"}
    every = {one["datasource"]["uid"] for panel in dashboard["panels"]
             for one in panel.get("targets", [])}
    assert every == {"${datasource}"}


def test_its_panels_are_told_apart_and_do_not_overlap(dashboard):
    assert dashboard["schemaVersion"] >= 38  # Grafana 10
    panels = dashboard["panels"]
    ids = [panel["id"] for panel in panels]
    assert len(set(ids)) == len(ids)
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and at["x"] + at["w"] <= 24, panel["title"]
        taken |= cells
        refs = [one["refId"] for one in panel.get("targets", [])]
        assert len(set(refs)) == len(refs)


def test_kills_are_marked_in_it(dashboard):
    marks = dashboard["annotations"]["list"]
    assert "oomlab_kills_total" in marks[0]["expr"] and marks[0]["enable"]
