# SPDX-License-Identifier: MIT
"""Prometheus' side: its text format, its promtool, and a real one that scrapes
a lab. Sources: prometheus.io/docs/instrumenting/exposition_formats and
docs/prometheus/latest/querying/api."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request

from lab import ROOT, free_port
from processes import wait_until

DEPLOY = f"{ROOT}/deploy/prometheus"
RULES = f"{DEPLOY}/oomlab.rules.yml"
READY_S = 60  # on a loaded machine
SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)$")
CONFIG = """\
global: {{scrape_interval: 1s, evaluation_interval: 1s, scrape_timeout: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: oomlab
    static_configs: [{{targets: ["localhost:{port}"]}}]
"""


def samples(text):
    """{(name, *label values): value} of an answer of /metrics."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        key = (name, *re.findall(r'\w+="([^"]*)"', labels or ""))
        assert key not in found, f"{key} is there twice"
        found[key] = float(value)
    return found


def names(text):
    """Of all metrics, whether they have samples or not; {name: type}."""
    return dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M))


def scrape(lab):
    answer = lab.ask("/metrics")
    assert answer.status == 200, answer.text
    return samples(answer.text)


def promtool(*words, **options):
    """(exit status, all that it said)"""
    done = subprocess.run(["promtool", *words], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    return done.returncode, done.stdout.decode()


class Prometheus:
    """One that scrapes lab every second and follows deploy/'s rules."""

    def __init__(self, lab):
        self.base = tempfile.mkdtemp(prefix="oomlab-prometheus-")
        self.port = free_port()
        with open(f"{self.base}/config.yml", "w", encoding="ascii") as file:
            file.write(CONFIG.format(rules=RULES, port=lab.port))
        with open(f"{self.base}/log", "wb") as log:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.base}/config.yml",
                 f"--storage.tsdb.path={self.base}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "GOMAXPROCS": "1"})

    def ask(self, path, **parameters):
        """The data of an answer of its API; None while it does not answer."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?" + \
            urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    def query(self, expression, **parameters):
        """The result of an instant query: [{metric, value or values}]."""
        data = self.ask("query", query=expression, **parameters)
        return data["result"] if data else []

    def value(self, expression, **parameters):
        """Of a query with one result; None when there is none."""
        found = self.query(expression, **parameters)
        return float(found[0]["value"][1]) if found else None

    def scraped(self):
        """When oomlab was last scraped, in seconds; 0: never."""
        return self.value("max(timestamp(oomlab_build_info))") or 0

    def await_scrape(self, after=None):
        """Until a scrape has begun after all that has happened by now."""
        since = max(after or 0, self.scraped())
        wait_until(lambda: self.scraped() > since + 1, READY_S,
                   lambda: f"a scrape after {since}: {self.log()}", 0.1)

    def firing(self, name):
        """The labels of the alerts of that name that fire."""
        data = self.ask("alerts") or {"alerts": []}
        return [alert["labels"] for alert in data["alerts"]
                if alert["labels"]["alertname"] == name and
                alert["state"] == "firing"]

    def log(self):
        with open(f"{self.base}/log", encoding="utf-8") as file:
            return file.read()[-2000:]

    def __enter__(self):
        wait_until(lambda: self.scraped() or self.process.poll() is not None,
                   READY_S, lambda: f"a first scrape: {self.log()}", 0.1)
        assert self.process.poll() is None, self.log()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            shutil.rmtree(self.base)
