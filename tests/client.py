# SPDX-License-Identifier: MIT
"""Those who ask: one answer, a storm of curl, somebody who asks again and
again."""
import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time

ASK_S = 120  # no answer is worth a longer wait

# What to accept for a format, and of what type answers and problems are then.
ACCEPT = {"html": "text/html", "json": "application/json",
          "text": "text/plain"}
TYPE = ACCEPT
PROBLEM = {"html": "text/html", "json": "application/problem+json",
           "text": "text/plain"}

STORM = 'for ((i = 0; i < $2; i++)); do curl -s --max-time 120 ' \
    '-D "$1/$i.head" -o "$1/$i.body" -H "Accept: application/json" "$3" & ' \
    'done; wait'


class Answer:
    def __init__(self, status, headers, body, seconds=None):
        self.status = status
        self.headers = headers
        self.body = body
        self.seconds = seconds

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.headers.get("Content-Type", "").split(";")[0]

    @property
    def id(self):
        return self.headers.get("X-Request-Id")


class Storm:
    """Many curl at once, as the README's loop starts them."""

    def __init__(self, url, count):
        self.count = count
        self.directory = tempfile.mkdtemp(prefix="oomlab-storm-")
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            ["bash", "-c", STORM, "storm", self.directory, str(count), url])

    def wait(self):
        """The answers, None for each client that read none."""
        try:
            self.process.wait(ASK_S + 30)
            return [self.answer(i) for i in range(self.count)]
        finally:
            self.process.kill()
            shutil.rmtree(self.directory)

    def answer(self, i):
        try:
            with open(f"{self.directory}/{i}.head", "rb") as file:
                status = file.readline().split()
                headers = http.client.parse_headers(file)
            with open(f"{self.directory}/{i}.body", "rb") as file:
                return Answer(int(status[1]), headers, file.read())
        except (OSError, IndexError):
            return None


class Repeated(threading.Thread):
    """Calls a function every so often until the with ends; what it returned
    is in .seen."""

    def __init__(self, function, every_s):
        super().__init__(daemon=True)
        self.function, self.every_s = function, every_s
        self.ending = threading.Event()
        self.seen = []

    def run(self):
        while not self.ending.is_set():
            begun = time.monotonic()
            self.seen.append(self.function())
            self.ending.wait(begun + self.every_s - time.monotonic())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()
