# SPDX-License-Identifier: MIT
"""Requests made up from the OpenAPI document itself, as it has them and off
it: no answer is one that it does not describe.

The document says how a value is written, not how much memory the machine of a
test has: what grows or holds is kept small here.
"""
import collections
import json
import re
import urllib.parse

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
import pytest

from openapi import Document, Operation

SETTINGS = {"limit": "512M", "max": 8}
EXAMPLES = {"/hold": 14, "/loads": 10, "/": 8, "/forecast": 8, "/events": 8,
            "/memory": 6, "/ConsumeMem": 8}
FEW = 4  # of any other

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# In the document's terms, but of a size and a length for a test.
TAME = {
    "size": ["1", "4096", "64K", "1M", "1.5MiB", "2MB", "4m", "0.01%"],
    "first": ["0", "64K", "1M"],
    "rate": ["64M", "1G/s"],
    "for": ["0", "0s", "5ms", "20ms", "0.01"],
    "touch": ["10ms", "1s"],
    "within": ["1ms", "1s", "5m"],
    "rows": [0, 1, 1000],
    "columns": [1, 100],
    "megabytes": [0, 1, 4],
    "durationSec": [0],
    "follow": ["1s"]}

ALWAYS = ["rows"]  # without it a million

# None of them is an amount, a duration, a time, a place or a word.
ODD = ["", " ", "-1", "1e30", "0x10", "nan", "1.2.3", "5Q", "10%%", "10001%",
       "18446744073709551617", "\u00e9", "\U0001f4a5", "\x1b[2J", "<b>", "'",
       "a" * 300, "null", "ANON", "%", "1 M"]

FORMATS = ["json", "json", "json", "html", "text"]


@pytest.fixture(scope="module", name="document")
def the_document(lab):
    return Document(lab.ask("/openapi.json").json)


def fits(schema):
    """Values of a parameter as the document has them."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    return st.from_regex(re.compile(schema["pattern"], re.ASCII),
                         fullmatch=True).filter(lambda text: "\n" not in text)


def misfits(schema):
    """Values that it does not have."""
    odd = st.sampled_from(ODD)
    if "enum" in schema:
        return odd
    if schema["type"] == "integer":
        return odd.filter(lambda text: text != "-1") | st.sampled_from(
            [schema["minimum"] - 1, schema["maximum"] + 1])
    return odd.filter(lambda text: not re.search(schema["pattern"], text))


def value_of(one, well):
    if not well:
        return misfits(one["schema"])
    if one["name"] == "format":
        return st.sampled_from([word for word in one["schema"]["enum"]
                                if word == "csv"] + FORMATS)
    if one["name"] in TAME:
        return st.sampled_from(TAME[one["name"]])
    return fits(one["schema"])


@st.composite
def queries(draw, operation, must):
    """[(name, value)] and whether all of it is well."""
    rows = [one for one in operation.query if one["name"] in ALWAYS or
            one["x-oomlab-required"] and must or draw(st.integers(0, 3)) == 0]
    faulty = draw(st.sampled_from([None, None, None, "value", "name",
                                   "twice", "missing"]))
    pairs = [(one["name"], draw(value_of(one, True))) for one in rows]
    if faulty == "value" and rows:
        at = draw(st.integers(0, len(rows) - 1))
        pairs[at] = (rows[at]["name"], draw(value_of(rows[at], False)))
    elif faulty == "name":
        pairs.append((draw(st.sampled_from(["Size", "x", "", "\u00e9"])), "1"))
    elif faulty == "twice" and pairs:
        pairs.append(pairs[0])
    elif faulty == "missing":
        pairs = [pair for pair in pairs if pair[0] != "size"]
    return pairs


@st.composite
def bodies(draw, operation):
    """(headers, body) of a POST."""
    if operation.takes_text:
        return {"Content-Type": draw(st.sampled_from(
            ["text/plain", JSON, "multipart/form-data; boundary=x", "x"]))}, \
            draw(st.binary(max_size=200))
    members = {name: draw(st.sampled_from(TAME[name])
                          if name in TAME else fits(one))
               for name, one in operation.properties.items()
               if name != "format" and one["x-oomlab-required"] or
               draw(st.integers(0, 3)) == 0}
    members.pop("format", None)
    odd = draw(st.sampled_from([None] * 6 + ["[]", "{", '{"size": [1]}',
                                             '{"size": null}', '{"y": 1}']))
    if odd:
        return {"Content-Type": JSON}, odd.encode()
    return draw(st.sampled_from([
        ({"Content-Type": JSON}, json.dumps(members).encode()),
        ({"Content-Type": FORM}, urllib.parse.urlencode(members).encode()),
        ({"Content-Type": "text/xml"}, b"<size>1</size>")]))


def identities(lab):
    """Ids that are known, that are not, and what is none."""
    known = [load["id"] for load in lab.json("/loads")["loads"][:4]]
    return st.sampled_from(known + ["0" * 32, "x", "0" * 31, "\u00e9"])


@st.composite
def requests(draw, lab, operation: Operation):
    headers, body = {}, None
    posted = operation.method == "POST"
    in_body = posted and draw(st.booleans())
    pairs = draw(queries(operation, not in_body))
    if in_body or operation.takes_text and posted:
        headers, body = draw(bodies(operation))
        if operation.properties and draw(st.integers(0, 4)):
            pairs = [pair for pair in pairs if pair[0] == "format"]
    identity = draw(identities(lab)) if "{id}" in operation.path else None
    accept = draw(st.sampled_from([JSON, JSON, "text/html", "text/plain",
                                   "text/csv", "*/*", "x;;q=,"]))
    return operation.url(pairs, identity), \
        {"Accept": accept, **headers}, body


def ask(lab, operation, request):
    """The status of the answer, which is one that is described."""
    url, headers, body = request
    answer = lab.ask(url, operation.method, headers, body)
    told = f"{operation.method} {url} {headers} {body}: " \
           f"{answer.status} {answer.text[:400]}"
    assert answer.status != 500, told
    try:
        operation.check(answer)
    except Exception as error:
        raise AssertionError(told) from error
    return answer.status


def ask_some(lab, operation, count, seen):
    @settings(max_examples=count, deadline=None, database=None,
              derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(requests(lab, operation))
    def attempt(request):
        seen[ask(lab, operation, request)] += 1
    attempt()


def test_no_answer_is_off_the_document(lab, document, tell):
    """And none is 500, which only want of memory excuses."""
    seen = collections.Counter()
    for operation in document.operations():
        few = FEW if operation.method == "HEAD" else \
            EXAMPLES.get(operation.path, FEW)
        ask_some(lab, operation, few, seen)
    tell("answers by status", dict(sorted(seen.items())))
    assert sum(seen.values()) > 100
    assert {200, 202, 400, 404} <= set(seen)
