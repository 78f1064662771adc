# SPDX-License-Identifier: MIT
"""GET /sar: its lines are /memory's samples in sysstat's columns, as many as
were asked for; who follows has a place, and there are eight."""
import json
import signal
import time

import pytest

import sar_table
from processes import wait_until
from samples import at as moment
from sar_table import Follower, Table

PLACES = 8
ROWS = 4        # of the history that is looked at
STOP_S = 20     # 2 s, ten times wider
HEALTH_S = 0.5  # 50 ms, ten times wider

# By docs/API.md: the column, and of which figure of /memory in kB it is.
HOST = {"kbmemfree": "free", "kbavail": "available", "kbbuffers": "buffers",
        "kbcached": "cached", "kbcommit": "committed", "kbactive": "active",
        "kbinact": "inactive", "kbdirty": "dirty"}


def firsts(samples, step_s=1):
    """The first sample of each step."""
    found = {}
    for sample in samples:
        found.setdefault(int(seconds(sample) // step_s), sample)
    return list(found.values())


def seconds(sample):
    return moment(sample["at"])


def clock(sample):
    return time.strftime("%H:%M:%S", time.localtime(int(seconds(sample))))


def expected_host(sample):
    host = {name: sample["host"][f"{name}_bytes"] // 1024 for name in (
        "total", "slab", "swap_total", *HOST.values())}
    used = host["total"] - host["free"] - host["buffers"] - host["cached"] - \
        host["slab"]
    return {
        **{name: str(host[of]) for name, of in HOST.items()},
        "kbmemused": str(used),
        "%memused": sar_table.share(used, host["total"]),
        "%commit": sar_table.share(host["committed"],
                                   host["total"] + host["swap_total"])}


def kb(value, *less):
    if None in (value, *less):
        return "-"
    return str(value // 1024 - sum(other // 1024 for other in less))


def expected_cgroup(sample):
    cgroup = {name[:-6]: value for name, value in sample["cgroup"].items()
              if name.endswith("_bytes")}
    used = kb(cgroup["usage"], cgroup["file"])
    return {
        "kbmemfree": kb(cgroup["limit"], cgroup["usage"]),
        "kbavail": kb(cgroup["headroom"]), "kbmemused": used,
        "%memused": "-" if cgroup["limit"] is None else
                    sar_table.share(int(used), cgroup["limit"] // 1024),
        "kbcached": kb(cgroup["file"]), "kbactive": kb(cgroup["working_set"]),
        "kbinact": kb(cgroup["inactive_file"]), "kbbuffers": "-",
        "kbcommit": "-", "%commit": "-", "kbdirty": "-"}


@pytest.fixture(scope="module")
def past(lab):
    """The samples of some whole seconds that are over, the first of them
    before the first row."""
    def enough():
        samples = lab.json("/memory?from=1h")["samples"]
        return len(firsts(samples)) > ROWS + 2 and samples
    samples = firsts(wait_until(enough, 60, "some seconds of samples", 0.1))
    return samples[-ROWS - 2:-1]


def asked(lab, past, more=""):
    return Table(lab.ask(f"/sar?from={past[1]['at']}&to={past[-1]['at']}"
                         f"{more}").text)


def test_heads_and_banner_are_sysstats(lab, past):
    real = sar_table.sysstat(1)
    table, theirs = asked(lab, past), Table(real.communicate(timeout=60)[0])
    assert table.banner == theirs.banner or \
        table.banner.split("\t")[1] != theirs.banner.split("\t")[1]
    lines = [one.text.splitlines() for one in (table, theirs)]
    assert lines[0][1] == lines[1][1] == ""
    assert lines[0][2][8:] == lines[1][2][8:]
    assert len(lines[0][3]) == len(lines[1][3])
    assert table.heads == [clock(past[0])]


def test_rows_are_the_first_samples_of_the_seconds(lab, past):
    table = asked(lab, past)
    assert [line.time for line in table.rows] == \
        [clock(sample) for sample in past[1:]]
    for line, sample in zip(table.rows, past[1:]):
        assert line.values == expected_host(sample)
        assert line.mark is None
    sar_table.check_average(table)


def test_of_cgroup_has_the_same_columns(lab, past):
    table = asked(lab, past, "&of=cgroup")
    if not lab.cgroup:
        assert {value for line in table.rows
                for value in line.values.values()} == {"-"}
        return
    for line, sample in zip(table.rows, past[1:]):
        assert line.values == expected_cgroup(sample)


def test_count_is_of_the_last_or_with_from_of_the_first(lab, past):
    times = [clock(sample) for sample in past]
    table = Table(lab.ask(f"/sar?count=2&to={past[-1]['at']}").text)
    assert [line.time for line in table.rows] == times[-2:]
    assert table.heads == times[-3:-2]
    table = asked(lab, past, "&count=2")
    assert [line.time for line in table.rows] == times[1:3]
    assert table.heads == times[:1]


def test_a_step_has_fewer_rows(lab, past):
    table = asked(lab, past, "&step=2s")
    assert [line.time for line in table.rows] == [
        clock(sample) for sample in past[1:] if int(seconds(sample)) % 2 == 0]


def test_the_default_is_the_last_twenty(lab, past):
    assert past
    table = Table(lab.ask("/sar").text)
    assert ROWS < len(table.rows) <= 20
    assert len(table.averages) == 1
    most = Table(lab.ask("/sar?count=5000").text)
    assert len(most.rows) >= len(table.rows)


def test_a_time_without_samples_has_no_rows(lab):
    table = Table(lab.ask("/sar?to=2000-01-01T00:00:00Z").text)
    assert (table.heads, table.rows, table.averages) == ([], [], [])
    assert "01/01/00" in table.banner


@pytest.mark.parametrize("form", ["html", "json", "text"])
def test_it_is_text_in_every_format(lab, form):
    answer = lab.ask(f"/sar?count=1&format={form}")
    assert (answer.status, answer.type) == (200, "text/plain")
    assert Table(answer.text).rows


@pytest.mark.parametrize("query, parameter", [
    ("follow=11m", "follow"), ("follow=0", "follow"), ("follow=x", "follow"),
    ("follow=999ms", "follow"), ("count=0", "count"), ("count=5001", "count"),
    ("count=1.5", "count"), ("of=load", "of"), ("of=", "of"),
    ("from=yesterday", "from"), ("from=1s&to=1m", "from"), ("to=-1", "to"),
    ("step=0", "step"), ("step=fast", "step"),
    ("follow=5s&count=3", "count"), ("follow=5s&from=1m", "from"),
    ("follow=5s&to=0", "to"), ("follow=5s&step=6s", "step"),
    ("follow=10m&step=61s", "step"), ("follow=5s&follow=6s", "follow"),
    ("size=1M", "size"), ("format=xml", "format")])
def test_what_cannot_be_is_refused_by_name(lab, query, parameter):
    answer = lab.ask(f"/sar?{query}", headers={"Accept": "application/json"})
    assert (answer.status, answer.json["parameter"]) == (400, parameter)
    assert answer.json["allowed"]


def test_help_tells_of_it(lab):
    text = lab.ask("/help").text
    for word in ("/sar", "of", "count", "follow", "1..5000", "host cgroup"):
        assert word in text


@pytest.mark.parametrize("query", ["count=3", "follow=10m"])
def test_head_is_as_get_and_waits_for_nothing(lab, query):
    answer = lab.ask(f"/sar?{query}", "HEAD")
    assert (answer.status, answer.type, answer.body) == \
        (200, "text/plain", b"")
    assert answer.seconds < 60


def test_following_is_a_row_a_second(lab):
    with Follower(lab, "follow=4s") as follower:
        assert follower.response.getheader("Content-Length") is None
        table = follower.rest()
    assert len(table.rows) == 4 and len(table.averages) == 1
    at = [time.strptime(line, "%H:%M:%S") for line in
          (*table.heads, *(line.time for line in table.rows))]
    moments = [t.tm_hour * 3600 + t.tm_min * 60 + t.tm_sec for t in at]
    assert [moment - moments[0] for moment in moments] == list(range(5)) or \
        moments[-1] < moments[0]  # midnight
    sar_table.check_average(table)
    kept = Table(lab.ask("/sar?count=20").text)
    assert [line for line in kept.rows if line in table.rows] == table.rows


def test_each_row_is_there_when_its_time_has_come(lab):
    with Follower(lab, "follow=60s") as follower:
        follower.rows(1)
        begun = time.monotonic()
        follower.rows(2)
        assert time.monotonic() - begun < 20


def followers(lab, count):
    return [Follower(lab) for _ in range(count)]


def ninth(lab):
    with Follower(lab, headers="Accept: application/json\r\n") as one:
        body = one.response.read() if one.status != 200 else b""
        return one.status, one.response.getheader("Retry-After"), body


@pytest.mark.unweighed  # eight threads more have used their stacks
def test_eight_follow_and_the_ninth_is_told_so(lab, tell):
    places = followers(lab, PLACES)
    try:
        assert {one.status for one in places} == {200}
        for _ in range(3):
            status, retry_after, body = ninth(lab)
            assert (status, int(retry_after) > 0) == (503, True)
            assert json.loads(body)["status"] == 503
        took = [lab.ask("/healthz").seconds for _ in range(50)]
        tell("healthz beside eight followers, most, ms",
             round(max(took) * 1000, 1))
        assert max(took) < HEALTH_S
        for one in places:
            one.rows(1)
        places.pop().hang_up()
        wait_until(lambda: free_place(lab), 20, "a place", 0.02)
    finally:
        for one in places:
            one.hang_up()
    again = wait_until(lambda: all_places(lab), 20, "eight places", 0.02)
    for one in again:
        one.hang_up()


def free_place(lab):
    return ninth(lab)[0] == 200


def all_places(lab):
    """Eight that follow at once, or none."""
    found = followers(lab, PLACES)
    if {one.status for one in found} == {200}:
        return found
    for one in found:
        one.hang_up()
    return None


@pytest.mark.unweighed
def test_a_stop_ends_followers_in_order(new_lab, tell):
    lab = new_lab(before="export TZ=EST5").start()
    places = followers(lab, PLACES)
    for one in places:
        one.rows(1)
    begun = time.monotonic()
    lab.process.send_signal(signal.SIGTERM)
    tables = [one.rest() for one in places]
    tell("end of eight followers after a stop, s",
         round(time.monotonic() - begun, 3))
    assert time.monotonic() - begun < STOP_S
    assert [len(table.averages) for table in tables] == [1] * PLACES
    for one in places:
        one.hang_up()
    lab.stop()
    hour = time.gmtime(time.time() - 5 * 3600).tm_hour
    assert int(tables[0].rows[0].time[:2]) in (hour, (hour - 1) % 24)
