# SPDX-License-Identifier: MIT
"""GET /openapi.json is OpenAPI 3.1, and says what /help and the answers say."""
import json
import os
import signal
import subprocess

import jsonschema
import pytest

from lab import ROOT
from openapi import Document

# The specification's own schema of the document, as this package carries it.
PACKAGE = ("@seriousme/openapi-schema-validator", "2.11.0",
           "DL8TjmjkUS76OaK/TinoRtf6PrirsWfMZiv62ifP9eq3UOpoLqSGZKpCErxMzz0i"
           "1pjECSPYY+qZ1SRYEgiEvg==")
SCHEMA = "schemas/v3.1/schema.json"

# What is asked for, and the status and type that it is answered with.
ANSWERS = [
    ("GET", "/status", "/status?format=json", 200),
    ("GET", "/status", "/status?format=text", 200),
    ("GET", "/loads", "/loads?format=html", 200),
    ("GET", "/events", "/events?format=csv", 200),
    ("GET", "/events", "/events?limit=0&format=json", 400),
    ("GET", "/memory", "/memory?format=json&from=3s", 200),
    ("GET", "/forecast", "/forecast?size=1M&format=json", 200),
    ("GET", "/hold", "/hold?size=1M&format=json", 200),
    ("GET", "/hold", "/hold?size=8E&format=json", 400),
    ("GET", "/hold", "/hold?size=100000T&format=json", 507),
    ("GET", "/", "/?rows=10&format=json", 200),
    ("POST", "/loads", "/loads?size=1M&for=0s&format=json", 202),
    ("POST", "/ConsumeMem", "/ConsumeMem?megabytes=1&durationSec=0", 200),
    ("POST", "/ConsumeMem", "/ConsumeMem?megabytes=x&durationSec=0", 400),
    ("DELETE", "/loads", "/loads?format=json", 200),
    ("GET", "/explain", "/explain?format=json", 200),
    ("GET", "/help", "/help?format=json", 200),
    ("GET", "/metrics", "/metrics", 200),
    ("GET", "/healthz", "/healthz?format=json", 200),
    ("GET", "/readyz", "/readyz", 200)]


def document_of(lab):
    return Document(lab.ask("/openapi.json").json)


@pytest.fixture(scope="module", name="document")
def the_document(lab):
    return document_of(lab)


@pytest.fixture(scope="module", name="schema")
def the_schema():
    fetched = subprocess.run([f"{ROOT}/tests/npm-package", *PACKAGE],
                             capture_output=True, check=False, text=True)
    if fetched.returncode:
        pytest.skip(fetched.stderr.strip())
    path = os.path.join(fetched.stdout.strip(), SCHEMA)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def test_it_is_openapi_3_1(document, schema):
    assert "oas/3.1/schema" in schema["$id"]
    jsonschema.Draft202012Validator(schema).validate(document.tree)


def test_the_schema_would_see_a_fault(document, schema):
    broken = json.loads(json.dumps(document.tree))
    del broken["paths"]["/hold"]["get"]["parameters"][0]["schema"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(broken)


def test_it_is_json_whatever_is_asked_for(lab):
    for path, accept in (("/openapi.json", "text/html"),
                         ("/openapi.json?format=text", "*/*")):
        answer = lab.ask(path, headers={"Accept": accept})
        assert (answer.status, answer.type) == (200, "application/json")
    head = lab.ask("/openapi.json", "HEAD")
    assert (head.status, head.type, head.body) == \
        (200, "application/json", b"")


def test_what_it_refers_to_is_there(document):
    assert len(document.references()) > 50
    for reference in document.references():
        assert document.at(reference), reference
    ids = [one.row["operationId"] for one in document.operations()]
    assert len(set(ids)) == len(ids)


def test_every_schema_of_it_is_one(document):
    for schema in document.tree["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert set(schema["required"]) <= set(schema["properties"])
    for operation in document.operations():
        for one in operation.query:
            jsonschema.Draft202012Validator.check_schema(one["schema"])


def test_every_route_of_help_is_in_it_and_no_other(lab, document):
    told = {(method, route["path"].replace("/ID", "/{id}"))
            for route in lab.json("/help")["routes"]
            for method in route["methods"].split()}
    assert {(one.method, one.path) for one in document.operations()
            if one.method != "HEAD"} == told


def test_head_is_where_it_is_allowed(lab, document):
    for operation in document.operations():
        if operation.method not in ("GET", "HEAD"):
            continue
        url = operation.url([], "0" * 32)
        status = lab.ask(url, "HEAD").status
        listed = "head" in document.tree["paths"][operation.path]
        assert listed == (status not in (400, 405)) or \
            operation.path == "/forecast", (operation, status)


def test_a_parameter_says_what_help_says_of_it(lab, document):
    help_of = {row["name"]: row for row in lab.json("/help")["parameters"]}
    seen = set()
    for operation in document.operations():
        for one in operation.query:
            row = help_of[one["name"]]
            seen.add(one["name"])
            assert one["description"] == row["help"]
            assert one["x-oomlab-type"] == row["type"]
            assert one["x-oomlab-required"] == row["required"]
            if one["name"] != "format":
                assert one["x-oomlab-allowed"] == row["allowed"]
            if row["default"]:
                assert str(one["schema"]["default"]) == row["default"]
            if row["type"] == "word":
                assert " ".join(one["schema"]["enum"]) == \
                    one["x-oomlab-allowed"]
    assert seen == set(help_of)


def test_what_must_come_may_come_in_the_body_of_a_post(document):
    for method, must in (("GET", True), ("POST", False)):
        size = next(one for one in document.operation(method, "/hold").query
                    if one["name"] == "size")
        assert size["required"] == must
    assert set(document.operation("POST", "/loads").properties) == {
        one["name"] for one in document.operation("POST", "/loads").query}


def test_the_forms_of_an_answer_are_the_routes(document):
    for path, types in (
            ("/events", {"application/json", "text/html", "text/plain",
                         "text/csv"}),
            ("/memory", {"application/json", "text/plain", "text/csv"}),
            ("/help", {"application/json", "text/html", "text/plain"}),
            ("/openapi.json", {"application/json"})):
        response = document.operation("GET", path).response(200)
        assert set(response["content"]) == types
    plain = document.operation("POST", "/ConsumeMem")
    for status in (200, 400, 503, 507):
        assert set(plain.response(status)["content"]) == {"text/plain"}


@pytest.mark.parametrize("method, path, url, status", ANSWERS)
def test_an_answer_is_as_documented(lab, document, method, path, url, status):
    answer = lab.ask(url, method)
    assert answer.status == status, answer.text
    document.operation(method, path).check(answer)


def test_a_post_mortem_is_as_documented(lab, document):
    paused = lab.pause()
    paused.kill(signal.SIGKILL)
    answer = paused.future.result()
    assert answer.status == 502
    document.operation("GET", "/").check(answer)
    event = lab.ask(answer.json["instance"] + "?format=json")
    assert event.status == 200
    document.operation("GET", "/events/{id}").check(event)


def test_a_token_is_asked_for_only_where_one_is_set(new_lab, document):
    assert "securitySchemes" not in document.tree["components"]
    assert not document.operation("GET", "/hold").response(401)
    one = new_lab(token="secret").start()
    guarded = document_of(one)
    hold = guarded.operation("GET", "/hold")
    assert hold.row["security"] == [{"bearer": []}]
    answer = one.ask("/hold?size=1M&format=json")
    assert answer.status == 401
    hold.check(answer)
    assert "security" not in guarded.operation("GET", "/status").row
    scheme = guarded.tree["components"]["securitySchemes"]["bearer"]
    assert scheme == {"type": "http", "scheme": "bearer"}
