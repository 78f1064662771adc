# SPDX-License-Identifier: MIT
"""docker-compose.yml on a real engine, asked through the published port.

An Engine is what tests/container/engine found or started; a Stack is one
project of compose on it, with a name and a port of its own. What the kernel
says of a container is read from the host, never by a command run inside: that
would be charged to the very cgroup under test. So the engine must run here.
"""
import concurrent.futures
import datetime
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile

import pytest

import processes
from client import ASK_S, Answer
from lab import ROOT, Lab, free_port
from memory_cgroup import MemoryCgroup
from processes import wait_until

BASE = "debian:bookworm-slim"
IMAGES = ("oomlab", "oomlab-nginx")
SERVICES = ("load", "nginx", "watch")
LIMIT_BYTES = {"load": 2 << 30, "watch": 128 << 20, "nginx": 0}  # 0: none
ENGINE_S = BUILD_S = 900  # debootstrap and apt over a slow line
COMMAND_S = 120
READY_S = 60

# Debian's own client, if it is there: it speaks this engine's version.
DOCKER = "/usr/bin/docker" if os.path.exists("/usr/bin/docker") else "docker"


def run(words, env=None, seconds=COMMAND_S):
    """Its standard output; AssertionError with all it said on failure."""
    done = subprocess.run(words, env=env, cwd=ROOT, timeout=seconds,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, \
        f"{' '.join(words)}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def compose_commands():
    """docker-compose, as 1.29 is called, and the plugin; those there are."""
    found = [["docker-compose"]] if shutil.which("docker-compose") else []
    plugin = subprocess.run([DOCKER, "compose", "version"], check=False,
                            capture_output=True)
    return found + ([[DOCKER, "compose"]] if plugin.returncode == 0 else [])


class Engine:
    """OOMLAB_ENGINE_DIR is a directory for a private engine that is kept, its
    images with it; else there is a new one each time."""

    def __init__(self):
        self.kept = os.environ.get("OOMLAB_ENGINE_DIR")
        self.directory = self.kept or tempfile.mkdtemp(
            prefix="oomlab-engine-", dir="/var/tmp")
        self.host, self.had = None, set()

    def start(self):
        done = subprocess.run(
            [f"{ROOT}/tests/container/engine", "start", self.directory],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=ENGINE_S, check=False)
        if done.returncode:
            pytest.skip((done.stderr.strip() or "engine failed")
                        .splitlines()[-1])
        self.host = done.stdout.strip().partition("=")[2]
        self.had = {image for image in IMAGES if self.tags(image)}
        return self

    def docker(self, *words):
        return run([DOCKER, "-H", self.host, *words]).strip()

    def tags(self, image):
        return self.docker("images", "-q", image)

    def stop(self):
        """Somebody else's engine keeps the images that it had."""
        private = self.host == f"unix://{self.directory}/docker.sock"
        try:
            if self.host and not private:
                for image in set(IMAGES) - self.had:
                    if self.tags(image):
                        self.docker("rmi", image)
        finally:
            run([f"{ROOT}/tests/container/engine", "stop", self.directory])
            if not self.kept:
                shutil.rmtree(self.directory)


class Stack:
    """settings are OOMLAB_* in small letters: Stack(engine, limit="512m");
    files are compose files laid over docker-compose.yml."""

    numbers = itertools.count(1)

    def __init__(self, engine, files=(), **settings):
        self.engine = engine
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.project = f"oomlab-test-{os.getpid()}-{next(self.numbers)}"
        self.command = compose_commands()[0] + [
            word for file in ("docker-compose.yml", *files) if files
            for word in ("-f", file)]
        self.env = environment(
            DOCKER_HOST=engine.host, COMPOSE_PROJECT_NAME=self.project,
            **{"OOMLAB_" + key.upper(): value for key, value in
               {"port": str(self.port), **settings}.items()})
        self.pool = concurrent.futures.ThreadPoolExecutor(128)
        self.events = self.log = None

    # Asked like a lab.
    ask, later, json = Lab.ask, Lab.later, Lab.json
    status, storm = Lab.status, Lab.storm

    # ---- its life

    def compose(self, *words, seconds=COMMAND_S):
        return run([*self.command, *words], self.env, seconds)

    def up(self):
        Lab.running.append(self)
        self.watch_events()
        self.compose("up", "-d", "--build", seconds=BUILD_S)
        wait_until(lambda: self.serves("/readyz"), READY_S, "/readyz", 0.05)
        return self

    def watch_events(self):
        """All along: the engine keeps the last 256, soon a storm's kills."""
        # pylint: disable-next=consider-using-with
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")
        # pylint: disable-next=consider-using-with
        self.events = subprocess.Popen(
            [DOCKER, "-H", self.engine.host, "events", "--filter",
             "event=exec_start", "--format", "{{.ID}}"],
            stdin=subprocess.DEVNULL, stdout=self.log)

    def executed(self, service):
        """How often a command was run inside, a health check for one."""
        self.log.seek(0)
        return self.log.read().split().count(self.inspect(service)["Id"])

    def close(self):
        try:
            self.compose("down", "-v", "--remove-orphans")
        finally:
            self.pool.shutdown(wait=False)
            if self.events:
                self.events.kill()
                self.events.wait()
                self.log.close()
            if self in Lab.running:
                Lab.running.remove(self)

    def said(self):
        """What all three have logged. Shown beside a failure: never fails."""
        try:
            return self.compose("logs", "--no-color")
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return str(error)

    def listed(self, *words):
        """What the engine has of this project: listed("volume", "ls")."""
        return self.engine.docker(
            *words, "-q", "--filter",
            f"label=com.docker.compose.project={self.project}").split()

    # ---- its containers

    def inspect(self, service):
        found = self.listed("ps", "-a", "--filter",
                            f"label=com.docker.compose.service={service}")
        assert len(found) == 1, f"containers of {service}: {found}"
        return json.loads(self.engine.docker("inspect", found[0]))[0]

    def pid(self, service):
        """Of its process 1, here."""
        about = self.inspect(service)
        pid = about["State"]["Pid"]
        assert pid, f"{service} does not run"
        if not os.path.exists(f"/proc/{pid}") or \
                about["Id"] not in processes.read(f"/proc/{pid}/cgroup"):
            pytest.skip("the engine's processes cannot be seen from here")
        return pid

    def life(self, service):
        """What another start changes: (restarts, started at)."""
        about = self.inspect(service)
        return about["RestartCount"], about["State"]["StartedAt"]

    def lives(self):
        return {service: self.life(service) for service in SERVICES}

    def started_at(self, service):
        """Seconds of the epoch; the engine writes up to nine decimals."""
        started = self.life(service)[1].rstrip("Z")[:26]
        return datetime.datetime.fromisoformat(f"{started}+00:00").timestamp()

    def oom_kills(self, service):
        """The kernel's count for its cgroup, v1 or v2, seen from outside."""
        return MemoryCgroup.of(self.pid(service)).oom_kills()

    def kill(self, service):
        """A crash, which docker kill is not: SIGKILL from the host."""
        pid = self.pid(service)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: processes.state(pid) in ("Z", ""), 10, "its end")

    # ---- asking

    def serves(self, path):
        try:
            return self.ask(path).status == 200
        except OSError:
            return False

    def health(self):
        """Always an Answer; of status 0 if there was none."""
        try:
            return self.ask("/healthz")
        except OSError as error:
            return Answer(0, {}, str(error).encode(), ASK_S)

    def event_ids(self):
        return {event["id"] for event in self.json("/events?limit=1000")["events"]}

    def pause(self, path):
        """(pid, future) of a request whose worker was stopped under way."""
        future = self.later(path)
        master = self.pid("load")
        pid = wait_until(
            lambda: next((child for child in processes.children(master)
                          if processes.name(child).startswith("oom:")), 0),
            READY_S, "a worker at work", 0.0002)
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: processes.state(pid) == "T", 5, "its standstill")
        return pid, future


def environment(**more):
    """This process's, without what would change the file's meaning."""
    return {**{key: value for key, value in os.environ.items()
               if not key.startswith(("OOMLAB_", "COMPOSE_"))},
            **more}
