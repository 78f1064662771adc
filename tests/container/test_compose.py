# SPDX-License-Identifier: MIT
"""docker-compose.yml: what it says, and what the engine makes of it. The storm
and the kills are test_compose_kills.py's.

Settings: OOMLAB_COMPOSE_SCHEMA, compose's own schema of its files.
"""
import json
import os
import re
import time

import pytest

import processes
from lab import ROOT
from processes import wait_until
from stack import LIMIT_BYTES, SERVICES, environment, run

SCHEMA = os.environ.get("OOMLAB_COMPOSE_SCHEMA",
                        f"{ROOT}/../shared/data/compose-spec.json")
SMALL_BYTES = 512 << 20
HEALTHY_S = 60
GRACE_S = 20  # what a service has to stop in
CONTAINERS_OWN = ("RUN", "STATE", "SCRATCH")  # where volumes are mounted
HOLD = "/hold?size=2M&for=10m&format=json"


# ---- the file

def test_the_file_passes_the_compose_schema():
    if not os.path.exists(SCHEMA):
        pytest.skip(f"no {SCHEMA}, OOMLAB_COMPOSE_SCHEMA can name another")
    import jsonschema
    import yaml
    with open(f"{ROOT}/docker-compose.yml", encoding="utf-8") as file:
        composed = yaml.safe_load(file)
    with open(SCHEMA, encoding="utf-8") as file:
        jsonschema.Draft7Validator(json.load(file)).validate(composed)
    assert set(composed["services"]) == set(SERVICES)


def test_every_compose_here_can_read_the_file(commands, tell):
    for command in commands:
        run([*command, "config", "-q"], environment())
    tell("read by", [run([*command, "version", "--short"]).strip()
                     for command in commands])


def test_every_setting_is_passed_through(commands, tell):
    import yaml
    with open(f"{ROOT}/docs/API.md", encoding="utf-8") as file:
        names = re.findall(r"^\| `OOMLAB_(\w+)` \|", file.read(), re.M)
    given = {name: f"x-{name.lower()}" for name in names}
    given.update(PORT="5050", LIMIT="640m")
    settings = environment(**{"OOMLAB_" + name: value
                              for name, value in given.items()})
    for command in commands:
        services = yaml.safe_load(run([*command, "config"],
                                      settings))["services"]
        for service in ("load", "watch"):
            got = services[service]["environment"]
            assert set(got) == {"OOMLAB_" + name for name in names}
            for name in set(names) - set(CONTAINERS_OWN):
                assert got["OOMLAB_" + name] == given[name]
        assert services["nginx"]["environment"]["OOMLAB_HOSTS"] == \
            given["HOSTS"]
    tell("settings", len(names))
    assert len(names) >= 13


# ---- up

def test_the_page_shows_through_the_published_port(stack):
    answer = stack.ask("/")
    assert answer.status == 200
    assert "<title>Memory Usage Example</title>" in answer.text
    shown = re.search(r"<h1>Current Memory Usage: (\d+\.\d+) MB</h1>",
                      answer.text)
    assert float(shown.group(1)) == pytest.approx(880, rel=0.02)


def test_the_port_is_published_on_loopback_alone(stack):
    for service in SERVICES:
        bound = stack.inspect(service)["HostConfig"]["PortBindings"]
        assert bound == ({} if service != "nginx" else {"5000/tcp": [
            {"HostIp": "127.0.0.1", "HostPort": str(stack.port)}]})


def test_nginx_and_watch_become_healthy(stack, tell):
    begun = time.monotonic()
    for service in ("nginx", "watch"):
        wait_until(lambda: stack.inspect(service)["State"]["Health"]["Status"]
                   == "healthy", HEALTHY_S, f"a healthy {service}", 0.2)
    tell("healthy within, s", round(time.monotonic() - begun, 1))


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_may_do_nothing_it_need_not(stack, service):
    about = stack.inspect(service)
    host, config = about["HostConfig"], about["Config"]
    assert config["User"].split(":")[0] not in ("", "0", "root")
    assert host["ReadonlyRootfs"] and not host["Privileged"]
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    status = processes.read(f"/proc/{stack.pid(service)}/status")
    assert re.search(r"^Uid:(\t[1-9]\d*){4}$", status, re.M)
    assert re.findall(r"^Cap(?:Prm|Eff|Bnd):\t0+$", status, re.M)[2:]
    assert re.search(r"^NoNewPrivs:\t1$", status, re.M)


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_has_its_limit_grace_and_restarts(stack, service):
    about = stack.inspect(service)
    host = about["HostConfig"]
    assert (host["Memory"], host["MemorySwap"]) == \
        (LIMIT_BYTES[service],) * 2
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert about["Config"]["StopTimeout"] == GRACE_S


# ---- another limit, and the end

def test_a_limit_from_the_environment_is_shown(small):
    assert small.status()["limits"][0]["bytes"] == SMALL_BYTES
    assert small.inspect("load")["HostConfig"]["Memory"] == SMALL_BYTES


def test_down_answers_what_is_under_way_and_leaves_nothing(small, tell):
    future = small.later(HOLD)
    wait_until(lambda: small.status()["pool"]["busy"] == 1, 10, "a load")
    begun = time.monotonic()
    small.compose("down")
    took = time.monotonic() - begun
    tell("down within, s", round(took, 1))
    assert took < GRACE_S
    assert future.result().json["outcome"] == "released"
    assert not small.listed("ps", "-a") and not small.listed("network", "ls")
    small.compose("down", "-v")
    assert not small.listed("volume", "ls")
