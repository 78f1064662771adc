# SPDX-License-Identifier: MIT
"""Each of the three is killed on purpose: the others stay up, it comes back,
and whoever was under way is told."""
import os
import signal
import socket
import time

import pytest

import processes
from client import ACCEPT, PROBLEM
from processes import wait_until

BACK_S = 30  # 3 s, ten times wider

pytestmark = pytest.mark.unweighed


@pytest.fixture
def lab(new_lab):
    return new_lab().start()


def kill(lab, service):
    """kill -9, and its pid."""
    lab.remember()
    pid = lab.pid(service)
    os.kill(pid, signal.SIGKILL)
    lab.killed_at = time.monotonic()
    wait_until(lambda: processes.state(pid) in ("Z", ""), 5, "its end")
    return pid


def back(lab, service, was, path="/?rows=0"):
    """Until another process serves path again; the seconds since the kill."""
    def served():
        try:
            return lab.ask(path).status == 200
        except OSError:
            return False
    wait_until(lambda: lab.pid(service) != was and served(), BACK_S,
               f"{path} served again", 0.02)
    return round(time.monotonic() - lab.killed_at, 2)


def test_when_the_master_is_killed_each_client_reads_load_gone(lab, tell):
    paused = [lab.pause("/?rows=400000") for _ in range(4)]
    was = kill(lab, "load")
    for one in paused:
        answer = one.future.result(10)
        assert answer.status == 502
        assert answer.json["verdict"] == "load-gone"
        assert answer.json["id"] == answer.id
        assert answer.json["resident_bytes"] > 0
        assert lab.ask(f"/events/{answer.id}").status == 200
    tell("served again after, s", back(lab, "load", was))


@pytest.mark.parametrize("service", ["load", "watch", "nginx"])
def test_who_dies_as_soon_as_it_is_ready_comes_back(new_lab, service):
    lab = new_lab()
    lab.launch()
    lab.await_line(f":{lab.port}/ is ready")
    back(lab, service, kill(lab, service), "/healthz")


def test_workers_die_with_their_master(lab):
    paused = lab.pause()
    workers = lab.workers()
    kill(lab, "load")
    wait_until(lambda: not any(processes.state(pid) not in ("Z", "")
                               for pid in workers), 5, "their end")
    assert paused.future.result().status == 502


def test_while_load_is_down_the_watch_says_so(lab):
    was = kill(lab, "load")
    answer = lab.ask("/readyz?format=json")
    assert answer.status == 503 and "load" in answer.json["detail"]
    assert lab.ask("/healthz").status == 200
    answer = lab.ask("/?rows=0&format=json")
    assert answer.status in (502, 503), answer.text
    assert lab.json("/status")["master"]["alive"] is False
    back(lab, "load", was)
    assert lab.json("/status")["master"]["alive"] is True


def test_a_restart_of_load_is_an_event(lab):
    back(lab, "load", kill(lab, "load"))
    wait_until(lambda: "restart" in {
        event["kind"] for event in lab.json("/events")["events"]}, 5,
        "its event")


def test_a_load_is_not_harmed_by_the_end_of_the_watch(lab, tell):
    paused = lab.pause()
    was = kill(lab, "watch")
    paused.go_on()
    assert paused.future.result().status == 200
    tell("watch back after, s", back(lab, "watch", was, "/status"))


@pytest.mark.parametrize("form", ACCEPT)
def test_without_the_watch_nginx_says_so_by_itself(lab, form):
    was = kill(lab, "watch")
    for path in ("/status", "/healthz", "/nowhere"):
        answer = lab.ask(path, headers={"Accept": ACCEPT[form]})
        assert (answer.status, answer.type) == (503, PROBLEM[form])
        assert int(answer.headers["Retry-After"]) > 0
        assert len(answer.id) == 32
    answer = lab.ask("/status", headers={"Host": "evil.example",
                                         "Accept": ACCEPT[form]})
    assert (answer.status, answer.type) == (421, PROBLEM[form])
    back(lab, "watch", was, "/status")


def test_who_is_killed_while_the_watch_is_down_is_an_event_later(lab):
    paused = lab.pause()
    load = lab.worker(paused.pid)["load"]
    was = kill(lab, "watch")
    paused.kill(signal.SIGKILL)
    assert paused.future.result().status in (502, 503)
    back(lab, "watch", was, f"/events/{load}")
    event = lab.json(f"/events/{load}")
    assert (event["verdict"], event["outcome"]) == ("signal", "killed")


def test_events_outlive_the_watch(lab):
    paused = lab.pause()
    paused.kill(signal.SIGKILL)
    told = paused.future.result().json
    back(lab, "watch", kill(lab, "watch"), told["instance"])
    assert lab.json(told["instance"])["verdict"] == told["verdict"]


def test_nginx_comes_back(lab, tell):
    was = kill(lab, "nginx")
    tell("nginx back after, s", back(lab, "nginx", was, "/healthz"))
    assert lab.ask("/?rows=0").status == 200


def test_a_load_whose_nginx_has_gone_is_given_up(lab):
    paused = lab.pause("/?rows=2000000")
    load = lab.worker(paused.pid)["load"]
    was = kill(lab, "nginx")
    assert paused.future.exception(10)
    paused.go_on()
    back(lab, "nginx", was, f"/events/{load}")
    assert lab.json(f"/events/{load}")["outcome"] == "disconnected"


@pytest.mark.parametrize("number", [
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_as_asked_and_leaves_nothing(lab, number):
    lab.ask("/?rows=1000")
    lab.stop(number)
    assert lab.said().splitlines()[-1] == "oomlab: stopped"


def test_a_load_under_way_is_released_by_a_stop_and_answered(lab):
    paused = lab.pause("/?rows=2000000")
    lab.process.terminate()
    with socket.socket(socket.AF_UNIX) as probe:
        wait_until(lambda: probe.connect_ex(f"{lab.run}/load.sock"), 5,
                   "the end of accepting")
    paused.go_on()
    answer = paused.future.result()
    assert answer.status == 200
    assert answer.json["outcome"] == "released"
    lab.stop()


def test_a_worker_that_does_not_wake_holds_no_stop_up(lab, tell):
    paused = lab.pause()
    begun = time.monotonic()
    lab.stop()
    tell("stopped after, s", round(time.monotonic() - begun, 1))
    try:
        assert paused.future.result().json["outcome"] == "released"
    except OSError:
        pass  # nginx may have been first


def test_after_a_kill_of_all_it_starts_on_what_is_left(lab):
    lab.ask("/?rows=1000")
    lab.remember()
    lab.process.kill()
    lab.process.wait(10)
    wait_until(lambda: not lab.survivors(), 20, "all gone with it", 0.02)
    lab.forget()
    lab.start()
    assert lab.ask("/?rows=0").status == 200
