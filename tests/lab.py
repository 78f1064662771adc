# SPDX-License-Identifier: MIT
"""The real thing, started as make run starts it, and asked from outside.

A Lab is one deploy/run with directories and a port of its own. It is asked
through nginx, watched through /proc and its cgroup, and when it is stopped it
must leave nothing behind: that is checked each time, by every test's fixture.
Nothing here waits by the clock; what is waited for is a condition.
"""
import contextlib
import concurrent.futures
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import processes
from client import ASK_S, Answer, Storm
from memory_cgroup import MemoryCgroup
from processes import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START_S = 60  # for everything to be ready, on a loaded machine
STOP_S = 30   # load may drain for 10
READY = (":{port}/ is ready", "^oomlab: .*limit")
VALGRIND = "memcheck-amd64-"  # what it calls the process that it runs
GROWN_BYTES = 16 << 20  # more than any idle worker has

# Runs its last arguments in a cgroup of the test's, if one is given.
IN_CGROUP = 'ulimit -c 0; test -z "$1" || echo $$ >"$1/cgroup.procs"; ' \
    'shift; exec "$@"'

class Paused:
    """A request whose worker stands still in mid-growth."""

    def __init__(self, pid, future):
        self.pid, self.future = pid, future

    def go_on(self):
        # Gone, if its minute was up: then the master has ended it.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    def kill(self, number):
        """A signal that is not SIGKILL is taken once the process runs."""
        os.kill(self.pid, number)
        if number != signal.SIGKILL:
            self.go_on()


class Lab:
    """settings are OOMLAB_* in small letters: Lab(limit="512M", max=4);
    before is for the shell that starts it: Lab(before="ulimit -n 64")."""

    running = []

    def __init__(self, cgroup=None, before=":", **settings):
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.base = tempfile.mkdtemp(prefix="oomlab-test-", dir=parent)
        os.chmod(self.base, 0o755)
        self.log = f"{self.base}/log"
        self.outer, self.before = cgroup, before
        self.settings = {
            "run": f"{self.base}/run", "state": f"{self.base}/state",
            "scratch": f"{self.base}/scratch", "port": free_port(),
            **settings}
        self.port = self.settings["port"]
        self.run = self.settings["run"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self.cgroup = None
        self.earlier = 0
        self.pool = concurrent.futures.ThreadPoolExecutor(128)
        self.born = set()

    # ---- its life

    def environment(self):
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith("OOMLAB_") or key == "OOMLAB_USER"}
        binary = os.environ.get("OOMLAB_BINARY")
        if binary:
            kept["OOMLAB_BINARY"] = binary
        for key, value in self.settings.items():
            kept["OOMLAB_" + key.upper()] = str(value)
        return kept

    def launch(self):
        """Starts deploy/run and returns at once."""
        Lab.running.append(self)
        cgroup = self.outer.directory if self.outer else ""
        self.earlier += len(self.said())
        with open(self.log, "ab") as log:
            # pylint: disable-next=consider-using-with
            self.process = subprocess.Popen(
                ["bash", "-c", f"{self.before}; {IN_CGROUP}", "lab", cgroup,
                 f"{ROOT}/deploy/run"],
                env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)

    def start(self):
        """Until the URL and the limit are told."""
        self.launch()
        for line in READY:
            self.await_line(line.format(port=self.port))
        self.cgroup = MemoryCgroup.of(self.pid("load"))
        return self

    def await_line(self, pattern):
        wait_until(lambda: re.search(pattern, self.said(), re.M) or
                   self.process.poll() is not None, START_S,
                   lambda: f"/{pattern}/; its log:\n{self.said()}", 0.005)
        assert self.process.poll() is None, self.said()

    def said(self):
        """Since the last start."""
        try:
            return processes.read(self.log)[self.earlier:]
        except OSError:
            return ""

    def remember(self):
        """Whom a stop must not leave behind: all that are there now."""
        for pid in processes.descendants(self.process.pid):
            self.born.add(processes.identity(pid))
        self.born.discard(None)

    def stop(self, number=signal.SIGTERM):
        """Ends it by a signal to deploy/run; nothing may be left."""
        self.remember()
        self.process.send_signal(number)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        assert status == 0, f"exit status {status}:\n{self.said()}"
        self.check_nothing_left()
        self.forget()

    def forget(self):
        """It has ended, and may be started again on the same directories."""
        self.process = None
        Lab.running.remove(self)

    def close(self):
        try:
            if self.process:
                self.stop()
        finally:
            self.pool.shutdown(wait=False)
            shutil.rmtree(self.base)

    def survivors(self):
        """A zombie is its parent's matter, who is not ours."""
        return [(pid, processes.arguments(pid)) for pid, _ in self.born
                if processes.identity(pid) in self.born and
                processes.state(pid) != "Z"]

    def check_nothing_left(self):
        wait_until(lambda: not self.survivors(), 1,
                   lambda: f"no process left, but {self.survivors()}", 0.01)
        assert not os.path.exists(self.run) or not os.listdir(self.run), \
            f"files left in {self.run}: {os.listdir(self.run)}"
        if self.cgroup and f"oomlab-{self.port}" in self.cgroup.directory:
            assert not self.cgroup.exists(), f"{self.cgroup.directory} left"
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", self.port)) != 0, \
                "somebody still listens"

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    # ---- its processes

    def pid(self, service):
        """Of load's master, watch or nginx's master; waits for a restart."""
        def find():
            for child in processes.children(self.process.pid):
                words = processes.arguments(child)
                if processes.name(child) == "nginx" == service or \
                        words[-1:] == [service] and \
                        processes.name(child) in ("oomlab", VALGRIND):
                    return child
            return None
        return wait_until(find, START_S, f"a process of {service}")

    def workers(self):
        return processes.children(self.pid("load"))

    def growing(self):
        """Workers with a load under way, by the names they give themselves;
        those that stand still are left out."""
        return [pid for pid in self.workers()
                if processes.name(pid).startswith("oom:") and
                processes.state(pid) not in ("T", "Z", "")]

    # ---- asking

    def ask(self, path, method="GET", headers=None, body=None):
        begun = time.monotonic()
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=ASK_S)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers,
                          response.read(), time.monotonic() - begun)
        finally:
            connection.close()

    def later(self, path, headers=None):
        """A future of ask()."""
        return self.pool.submit(self.ask, path, headers=headers)

    def json(self, path):
        answer = self.ask(path, headers={"Accept": "application/json"})
        assert answer.status == 200, answer.text
        return answer.json

    def status(self):
        return self.json("/status")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def raw(self, data):
        """An answer to these very bytes."""
        with self.connect() as end:
            end.sendall(data)
            response = http.client.HTTPResponse(end)
            response.begin()
            return Answer(response.status, response.headers, response.read())

    def storm(self, count, path="/"):
        return Storm(self.url + path, count)

    def stop_growing(self, ended):
        """Stops a worker in mid-growth: its pid, or None once ended()."""
        while pids := wait_until(lambda: self.growing() or ended() and [None],
                                 ASK_S, "a growing worker", 0.0002):
            if pids[0] is None:
                return None
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[0], signal.SIGSTOP)
            wait_until(lambda: processes.state(pids[0]) in ("T", ""), 5,
                       "a stopped worker")
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if processes.rss_bytes(pids[0]) > GROWN_BYTES and \
                        self.worker(pids[0])["state"] == "growing":
                    return pids[0]
                os.kill(pids[0], signal.SIGCONT)  # not yet, or not any more

    def pause(self, path="/?rows=500000", tries=20):
        """Asks for path and stops its worker while it grows."""
        for _ in range(tries):
            future = self.later(path, {"Accept": "application/json"})
            pid = self.stop_growing(future.done)
            if pid:
                return Paused(pid, future)
            future.result()
        raise AssertionError(f"no worker was caught in growth, {tries} times")

    def worker(self, pid):
        """As /status shows it."""
        for worker in self.status()["workers"]:
            if worker["pid"] == pid:
                return worker
        raise AssertionError(f"/status has no worker {pid}")

    # ---- its appetite

    def appetite(self):
        """RSS, descriptors and zombies of master and watch. What the master
        keeps for each worker, files of its /proc, is left out."""
        found = {}
        for service in ("load", "watch"):
            pid = self.pid(service)
            found[service] = {
                "rss_bytes": processes.rss_bytes(pid),
                "descriptors": len([
                    to for to in processes.descriptors(pid)
                    if not re.match(r"pipe:|/proc/\d+/", to)]),
                "zombies": len(processes.zombies(pid))}
        return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
