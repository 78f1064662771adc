# SPDX-License-Identifier: MIT
"""Who may take memory: no page of another site, no prefetch, and with a token
set nobody without it."""
import pytest

from lab import Lab

TOKEN = "a long enough secret"

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "CROSS-SITE"}, {"Origin": "http://evil.example"},
    {"Origin": "null"}, {"Origin": "http://localhost:1"},
    {"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch"}]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_or_a_prefetch_takes_no_memory(lab, headers):
    before = len(lab.json("/loads")["loads"])
    answer = lab.ask("/?rows=1", headers=headers)
    assert answer.status == 403
    assert len(lab.json("/loads")["loads"]) == before


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_changes_nothing_may_be_read_by_anybody(lab, headers):
    assert lab.ask("/status", headers=headers).status == 200


@pytest.mark.parametrize("headers", [
    {}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}], ids=str)
def test_a_person_may_take_memory(lab, headers):
    assert lab.ask("/?rows=0", headers=headers).status == 200


def test_the_hosts_own_origin_may_take_memory(lab):
    for host in ("localhost", f"localhost:{lab.port}", "127.0.0.1:5000"):
        answer = lab.ask("/?rows=0", headers={
            "Host": host, "Origin": f"http://{host}"})
        assert answer.status == 200, host


def test_a_refusal_is_a_problem_in_json(lab):
    answer = lab.ask("/?rows=1&format=json",
                     headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status, answer.type) == (403, "application/problem+json")
    assert "Sec-Fetch-Site" in answer.json["detail"]


@pytest.fixture(scope="module", params=["token", "token_file"])
def locked(request, tmp_path_factory):
    """A lab with a token, by either setting."""
    value = TOKEN
    if request.param == "token_file":
        file = tmp_path_factory.mktemp("token") / "token"
        file.write_text(TOKEN + "\n")
        for directory in (file.parent, file.parent.parent,
                          file.parent.parent.parent):
            directory.chmod(0o755)
        value = file
    with Lab(**{request.param: value}) as one:
        yield one


@pytest.mark.parametrize("given", [
    None, "", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x",
    f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_no_memory(locked, given):
    headers = {} if given is None else {"Authorization": given}
    answer = locked.ask("/?rows=1", headers=headers)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_token_there_is_memory(locked, scheme):
    answer = locked.ask("/?rows=0",
                        headers={"Authorization": f"{scheme} {TOKEN}"})
    assert answer.status == 200


def test_reading_needs_no_token(locked):
    for path in ("/status", "/loads", "/events", "/healthz", "/help"):
        assert locked.ask(path).status == 200


def test_the_token_is_nowhere_to_be_read(locked):
    for path in ("/status", "/help"):
        assert TOKEN not in locked.ask(path).text
    assert TOKEN not in locked.said()
