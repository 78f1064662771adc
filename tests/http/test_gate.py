# SPDX-License-Identifier: MIT
"""What nginx refuses by itself, told in the words and the format of oomlab."""
import re

import pytest

from client import ACCEPT, PROBLEM

SETTINGS = {"hosts": "lab.example other.example"}

# what is wrong: the head, its status, what the JSON must have
HEADS = {
    "a foreign Host": (
        "GET /{query} HTTP/1.1\r\nHost: evil.example", 421,
        {"parameter": "Host", "got": "evil.example"}),
    "a Host that begins like ours": (
        "GET /{query} HTTP/1.1\r\nHost: localhost.evil.example", 421,
        {"parameter": "Host", "got": "localhost.evil.example"}),
    "a foreign Host to the watch": (
        "GET /status{query} HTTP/1.1\r\nHost: evil.example:5000", 421,
        {"parameter": "Host", "got": "evil.example:5000"}),
    "a foreign Host in the request line": (
        "GET http://evil.example/{query} HTTP/1.1\r\nHost: localhost", 421,
        {"parameter": "Host"}),
    "a body over 1 MiB": (
        "POST /{query} HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Length: 1048577", 413,
        {"parameter": "body", "got": "1048577"}),
    "a body over 1 MiB to the watch": (
        "POST /status{query} HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Length: 1048577", 413, {"parameter": "body"}),
    "no Host in HTTP/1.1": ("GET /{query} HTTP/1.1", 400, {}),
    "two Hosts": (
        "GET /{query} HTTP/1.1\r\nHost: localhost\r\nHost: localhost", 400,
        {}),
    "a NUL in the path": (
        "GET /%00{query} HTTP/1.1\r\nHost: localhost", 400, {}),
    "a bad escape in the path": (
        "GET /%zz{query} HTTP/1.1\r\nHost: localhost", 400, {}),
    "a path above the root": (
        "GET /../etc/passwd{query} HTTP/1.1\r\nHost: localhost", 400, {}),
    "a length that is none": (
        "POST /{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: x",
        400, {}),
    "a header of 20,000 bytes": (
        "GET /{query} HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x" * 20000,
        400, {}),
    "a line of 20,000 bytes": (
        "GET /{query}&x=" + "x" * 20000 + " HTTP/1.1\r\nHost: localhost",
        414, {"parameter": "query"}),
    "TRACE": ("TRACE /{query} HTTP/1.1\r\nHost: localhost", 405, {}),
}


def send(lab, head):
    return lab.raw((head + "\r\nConnection: close\r\n\r\n").encode())


def check(answer, form, status):
    assert answer.status == status, answer.body
    assert answer.type == PROBLEM[form]
    assert re.fullmatch("[0-9a-f]{32}", answer.id)
    assert len(answer.headers.get_all("X-Request-Id")) == 1
    assert int(answer.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize("form", ACCEPT)
@pytest.mark.parametrize("wrong", HEADS)
def test_nginxs_own_refusals_come_in_the_format_asked_for(lab, wrong, form):
    head, status, says = HEADS[wrong]
    answer = send(lab, head.format(query=f"?format={form}"))
    check(answer, form, status)
    if form == "json":
        assert answer.json["status"] == status
        for member, value in says.items():
            assert answer.json[member] == value
        if says:
            assert answer.json["allowed"]


@pytest.mark.parametrize("form", ACCEPT)
def test_accept_counts_for_nginxs_own_refusals(lab, form):
    answer = send(lab, "GET / HTTP/1.1\r\nHost: evil.example\r\n"
                  f"Accept: {ACCEPT[form]}")
    check(answer, form, 421)


@pytest.mark.parametrize("noise", [
    b"garbage\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /?rows=\x00\r\n\r\n"])
def test_noise_is_a_bad_request(lab, noise):
    answer = lab.raw(noise + b"\r\n\r\n")
    assert answer.status == 400
    assert re.fullmatch("[0-9a-f]{32}", answer.id)


@pytest.mark.parametrize("host", [
    "localhost", "LOCALHOST", "localhost:1", "localhost.", "127.0.0.1",
    "127.0.0.1:5000", "[::1]", "[::1]:5000", "10.1.2.3", "lab.example",
    "Lab.Example:80", "other.example"])
def test_our_names_and_any_address_pass(lab, host):
    answer = lab.ask("/?rows=0", headers={"Host": host})
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("host", [
    "evil.example", "lab.example.evil.example", "notlab.example",
    "lab-example", "xlocalhost", "1.2.3.4.evil.example"])
def test_other_names_do_not_pass(lab, host):
    answer = lab.ask("/?rows=0", headers={"Host": host})
    assert answer.status in (400, 421), answer.text


def test_http_1_0_needs_no_host(lab):
    assert lab.raw(b"GET /?rows=0 HTTP/1.0\r\n\r\n").status == 200


@pytest.mark.parametrize("path", [
    "/oomlab-error", "/oomlab-down", "/oomlab-down.html", "/oomlab-said",
    "/@postmortem"])
def test_internal_uris_are_not_there_for_clients(lab, path):
    answer = lab.ask(path, headers={"Accept": "application/json"})
    check(answer, "json", 404)
    assert "/help" in answer.json["detail"]
