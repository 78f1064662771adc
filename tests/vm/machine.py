# SPDX-License-Identifier: MIT
"""Runs commands in the virtual machine of ./vm and keeps its figures."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
VM = f"{HERE}/vm"
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("BUILD", "build")
DIRECTORY = os.path.join(ROOT, BUILD, "vm")
TIMEOUT_S = 300  # of one run: emulated, on a machine that has other work


def missing():
    """Debian packages without which there is no machine."""
    return subprocess.run([VM, "missing"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.split()


def run(*command, timeout=TIMEOUT_S, **options):
    """Boots, runs, powers off. options are vm's: swap="64M"."""
    words = [VM, "run", DIRECTORY, "--timeout", str(timeout)]
    for option, value in options.items():
        words += [f"--{option}", value]
    return subprocess.run(words + ["--", *command], text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def figures():
    """Of the last run: {"boot_seconds": 5.1, ...}."""
    with open(f"{DIRECTORY}/figures", encoding="ascii") as file:
        return {name: float(value) for name, value in
                (line.split("=") for line in file)}
