# SPDX-License-Identifier: MIT
"""What /memory tells, as tests look at it; and a database filled with it."""
import datetime
import os
import sqlite3
import time


def at(text):
    """Seconds since 1970 of an RFC 3339 time."""
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def iso(seconds):
    """The other way."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def samples(lab, query=""):
    return lab.json(f"/memory?{query}")["samples"]


def kills(found):
    """Every kill of a list of samples, with the samples' times around it:
    [(kill, before, behind)], before None at the list's beginning."""
    times = [at(one["at"]) for one in found]
    return [(kill, times[i - 1] if i else None, times[i])
            for i, one in enumerate(found) for kill in one["kills"]]


def check_marks(found, ids):
    """Each of these kills is there once, with a sample at most 1 s before it
    and the next one behind it."""
    marked = kills(found)
    assert sorted(kill["id"] for kill, _, _ in marked) == sorted(ids)
    times = [at(one["at"]) for one in found]
    for kill, _, behind in marked:
        died = at(kill["at"])
        before = [one for one in times if one <= died]
        assert before and died - before[-1] <= 1.0, (kill, before[-1:])
        assert behind >= died, kill


def fill(lab, hours):
    """A second's sample for each second of so many hours, as if the watch had
    taken them: copies of the smallest, for a lab that was just warmed up has a
    hundred workers."""
    path = f"{lab.settings['state']}/oomlab.db"
    with sqlite3.connect(path, timeout=10) as db:
        usage, available, record = db.execute(
            "SELECT usage_bytes, available_bytes, record FROM samples"
            " WHERE usage_bytes IS NOT NULL ORDER BY length(record) LIMIT 1"
        ).fetchone()
        first = db.execute("SELECT min(at_ms) FROM samples").fetchone()[0]
        now = int(time.time() * 1000)
        db.executemany(
            "INSERT OR IGNORE INTO samples VALUES (?,?,?,?)",
            ((when, usage, available, record) for when in
             range(now - hours * 3600 * 1000, first, 1000)))
    db.close()
    return os.path.getsize(path)
