# SPDX-License-Identifier: MIT
"""What sar -r prints, oomlab's or sysstat's, taken apart; and sysstat's own
arithmetic, from its manual."""
import collections
import http.client
import os
import re
import subprocess

COLUMNS = ["kbmemfree", "kbavail", "kbmemused", "%memused", "kbbuffers",
           "kbcached", "kbcommit", "%commit", "kbactive", "kbinact",
           "kbdirty"]
MARK = re.compile(
    r"  <- (OOM kill|killed): ([a-z-]+) at (\d\d:\d\d:\d\d\.\d{3}) "
    r"/events/([0-9a-f]{32})(?: \(\+(\d+) more\))?$")

Mark = collections.namedtuple("Mark", "what verdict at id count")
Row = collections.namedtuple("Row", "time values mark text")


class Table:
    """banner, heads (their times), rows, averages; text as it came."""

    def __init__(self, text):
        self.text = text
        self.banner, *lines = text.splitlines()
        self.heads, self.rows, self.averages = [], [], []
        for line in lines:
            self.take(line)

    def take(self, line):
        if not line:
            return
        time, rest = line[:11].rstrip(), line[11:]
        if rest.split() == COLUMNS:
            self.heads.append(time)
        elif time == "Average:":
            self.averages.append(row(time, rest))
        else:
            assert re.fullmatch(r"\d\d:\d\d:\d\d", time), line
            self.rows.append(row(time, rest))

    @property
    def kills(self):
        return sum(line.mark.count for line in self.rows if line.mark)


def row(time, rest):
    figures = MARK.sub("", rest)
    found = MARK.search(rest)
    mark = found and Mark(*found.groups()[:4], 1 + int(found.group(5) or 0))
    values = figures.split()
    assert len(values) == len(COLUMNS), rest
    return Row(time, dict(zip(COLUMNS, values)), mark, figures)


def environment():
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("S_", "LC_"))}
    return {**kept, "LC_ALL": "C", "S_COLORS": "never"}


def sysstat(count, before=()):
    """The real one's process, by a command before it if one is given."""
    # pylint: disable-next=consider-using-with
    return subprocess.Popen(
        [*before, "sar", "-r", "1", str(count)], env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def share(part, whole):
    return f"{part / whole * 100 if whole else 0:.2f}"


def check_shares(line, total_kb, swap_kb):
    """The derived columns, by the row's own."""
    values = line.values
    assert values["%memused"] == share(int(values["kbmemused"]), total_kb)
    assert values["%commit"] == share(
        int(values["kbcommit"]), total_kb + swap_kb)


def check_average(table):
    """Each plain column is the mean of the rows'."""
    average, = table.averages
    for name in COLUMNS:
        if name.startswith("kb"):
            mean = sum(int(line.values[name]) for line in table.rows) / \
                len(table.rows)
            assert average.values[name] == f"{mean:.0f}", name


class Follower:
    """A client that reads /sar?follow as it comes."""

    def __init__(self, lab, query="follow=60s", headers=""):
        self.end = lab.connect()
        self.end.sendall(f"GET /sar?{query} HTTP/1.1\r\nHost: localhost\r\n"
                         f"{headers}\r\n".encode())
        self.response = http.client.HTTPResponse(self.end)
        self.response.begin()
        self.status = self.response.status
        self.text = ""

    def line(self):
        """The next, "" at the end."""
        line = self.response.readline().decode()
        self.text += line
        return line

    def rows(self, count):
        """Reads on until so many more rows came."""
        while count > 0:
            line = self.line()
            assert line, self.text
            count -= re.match(r"\d\d:\d\d:\d\d +\d", line) is not None

    def rest(self):
        while self.line():
            pass
        return Table(self.text)

    def hang_up(self):
        self.response.close()
        self.end.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()
