# SPDX-License-Identifier: MIT
"""A process's memory cgroup, v1 or v2, found and read without oomlab's help.

The kernel's own counters are what oomlab's answers are held against, so
nothing here shares code with it. Sources: cgroups(7), the kernel's
admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.
"""
import os
import re

import processes

# What a counter is called: (v1 file, line), (v2 file, line).
COUNTERS = {
    "oom_kill": (("memory.oom_control", "oom_kill"),
                 ("memory.events", "oom_kill")),
    "usage_bytes": (("memory.usage_in_bytes", None),
                    ("memory.current", None)),
    "anon": (("memory.stat", "rss"), ("memory.stat", "anon")),
    "file": (("memory.stat", "cache"), ("memory.stat", "file")),
    "shmem": (("memory.stat", "shmem"), ("memory.stat", "shmem")),
    "unevictable": (("memory.stat", "unevictable"),
                    ("memory.stat", "unevictable")),
    "kernel": (("memory.kmem.usage_in_bytes", None),
               ("memory.stat", "kernel")),
}
LIMITS = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), \
    ("memory.max",)


def mount(version):
    """(mount point, cgroup at it) of the memory hierarchy, or None."""
    for line in processes.read("/proc/self/mountinfo").splitlines():
        head, _, tail = line.partition(" - ")
        kind, _, options = tail.split(" ", 2)
        if version == 1 and kind == "cgroup" and \
                "memory" in options.split(","):
            return head.split()[4], head.split()[3]
        if version == 2 and kind == "cgroup2":
            return head.split()[4], head.split()[3]
    return None


def path_of(pid):
    """(version, path as /proc/PID/cgroup names it), or (0, None)."""
    text = processes.read(f"/proc/{pid}/cgroup")
    found = re.search(r"^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$", text, re.M)
    if found and mount(1):
        return 1, found.group(1)
    found = re.search(r"^0::(.*)$", text, re.M)
    return (2, found.group(1)) if found and mount(2) else (0, None)


class MemoryCgroup:
    def __init__(self, version, directory):
        self.version = version
        self.directory = directory

    @classmethod
    def of(cls, pid):
        """That of a process, or None where none can be seen."""
        version, path = path_of(pid)
        if not version:
            return None
        point, root = mount(version)
        if root != "/" and path.startswith(root):
            path = path[len(root):]
        directory = point + path.rstrip("/")
        return cls(version, directory) if os.path.isdir(directory) else None

    @classmethod
    def make(cls, label, limit_bytes):
        """A new one below this process's own, on v2 below the nearest
        ancestor that hands memory down; OSError when it may not be."""
        own = cls.of("self")
        if own is None:
            raise OSError("kernel: no memory cgroup can be seen")
        parent = own.directory
        while own.version == 2 and "memory" not in processes.read(
                f"{parent}/cgroup.subtree_control").split():
            if parent == mount(2)[0]:
                raise OSError("kernel: nothing hands the memory "
                              "controller down")
            parent = os.path.dirname(parent)
        made = cls(own.version, f"{parent}/{label}")
        os.mkdir(made.directory)
        for file in LIMITS[own.version - 1]:
            if os.path.exists(f"{made.directory}/{file}"):
                made.write(file, limit_bytes)
        return made

    def leaf(self, label):
        """A new one below this one, without a limit of its own."""
        if self.version == 2:
            self.write("cgroup.subtree_control", "+memory")
        made = MemoryCgroup(self.version, f"{self.directory}/{label}")
        os.mkdir(made.directory)
        return made

    def write(self, file, value):
        with open(f"{self.directory}/{file}", "w", encoding="ascii") as out:
            out.write(str(value))

    def counter(self, label):
        file, line = COUNTERS[label][self.version - 1]
        text = processes.read(f"{self.directory}/{file}")
        if line is None:
            return int(text)
        return int(re.search(rf"^{line} (\d+)$", text, re.M).group(1))

    def oom_kills(self):
        return self.counter("oom_kill")

    def usage_bytes(self):
        return self.counter("usage_bytes")

    def exists(self):
        return os.path.isdir(self.directory)

    def remove(self):
        os.rmdir(self.directory)


def why_none():
    """Why a test can make no memory cgroup here, or None."""
    if os.geteuid() != 0:
        return "only root can make a memory cgroup"
    try:
        MemoryCgroup.make(f"oomlab-try-{os.getpid()}", 64 << 20).remove()
    except OSError as error:
        return str(error)
    return None
