# SPDX-License-Identifier: MIT
"""Bad input: its own 4xx, in the format asked for, which names the parameter,
what came and what is allowed. Nothing is allocated, no worker lost."""
import re

import pytest

import processes
from client import ACCEPT, PROBLEM

ROWS = "0..100000000"
COLUMNS = "1..100000"
ESCAPE = "%XX with two hex digits, %25 for a percent sign"
TAKEN = "rows columns format"

# what is wrong: query, parameter, got, allowed
QUERIES = {
    "unknown": ("size=1M", "size", "1M", TAKEN),
    "beginning of a name": ("row=1", "row", "1", TAKEN),
    "name in capitals": ("ROWS=1", "ROWS", "1", TAKEN),
    "name empty": ("=1", "", "1", TAKEN),
    "known elsewhere, with markup": ("x=<b>&rows=1", "x", "<b>", TAKEN),
    "below the range": ("rows=-1", "rows", "-1", ROWS),
    "above the range": ("rows=100000001", "rows", "100000001", ROWS),
    "zero columns": ("columns=0", "columns", "0", COLUMNS),
    "too many columns": ("columns=100001", "columns", "100001", COLUMNS),
    "overflow of 64 bits": ("rows=18446744073709551617", "rows",
                            "18446744073709551617", ROWS),
    "overflow of anything": ("rows=" + "9" * 40, "rows", "9" * 40, ROWS),
    "a word": ("rows=ten", "rows", "ten", ROWS),
    "an exponent": ("rows=1e6", "rows", "1e6", ROWS),
    "hex": ("rows=0x10", "rows", "0x10", ROWS),
    "a fraction": ("rows=1.5", "rows", "1.5", ROWS),
    "nan": ("rows=nan", "rows", "nan", ROWS),
    "a blank behind": ("rows=1%20", "rows", "1 ", ROWS),
    "a unit": ("rows=1K", "rows", "1K", ROWS),
    "digits of another script": ("rows=%D9%A3", "rows", r"\xd9\xa3", ROWS),
    "empty": ("rows=", "rows", "", ROWS),
    "no value": ("rows", "rows", "", ROWS),
    "given twice": ("rows=1&rows=1", "rows", "1", ROWS),
    "given twice, once encoded": ("rows=1&%72ows=2", "rows", "2", ROWS),
    "bad escape": ("rows=%zz", "rows", "%zz", ESCAPE),
    "escape cut short": ("rows=1%0", "rows", "1%0", ESCAPE),
    "bad escape in a name": ("r%ows=1", "r%ows", "1", ESCAPE),
    "NUL": ("rows=1%00", "rows", "1%00", ESCAPE),
    "line end": ("rows=1%0d%0aX-Evil:%201", "rows",
                 r"1\x0d\x0aX-Evil: 1", ROWS),
    "percent": ("rows=5%", "rows", "5%", ROWS),
    "unknown format": ("format=xml", "format", "xml", "html json text"),
    "format empty": ("format=", "format", "", "html json text"),
}

# what is wrong: method, path, status, what the answer must say
OTHERS = {
    "POST to the page": ("POST", "/", 405, "GET"),
    "DELETE of the page": ("DELETE", "/", 405, "GET"),
    "a method nobody knows": ("BREW", "/?rows=1", 405, "GET"),
    "POST to the watch": ("POST", "/status", 405, "GET, HEAD"),
    "DELETE of events": ("DELETE", "/events", 405, "GET, HEAD"),
    "no such path": ("GET", "/nowhere", 404, "/help"),
    "a path below the page": ("GET", "/index.html", 404, "/help"),
    "an id that is none": ("GET", "/loads/ABC", 404, "/help"),
    "an id in capitals": ("GET", "/events/" + "A" * 32, 404, "/help"),
    "a load nobody knows": ("GET", "/loads/" + "0" * 32, 404, "/loads"),
    "an event nobody knows": ("GET", "/events/" + "0" * 32, 404, "/events"),
    "query of 4,097 bytes": ("GET", "/?rows=" + "1" * 4092, 414, "4096"),
    "query of 4,097 bytes to the watch":
        ("GET", "/status?x=" + "1" * 4095, 414, "4096"),
}


@pytest.fixture(autouse=True)
def nothing_allocated(lab):
    """No worker grew or went, and none took a load."""
    before = lab.workers()
    for pid in before:
        processes.forget_peak_rss(pid)
    rss = {pid: processes.rss_bytes(pid) for pid in before}
    loads = len(lab.json("/loads")["loads"])
    yield
    assert set(before) <= set(lab.workers()), "a worker was lost"
    for pid in before:
        grown = processes.peak_rss_bytes(pid) - rss[pid]
        assert grown < 2 << 20, f"a worker grew by {grown} bytes"
    assert len(lab.json("/loads")["loads"]) == loads


def check_problem(answer, form, status):
    """RFC 9457's members, the type and the id, whatever the format."""
    assert answer.status == status, answer.text
    assert answer.type == PROBLEM[form]
    assert re.fullmatch("[0-9a-f]{32}", answer.id)
    assert str(status) in answer.text
    assert "X-Evil" not in answer.headers
    if form == "json":
        problem = answer.json
        assert problem["status"] == status
        for member in ("type", "title", "detail"):
            assert problem[member]
    return answer


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;") \
        .replace(">", "&gt;").replace('"', "&quot;")


@pytest.mark.parametrize("form", ACCEPT)
@pytest.mark.parametrize("wrong", QUERIES)
def test_a_bad_query_is_refused_by_name(lab, wrong, form):
    query, parameter, got, allowed = QUERIES[wrong]
    answer = lab.ask("/?" + query, headers={"Accept": ACCEPT[form]})
    check_problem(answer, form, 400)
    if form == "json":
        problem = answer.json
        assert (problem["parameter"] or "", problem["got"] or "",
                problem["allowed"]) == (parameter, got, allowed)
    else:
        for said in (parameter, got, allowed):
            assert (escaped(said) if form == "html" else said) in answer.text


@pytest.mark.parametrize("form", ACCEPT)
@pytest.mark.parametrize("wrong", OTHERS)
def test_a_bad_request_is_refused(lab, wrong, form):
    method, path, status, says = OTHERS[wrong]
    answer = lab.ask(path, method, {"Accept": ACCEPT[form]})
    check_problem(answer, form, status)
    assert says in answer.text
    if status == 405:
        assert answer.headers["Allow"] == says


@pytest.mark.parametrize("path", ["/", "/?rows=5"])
def test_head_of_a_load_is_refused_and_allocates_nothing(lab, path):
    answer = lab.ask(path, "HEAD")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    assert answer.body == b""


@pytest.mark.parametrize("form", ACCEPT)
def test_a_form_field_is_no_query(lab, form):
    answer = lab.ask("/", "POST", {
        "Accept": ACCEPT[form],
        "Content-Type": "application/x-www-form-urlencoded"}, b"rows=5")
    check_problem(answer, form, 405)


def test_a_query_of_4096_bytes_is_read(lab):
    answer = lab.ask("/status?x=" + "1" * 4094)
    assert answer.status == 400
    assert "x" == lab.ask("/status?format=json&x=1").json["parameter"]


def test_the_clients_own_request_id_is_ignored(lab):
    own = "0123456789abcdef" * 2
    answer = lab.ask("/?rows=x", headers={"X-Request-Id": own})
    assert re.fullmatch("[0-9a-f]{32}", answer.id)
    assert answer.id != own


def test_the_page_shows_no_markup_that_came(lab):
    answer = lab.ask("/?rows=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status == 400
    assert "<script>" not in answer.text
